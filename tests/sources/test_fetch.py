from pathlib import Path

import httpx
import pytest
from file_server import FileServer

from movie_lakehouse.errors import SourceError
from movie_lakehouse.sources.fetch import MAX_ATTEMPTS, MAX_TEXT_BYTES, fetch, fetch_text


def client_answering(**answer: object) -> httpx.Client:
    return httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(**answer)))  # type: ignore[arg-type]


def test_more_than_the_bound_is_refused_before_it_is_sent(tmp_path: Path, server: FileServer) -> None:
    server.files["big.zip"] = b"x" * 2_000
    with httpx.Client() as client, pytest.raises(SourceError, match="has 2,000 bytes, more than the 1,000"):
        fetch(client, f"{server.url}/big.zip", tmp_path / "big.zip.part", max_bytes=1_000)
    assert not (tmp_path / "big.zip.part").exists()


def test_more_than_the_bound_is_refused_where_the_length_is_not_told(tmp_path: Path) -> None:
    endless = client_answering(status_code=200, content=(b"x" * 100 for _ in range(1_000)))
    with endless, pytest.raises(SourceError, match="sends more than the 1,000 bytes"):
        fetch(endless, "http://local/big.zip", tmp_path / "big.zip.part", max_bytes=1_000)
    assert (tmp_path / "big.zip.part").stat().st_size <= 1_000


def test_another_part_than_was_asked_for_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.zip.part").write_bytes(b"12345")
    (tmp_path / "a.zip.part.version").write_text('"one"')
    confused = client_answering(status_code=206, headers={"Content-Range": "bytes 2-9/10"}, content=b"34567890")
    with confused, pytest.raises(SourceError, match="another part of the file"):
        fetch(confused, "http://local/a.zip", tmp_path / "a.zip.part")
    assert (tmp_path / "a.zip.part").read_bytes() == b"12345"


def test_a_server_that_drips_is_asked_a_bounded_number_of_times(tmp_path: Path, server: FileServer) -> None:
    server.files["drip.zip"], server.cuts = b"x" * 1_000, [1] * 500
    with httpx.Client() as client, pytest.raises(SourceError, match="after 100 bytes, which are kept"):
        fetch(client, f"{server.url}/drip.zip", tmp_path / "drip.zip.part")
    assert len(server.requests) == MAX_ATTEMPTS


def test_a_checksum_file_without_end_is_refused() -> None:
    endless = client_answering(status_code=200, content=(b"x" * 1_000 for _ in range(MAX_TEXT_BYTES)))
    with endless, pytest.raises(SourceError, match="sends more than the 65,536 bytes"):
        fetch_text(endless, "http://local/big.zip.md5")


def test_a_redirection_out_of_encryption_is_refused(tmp_path: Path) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        elsewhere = {"Location": "http://evil.example/a.zip"}
        return httpx.Response(302, headers=elsewhere) if request.url.scheme == "https" else httpx.Response(200)

    with httpx.Client(transport=httpx.MockTransport(answer), follow_redirects=True) as client:
        for asked in (
            lambda: fetch(client, "https://local/a.zip", tmp_path / "part"),
            lambda: fetch_text(client, "https://local/a"),
        ):
            with pytest.raises(SourceError, match=r"leads to http://evil\.example/a\.zip, which is not encrypted"):
                asked()
    assert not (tmp_path / "part").exists()
