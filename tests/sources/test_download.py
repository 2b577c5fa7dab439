import hashlib
from pathlib import Path

import pytest
from file_server import FileServer, serving, zip_of

from movie_lakehouse.errors import SourceError
from movie_lakehouse.sources.download import Archive, cache_folder, download_movielens

FILES = ["links.csv", "movies.csv", "ratings.csv", "tags.csv"]


@pytest.fixture
def data(small_csvs: dict[str, str]) -> bytes:
    """An archive of a megabyte, which takes many reads."""
    return zip_of({f"ml-tiny/{name}": text * (1_000_000 // len(text) // 4) for name, text in small_csvs.items()})


@pytest.fixture
def tiny(data: bytes, server: FileServer) -> Archive:
    """What the server gives, its checksum known beforehand."""
    server.files["ml-tiny.zip"] = data
    return Archive("ml-tiny", hashlib.md5(data, usedforsecurity=False).hexdigest())


def names_in(cache: Path) -> list[str]:
    return sorted(path.name for path in cache.iterdir())


def test_a_data_set_is_downloaded_verified_and_unpacked(tmp_path: Path, server: FileServer, tiny: Archive) -> None:
    folder = download_movielens(tiny, tmp_path / "cache", server.url)

    assert names_in(folder) == FILES
    assert names_in(tmp_path / "cache") == ["ml-tiny"]


def test_a_data_set_can_be_unpacked_elsewhere_than_it_is_downloaded(
    tmp_path: Path, server: FileServer, tiny: Archive
) -> None:
    folder = download_movielens(tiny, tmp_path / "cache", server.url, tmp_path / "volume")

    assert folder == tmp_path / "volume" / "ml-tiny"
    assert names_in(folder) == FILES
    assert names_in(tmp_path / "cache") == []


def test_the_second_time_the_network_is_not_asked(tmp_path: Path, server: FileServer, tiny: Archive) -> None:
    folder = download_movielens(tiny, tmp_path, server.url)
    assert server.requests == [("ml-tiny.zip", None)]

    assert download_movielens(tiny, tmp_path, server.url) == folder
    assert server.requests == [("ml-tiny.zip", None)]


def test_without_a_known_checksum_the_published_one_counts(tmp_path: Path, server: FileServer, tiny: Archive) -> None:
    server.files["ml-tiny.zip.md5"] = f"MD5 (ml-tiny.zip) = {tiny.md5}\n".encode()
    assert names_in(download_movielens(Archive("ml-tiny", None), tmp_path, server.url)) == FILES


def test_what_has_another_checksum_is_thrown_away(tmp_path: Path, server: FileServer, tiny: Archive) -> None:
    server.files["ml-tiny.zip.md5"] = f"{'0' * 32}  ml-tiny.zip\n".encode()
    with pytest.raises(SourceError, match=f"has MD5 {tiny.md5}, not {'0' * 32}"):
        download_movielens(Archive("ml-tiny", None), tmp_path, server.url)
    assert names_in(tmp_path) == []


@pytest.mark.parametrize("lie", [-1_000, 1_000])
def test_a_length_that_is_not_true_never_gives_half_a_data_set(
    tmp_path: Path, server: FileServer, tiny: Archive, lie: int
) -> None:
    """Cut short it has another checksum; waited for in vain, it is known to be whole when asked for the rest."""
    server.lies_about_length = lie
    if lie < 0:
        with pytest.raises(SourceError, match="was thrown away"):
            download_movielens(tiny, tmp_path, server.url)
        assert names_in(tmp_path) == []
    else:
        assert names_in(download_movielens(tiny, tmp_path, server.url)) == FILES


def test_a_published_checksum_that_is_none_is_an_error(tmp_path: Path, server: FileServer, tiny: Archive) -> None:
    server.files["ml-tiny.zip.md5"] = b"<html>moved</html>"
    with pytest.raises(SourceError, match="holds no MD5"):
        download_movielens(Archive("ml-tiny", None), tmp_path, server.url)


def test_a_connection_that_is_cut_goes_on_where_it_stopped(tmp_path: Path, server: FileServer, tiny: Archive) -> None:
    server.cuts = [300_000, 400_000]
    assert names_in(download_movielens(tiny, tmp_path, server.url)) == FILES
    assert [asked for _, asked in server.requests] == [None, "bytes=300000-", "bytes=700000-"]


def test_a_download_that_broke_off_goes_on_in_the_next_call(tmp_path: Path, server: FileServer, tiny: Archive) -> None:
    server.cuts = [300_000, 0]
    with pytest.raises(SourceError, match="after 300,000 bytes, which are kept"):
        download_movielens(tiny, tmp_path, server.url)
    assert not (tmp_path / "ml-tiny").exists()

    assert names_in(download_movielens(tiny, tmp_path, server.url)) == FILES
    assert server.requests[-1] == ("ml-tiny.zip", "bytes=300000-")


def test_a_server_without_ranges_sends_all_again(tmp_path: Path, server: FileServer, tiny: Archive) -> None:
    server.knows_ranges = False
    server.cuts = [300_000]
    assert names_in(download_movielens(tiny, tmp_path, server.url)) == FILES


def test_parts_of_two_versions_are_never_joined(tmp_path: Path, server: FileServer, tiny: Archive, data: bytes) -> None:
    server.files["ml-tiny.zip"], server.etag, server.cuts = b"an older version" * 100_000, '"zero"', [300_000, 0]
    with pytest.raises(SourceError):
        download_movielens(tiny, tmp_path, server.url)

    server.files["ml-tiny.zip"], server.etag = data, '"one"'

    assert names_in(download_movielens(tiny, tmp_path, server.url)) == FILES


def test_without_a_version_a_download_begins_anew(tmp_path: Path, server: FileServer, tiny: Archive) -> None:
    server.etag, server.cuts = None, [300_000]
    assert names_in(download_movielens(tiny, tmp_path, server.url)) == FILES
    assert [asked for _, asked in server.requests] == [None, None]


def test_a_run_that_was_killed_before_unpacking_does_not_download_again(
    tmp_path: Path, server: FileServer, tiny: Archive, data: bytes
) -> None:
    (tmp_path / "ml-tiny.zip.part").write_bytes(data)
    (tmp_path / "ml-tiny.zip.part.version").write_text('"one"')
    (tmp_path / ".ml-tiny.partial").mkdir()
    (tmp_path / ".ml-tiny.partial" / "movies.csv").write_text("half")

    assert names_in(download_movielens(tiny, tmp_path, server.url)) == FILES
    assert server.requests == [("ml-tiny.zip", f"bytes={len(data)}-")]
    assert names_in(tmp_path) == ["ml-tiny"]


def test_a_refusal_is_told_in_one_line(tmp_path: Path, server: FileServer) -> None:
    with pytest.raises(SourceError, match=r"ml-gone\.zip answers 404 Not Found$"):
        download_movielens(Archive("ml-gone", "0" * 32), tmp_path, server.url)


def test_a_checksum_that_is_refused_is_told_in_one_line(tmp_path: Path, server: FileServer) -> None:
    with pytest.raises(SourceError, match=r"^\S+/ml-gone\.zip\.md5 answers 404 Not Found$"):
        download_movielens(Archive("ml-gone", None), tmp_path, server.url)


@pytest.mark.parametrize("lost", [FILES, FILES[1:2]], ids=["all", "one"])
def test_a_data_set_whose_files_somebody_has_deleted_is_downloaded_again(
    tmp_path: Path, server: FileServer, tiny: Archive, lost: list[str]
) -> None:
    folder = download_movielens(tiny, tmp_path, server.url)
    for name in lost:
        (folder / name).unlink()

    assert names_in(download_movielens(tiny, tmp_path, server.url)) == FILES


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("ALL_PROXY", "socks5://127.0.0.1:1080"),
        ("HTTP_PROXY", "ftp://proxy"),
        ("HTTP_PROXY", "http://proxy:port"),
        ("SSL_CERT_FILE", "/none.pem"),
    ],
)
def test_settings_of_the_network_that_are_none_are_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SourceError, match=r"^the settings of proxies or certificates cannot be used: .+$"):
        download_movielens(Archive("ml-tiny", "0" * 32), tmp_path)


def test_a_server_that_is_down_is_told_in_one_line(tmp_path: Path) -> None:
    with serving() as stopped:
        url = stopped.url
    with pytest.raises(SourceError, match=r"ml-tiny\.zip cannot be fetched \(.*refused"):
        download_movielens(Archive("ml-tiny", "0" * 32), tmp_path, url)


@pytest.mark.parametrize("name", ["MOVIE_LAKEHOUSE_CACHE", "XDG_CACHE_HOME"])
def test_the_cache_folder_can_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str) -> None:
    monkeypatch.delenv("MOVIE_LAKEHOUSE_CACHE", raising=False)
    monkeypatch.setenv(name, str(tmp_path))
    assert cache_folder() == (tmp_path if name == "MOVIE_LAKEHOUSE_CACHE" else tmp_path / "movie-lakehouse")


def test_a_cache_folder_in_the_home_of_nobody_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOVIE_LAKEHOUSE_CACHE", "~nobody-of-this-name/cache")
    with pytest.raises(SourceError, match=r"no folder to keep downloads in: .* Let MOVIE_LAKEHOUSE_CACHE name one"):
        cache_folder()
