from collections.abc import Callable
from datetime import UTC, datetime
from os import utime
from pathlib import Path

import pytest

from movie_lakehouse.bronze.files import Taken, checked_columns, describe_extras, new_files, refuse_changed
from movie_lakehouse.errors import SourceError
from movie_lakehouse.sources import SourceFile

HEADER = "movieId,imdbId,tmdbId"


def links_file(path: Path, text: str = f"{HEADER}\n1,0114709,862\n") -> SourceFile:
    """A file of links, last changed at 2001-09-09 01:46:40."""
    path.write_text(text, encoding="utf-8")
    utime(path, (1_000_000_000, 1_000_000_000))
    return again(path)


def again(path: Path) -> SourceFile:
    """The file as it is found now."""
    status = path.stat()
    return SourceFile("links", path, path.name, status.st_size, datetime.fromtimestamp(status.st_mtime, UTC))


def as_taken(file: SourceFile) -> Taken:
    return Taken(file.name, file.size, file.modified_at)


def test_a_file_that_is_taken_is_not_new(tmp_path: Path) -> None:
    file = links_file(tmp_path / "links.csv")

    assert new_files([file], {as_taken(file)}) == {}


def test_a_file_of_another_size_is_new(tmp_path: Path) -> None:
    taken = {as_taken(links_file(tmp_path / "links.csv"))}
    longer = links_file(tmp_path / "links.csv", f"{HEADER}\n1,0114709,862\n2,0113497,\n")

    assert list(new_files([longer], taken)) == [longer]


def test_a_file_written_again_at_another_time_is_new(tmp_path: Path) -> None:
    file = links_file(tmp_path / "links.csv")
    utime(file.path, (1_000_000_001, 1_000_000_001))

    assert list(new_files([again(file.path)], {as_taken(file)})) == [again(file.path)]


def test_only_the_new_ones_of_several_files_are_given_with_their_headers(tmp_path: Path) -> None:
    old, new = links_file(tmp_path / "1.csv"), links_file(tmp_path / "2.csv", "tmdbId,imdbId,movieId\n862,1,1\n")

    assert new_files([old, new], {as_taken(old)}) == {new: ["tmdbId", "imdbId", "movieId"]}


def test_a_file_without_rows_is_never_new(tmp_path: Path) -> None:
    assert new_files([links_file(tmp_path / "links.csv", f"{HEADER}\n")], set()) == {}


def test_a_new_file_that_lacks_a_column_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"links\.csv has no column 'tmdbId'"):
        new_files([links_file(tmp_path / "links.csv", "movieId,imdbId\n1,2\n")], set())


def test_extra_columns_are_described_by_file(tmp_path: Path) -> None:
    plain = links_file(tmp_path / "1.csv")
    extra = links_file(tmp_path / "2.csv", f"{HEADER},wikidata,note\n1,2,3,Q1,new\n")

    assert describe_extras(new_files([plain, extra], set())) == [
        "2.csv has extra columns, kept in bronze: wikidata, note"
    ]


@pytest.mark.parametrize(
    "column", ["_batch_id", "_Source_File", "_metadata", "two words", "a;b", "a=b", "f(x)", "back`tick", '"a,b"']
)
def test_an_extra_column_that_no_table_can_have_is_refused(tmp_path: Path, column: str) -> None:
    with pytest.raises(SourceError, match=r"links\.csv has the column '.*', which no table can have; rename it"):
        checked_columns(links_file(tmp_path / "links.csv", f"{HEADER},{column}\n"))


def test_a_file_whose_name_spark_cannot_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="colon in its name"):
        checked_columns(links_file(tmp_path / "links 12:30.csv"))


def test_a_colon_and_a_wildcard_in_one_path_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "q[1]:z"
    folder.mkdir()
    with pytest.raises(SourceError, match=r"q\[1\]:z/links\.csv has a colon and one of .*: rename it"):
        checked_columns(links_file(folder / "links.csv"))


def test_a_file_that_goes_while_it_is_looked_at_is_named(tmp_path: Path) -> None:
    file = links_file(tmp_path / "links.csv")
    file.path.unlink()

    with pytest.raises(SourceError, match=r"links\.csv cannot be read: No such file"):
        new_files([file], set())


HARM = {
    "gone": Path.unlink,
    "other-time": lambda path: utime(path, (1, 1)),
    "other-size": lambda path: path.write_text("x"),
}


@pytest.mark.parametrize("harm", HARM.values(), ids=HARM)
def test_a_file_that_changed_since_it_was_found_is_refused(tmp_path: Path, harm: Callable[[Path], object]) -> None:
    file = links_file(tmp_path / "links.csv")
    refuse_changed([file])
    harm(file.path)

    with pytest.raises(SourceError, match=r"links\.csv changed while it was read: nothing was taken"):
        refuse_changed([file])
