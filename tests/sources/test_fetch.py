from pathlib import Path

import httpx
import pytest
from file_server import FileServer

from movie_lakehouse.errors import SourceError
from movie_lakehouse.sources.fetch import fetch


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
