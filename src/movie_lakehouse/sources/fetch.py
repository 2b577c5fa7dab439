"""Fetches a file over HTTP so that a broken download goes on where it stopped."""

import hashlib
import re
from pathlib import Path

import httpx

from movie_lakehouse.errors import SourceError
from movie_lakehouse.sources.progress import progress

MAX_DOWNLOAD_BYTES = 2 << 30
MAX_TEXT_BYTES = 1 << 16
MAX_ATTEMPTS = 100
TIMEOUT_SECONDS = 30.0


def fetch(client: httpx.Client, url: str, part: Path, max_bytes: int = MAX_DOWNLOAD_BYTES) -> None:
    """Writes what ``url`` gives to ``part``; where ``part`` is there from before, only the rest of it.

    A server that cuts the connection is asked again for as long as each attempt brings something, a hundred times.
    What the server said of the file's version is kept beside ``part``, so that parts of two versions are never joined;
    ``discard`` removes both.

    Raises:
        SourceError: the server cannot be reached, refuses, stops sending, or sends more than ``max_bytes``.
    """
    for attempt in range(1, MAX_ATTEMPTS + 1):
        before = _size(part)
        try:
            _attempt(client, url, part, max_bytes)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            if _size(part) > before and attempt < MAX_ATTEMPTS:
                continue
            kept = f" after {_size(part):,} bytes, which are kept" if _size(part) else ""
            raise SourceError(f"{url} cannot be fetched ({_reason(error)}){kept}") from error
        return


def discard(part: Path) -> None:
    """Removes a download and what is known of its version."""
    part.unlink(missing_ok=True)
    _version_file(part).unlink(missing_ok=True)


def fetch_text(client: httpx.Client, url: str) -> str:
    """A small text, such as a published checksum.

    Raises:
        SourceError: it cannot be had, or has more than ``MAX_TEXT_BYTES``.
    """
    received = b""
    try:
        with client.stream("GET", url, headers={"Accept-Encoding": "identity"}) as response:
            _refuse_unfit(url, response)
            for chunk in response.iter_raw():
                received += chunk
                if len(received) > MAX_TEXT_BYTES:
                    raise SourceError(f"{url} sends more than the {MAX_TEXT_BYTES:,} bytes that are expected")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise SourceError(f"{url} cannot be fetched ({_reason(error)})") from error
    return received.decode(errors="replace")


def md5_in(text: str) -> str:
    """The MD5 in a published checksum file, whichever of the two usual forms it has.

    >>> md5_in("MD5 (ml-latest-small.zip) = 0123456789ABCDEF0123456789ABCDEF")
    '0123456789abcdef0123456789abcdef'
    >>> md5_in("0123456789abcdef0123456789abcdef  ml-25m.zip")
    '0123456789abcdef0123456789abcdef'

    Raises:
        SourceError: the text holds none.
    """
    found = re.search(r"\b[0-9a-fA-F]{32}\b", text)
    if not found:
        raise SourceError("the published checksum file holds no MD5")
    return found[0].lower()


def md5_of(path: Path) -> str:
    """The MD5 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def _attempt(client: httpx.Client, url: str, part: Path, max_bytes: int) -> None:
    headers = {"Accept-Encoding": "identity"} | _resume_headers(part)
    with client.stream("GET", url, headers=headers) as response:
        if response.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE and "Range" in headers:
            # Nothing lies beyond what is there: it is whole, which the checksum will tell.
            return
        _refuse_unfit(url, response)
        done = _size(part) if _goes_on(response, part) else 0
        total = _total(response, done)
        if total and total > max_bytes:
            raise SourceError(f"{url} has {total:,} bytes, more than the {max_bytes:,} that are expected")
        _version_file(part).write_text(_version(response), encoding="utf-8")
        _receive(response, part, done, total, max_bytes)


def _receive(response: httpx.Response, part: Path, done: int, total: int | None, max_bytes: int) -> None:
    what = f"Downloading {response.url.path.rpartition('/')[2]}"
    with part.open("ab" if done else "wb") as file, progress(what, total, "bytes", done) as advance:
        for chunk in response.iter_raw():
            if file.tell() + len(chunk) > max_bytes:
                raise SourceError(f"{response.url} sends more than the {max_bytes:,} bytes that are expected")
            file.write(chunk)
            advance(len(chunk))


def _refuse_unfit(url: str, response: httpx.Response) -> None:
    """Refuse what is no file, and what a redirection out of the encryption that was asked for has led to."""
    if not response.is_success:
        raise SourceError(f"{url} answers {response.status_code} {response.reason_phrase}")
    if url.startswith("https:") and response.url.scheme != "https":
        raise SourceError(f"{url} leads to {response.url}, which is not encrypted: not fetched")


def _resume_headers(part: Path) -> dict[str, str]:
    """Asks for the rest if the file is still the one that was begun, and for all of it otherwise."""
    version = _version_file(part).read_text(encoding="utf-8") if _version_file(part).exists() else ""
    return {"Range": f"bytes={_size(part)}-", "If-Range": version} if version and _size(part) else {}


def _goes_on(response: httpx.Response, part: Path) -> bool:
    """Whether the server sends the rest; one that knows no ranges sends all of it."""
    if response.status_code != httpx.codes.PARTIAL_CONTENT:
        return False
    if not response.headers.get("Content-Range", "").startswith(f"bytes {_size(part)}-"):
        raise SourceError(f"{response.url} sends another part of the file than was asked for")
    return True


def _version(response: httpx.Response) -> str:
    """What If-Range takes: a strong ETag, else the date of the last change; empty where the server gives neither."""
    etag, changed = response.headers.get("ETag", ""), response.headers.get("Last-Modified", "")
    return str(etag if etag.startswith('"') else changed)


def _total(response: httpx.Response, done: int) -> int | None:
    length = response.headers.get("Content-Length", "")
    return done + int(length) if length.isdecimal() else None


def _version_file(part: Path) -> Path:
    return part.with_name(part.name + ".version")


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__
