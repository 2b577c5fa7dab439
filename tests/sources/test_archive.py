import stat
import struct
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from file_server import zip_of

from movie_lakehouse.errors import SourceError
from movie_lakehouse.sources.archive import unpack


@pytest.fixture
def members(small_csvs: dict[str, str]) -> dict[str, str]:
    """What a MovieLens archive holds, by path."""
    return {"ml-tiny/": ""} | {f"ml-tiny/{name}": text for name, text in small_csvs.items()}


def refuse(tmp_path: Path, data: bytes, complaint: str) -> None:
    """Asserts that the archive is refused and nothing is left of it."""
    archive = tmp_path / "ml-tiny.zip"
    archive.write_bytes(data)
    with pytest.raises(SourceError, match=complaint):
        unpack(archive, tmp_path / "ml-tiny")
    assert [path.name for path in tmp_path.iterdir()] == ["ml-tiny.zip"]


def test_the_four_files_are_unpacked_and_no_other(
    tmp_path: Path, members: dict[str, str], small_csvs: dict[str, str]
) -> None:
    archive = tmp_path / "ml-tiny.zip"
    archive.write_bytes(zip_of(members | {"ml-tiny/README.txt": "hello", "ml-tiny/genome-scores.csv": "1"}))

    unpack(archive, tmp_path / "ml-tiny")

    assert {path.name: path.read_text() for path in (tmp_path / "ml-tiny").iterdir()} == small_csvs


@pytest.mark.parametrize(
    "name", ["../movies.csv", "/etc/ratings.csv", "ml-tiny/../../x", "..\\tags.csv", "C:\\tags.csv", "C:tags.csv"]
)
def test_a_path_that_leads_elsewhere_is_refused(tmp_path: Path, members: dict[str, str], name: str) -> None:
    refuse(tmp_path, zip_of(members | {name: "gotcha"}), "leads out of its folder")


def test_a_link_is_refused(tmp_path: Path, members: dict[str, str]) -> None:
    archive = tmp_path / "ml-tiny.zip"
    link = zipfile.ZipInfo("ml-tiny/extra")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr(link, "/etc")
    refuse(tmp_path, archive.read_bytes(), "leads out of its folder")


def test_a_file_that_is_there_twice_is_refused(tmp_path: Path, members: dict[str, str]) -> None:
    refuse(tmp_path, zip_of(members | {"other/movies.csv": "x"}), r"movies\.csv more than once")


def test_a_missing_file_is_named(tmp_path: Path, members: dict[str, str]) -> None:
    refuse(tmp_path, zip_of({path: text for path, text in members.items() if "tags" not in path}), r"no tags\.csv")


def test_more_than_the_bound_is_refused_before_it_is_unpacked(tmp_path: Path, members: dict[str, str]) -> None:
    archive = tmp_path / "ml-tiny.zip"
    archive.write_bytes(zip_of(members))
    with pytest.raises(SourceError, match="more than 100 bytes"):
        unpack(archive, tmp_path / "ml-tiny", max_bytes=100)


@pytest.mark.parametrize("spoil", [lambda data: b"<html>busy</html>", lambda data: data[: len(data) // 2]])
def test_what_is_no_zip_file_is_refused(tmp_path: Path, members: dict[str, str], spoil: object) -> None:
    assert callable(spoil)
    refuse(tmp_path, spoil(zip_of(members)), "not a sound zip file")


def test_a_damaged_member_is_refused(tmp_path: Path, members: dict[str, str]) -> None:
    refuse(tmp_path, zip_of(members).replace(b"Toy Story", b"Toy Glory"), "not a sound zip file")


def test_a_member_that_says_it_is_smaller_than_it_is_gives_no_more_than_it_says(
    tmp_path: Path, members: dict[str, str]
) -> None:
    """What a zip bomb lies about: the size is what is added up before unpacking, and what is read of a member."""
    bomb = BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, text in members.items():
            opened.writestr(name, "0" * 50_000_000 if name.endswith("ratings.csv") else text)
    lying = bomb.getvalue().replace(struct.pack("<I", 50_000_000), struct.pack("<I", 100))
    assert len(lying) < 100_000
    refuse(tmp_path, lying, "not a sound zip file")


@pytest.mark.parametrize("name", ["ml-tiny/CON", "ml-tiny/nul.csv", "ml-tiny/movies.csv.exe", "ml-tiny/.profile"])
def test_names_that_mean_something_to_a_system_are_not_unpacked(
    tmp_path: Path, members: dict[str, str], small_csvs: dict[str, str], name: str
) -> None:
    (tmp_path / "ml-tiny.zip").write_bytes(zip_of(members | {name: "gotcha"}))
    unpack(tmp_path / "ml-tiny.zip", tmp_path / "ml-tiny")
    assert {path.name for path in (tmp_path / "ml-tiny").iterdir()} == set(small_csvs)


def test_a_device_in_the_place_of_a_file_is_unpacked_as_a_plain_file(
    tmp_path: Path, members: dict[str, str], small_csvs: dict[str, str]
) -> None:
    device = zipfile.ZipInfo("ml-tiny/tags.csv")
    device.external_attr = (stat.S_IFCHR | 0o666) << 16
    with zipfile.ZipFile(tmp_path / "ml-tiny.zip", "w") as opened:
        opened.writestr(device, small_csvs["tags.csv"])
        for name, text in members.items():
            if "tags" not in name:
                opened.writestr(name, text)
    unpack(tmp_path / "ml-tiny.zip", tmp_path / "ml-tiny")
    assert (tmp_path / "ml-tiny" / "tags.csv").is_file()


def test_an_encrypted_member_is_refused(tmp_path: Path, members: dict[str, str]) -> None:
    data = bytearray(zip_of(members))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(mark, at + 4)
    refuse(tmp_path, bytes(data), "not a sound zip file")
