"""The MovieLens data sets, downloaded once from GroupLens and kept in a cache folder."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import httpx

from movie_lakehouse.errors import SourceError
from movie_lakehouse.sources.archive import unpack
from movie_lakehouse.sources.fetch import TIMEOUT_SECONDS, discard, fetch, fetch_text, md5_in, md5_of
from movie_lakehouse.sources.folder import TABLES

BASE_URL = "https://files.grouplens.org/datasets/movielens/"
CACHE_VARIABLE = "MOVIE_LAKEHOUSE_CACHE"


@dataclass(frozen=True)
class Archive:
    """A data set as GroupLens publishes it."""

    stem: str
    """Name of the zip file, without the suffix."""
    md5: str | None
    """Of a data set that never changes; of one that does, what GroupLens publishes beside the file counts."""


ARCHIVES = {
    "movielens-small": Archive("ml-latest-small", None),
    "movielens-25m": Archive("ml-25m", "6b51fb2759a8657d3bfcbfc42b592ada"),
    "movielens-32m": Archive("ml-32m", "d472be332d4daa821edc399621853b57"),
}
"""The data sets by the name that people type."""


def cache_folder() -> Path:
    """The folder in MOVIE_LAKEHOUSE_CACHE, else ``movie-lakehouse`` in the user's cache folder.

    Raises:
        SourceError: it is in the home of somebody who has none.
    """
    try:
        if named := os.environ.get(CACHE_VARIABLE):
            return Path(named).expanduser()
        return Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "movie-lakehouse"
    except RuntimeError as error:
        raise SourceError(f"no folder to keep downloads in: {error} Let {CACHE_VARIABLE} name one") from error


def download_movielens(
    archive: Archive, cache: Path, base_url: str = BASE_URL, unpack_below: Path | None = None
) -> Path:
    """The folder that holds the CSV files of the data set, in ``cache`` or as told, downloaded if it is not there yet.

    What is there is taken without asking the network. A download that broke goes on where it stopped, which takes a
    disk in ``cache``: a workspace's volumes let nothing be appended. The checksum is verified before anything is
    unpacked.

    Raises:
        SourceError: the files cannot be had, are not those that GroupLens published, or are not sound.
    """
    folder = (unpack_below or cache) / archive.stem
    if all((folder / f"{table}.csv").is_file() for table in TABLES):
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    part = cache / f"{archive.stem}.zip.part"
    url = f"{base_url.rstrip('/')}/{archive.stem}.zip"
    with _client() as client:
        md5 = archive.md5 or md5_in(fetch_text(client, f"{url}.md5"))
        fetch(client, url, part)
    _verify(part, md5, url)
    shutil.rmtree(folder, ignore_errors=True)  # something has taken files out of it
    unpack(part, folder)
    discard(part)
    return folder


def _client() -> httpx.Client:
    """What asks the network, by the proxy and the certificates that the environment names.

    Raises:
        SourceError: these are none.
    """
    try:
        return httpx.Client(follow_redirects=True, timeout=TIMEOUT_SECONDS)
    except (ImportError, OSError, ValueError, httpx.InvalidURL) as error:
        raise SourceError(f"the settings of proxies or certificates cannot be used: {error}") from error


def _verify(part: Path, md5: str, url: str) -> None:
    found = md5_of(part)
    if found != md5:
        discard(part)
        raise SourceError(f"what came from {url} has MD5 {found}, not {md5}, and was thrown away: try again")
