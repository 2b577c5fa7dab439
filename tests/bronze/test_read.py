"""CSV files as bronze rows. All files are those of one batch, read once for all tests here."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import Row, SparkSession

from movie_lakehouse.bronze.files import Taken, checked_columns, new_files, taken_files
from movie_lakehouse.bronze.read import read_batch
from movie_lakehouse.sources import SourceFile
from support.frames import ARRIVAL

HEADER = b"movieId,title,genres\n"
WILD_NAMES = (
    "a blank.csv",
    "100%25+.csv",
    "part[1].csv",
    "part1.csv",
    "all*.csv",
    "all-of-it.csv",
    "q?.csv",
    "{a,b}.csv",
)
MODIFIED_NS = 1_600_000_000_123_456_789
TEXTS = {
    "quoted.csv": HEADER
    + '1,"American President, The (1995)",Drama\n2,"""Great"" Dictator, The",\n3,Amélie «☃» 東京,Comedy\n'.encode(),
    "unquoted.csv": HEADER + b'1,a"b"c,Drama\n2,back\\slash\\,Drama\n3, blanks ,Drama\n4,"",Drama\n\n   \n',
    "crlf.csv": b"\xef\xbb\xbf" + HEADER.replace(b"\n", b"\r\n") + b"1,Heat (1995),Crime\r\n2,No end of line,War",
    "reordered.csv": b"genres,title,movieId\nDrama,Heat (1995),1\n",
    "extra.csv": b"movieId,title,genres,poster.url\n1,Heat (1995),Crime,http://x\n",
    "torn.csv": HEADER + b'1,"torn quote,Drama\n2,too few\n3,one,too,many\n4,"two\nlines",Drama\n5,whole,Drama\n',
} | {name: HEADER + f'{number},"{name}",x\n'.encode() for number, name in enumerate(WILD_NAMES)}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[SourceFile]:
    """The files of a folder ``movies``, all changed at one time that is not a whole millisecond."""
    folder = tmp_path_factory.mktemp("source") / "movies"
    folder.mkdir()
    for name, text in TEXTS.items():
        (folder / name).write_bytes(text)
        os.utime(folder / name, ns=(MODIFIED_NS, MODIFIED_NS))
    return [source_file(folder / name) for name in TEXTS]


def source_file(path: Path) -> SourceFile:
    status = path.stat()
    modified_at = datetime.fromtimestamp(status.st_mtime, UTC)
    return SourceFile("movies", path, f"movies/{path.name}", status.st_size, modified_at)


@pytest.fixture(scope="module")
def rows(spark: SparkSession, files: list[SourceFile]) -> list[Row]:
    """All rows of the batch."""
    batch = read_batch(spark, {file: checked_columns(file) for file in files}, "b7", ARRIVAL)
    return sorted(batch.collect(), key=lambda row: row["movieId"] or "")


def test_a_relative_folder_with_a_colon_is_read(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "10:30").mkdir()
    (tmp_path / "10:30" / "movies.csv").write_bytes(TEXTS["reordered.csv"])
    monkeypatch.chdir(tmp_path)
    file = source_file(Path("10:30", "movies.csv"))
    assert read_batch(spark, {file: checked_columns(file)}, "b7", ARRIVAL).count() == 1


def of_file(rows: list[Row], name: str, *columns: str) -> list[tuple[Any, ...]]:
    """The rows of a file, by movieId."""
    return [
        tuple(row[column] for column in columns or ("movieId", "title", "genres", "_corrupt_record"))
        for row in rows
        if row["_source_file"] == f"movies/{name}"
    ]


def test_quotes_commas_and_letters_of_any_language_come_as_they_are(rows: list[Row]) -> None:
    assert of_file(rows, "quoted.csv") == [
        ("1", "American President, The (1995)", "Drama", None),
        ("2", '"Great" Dictator, The', None, None),
        ("3", "Amélie «☃» 東京", "Comedy", None),
    ]


def test_quotes_and_backslashes_within_a_value_and_blanks_around_it_are_kept(rows: list[Row]) -> None:
    assert of_file(rows, "unquoted.csv", "movieId", "title") == [
        ("1", 'a"b"c'),
        ("2", "back\\slash\\"),
        ("3", " blanks "),
        ("4", None),
    ]


def test_a_byte_order_mark_and_windows_line_ends_leave_no_trace(rows: list[Row]) -> None:
    assert of_file(rows, "crlf.csv") == [
        ("1", "Heat (1995)", "Crime", None),
        ("2", "No end of line", "War", None),
    ]


def test_columns_go_by_their_names_in_the_files_own_header(rows: list[Row]) -> None:
    assert of_file(rows, "reordered.csv") == [("1", "Heat (1995)", "Drama", None)]


def test_an_extra_column_is_kept_and_null_for_files_without_it(rows: list[Row]) -> None:
    assert of_file(rows, "extra.csv", "movieId", "poster.url") == [("1", "http://x")]
    assert of_file(rows, "reordered.csv", "movieId", "poster.url") == [("1", None)]


def test_a_row_that_does_not_parse_is_kept_whole_as_corrupt_record(rows: list[Row]) -> None:
    assert sorted(str(record) for (record,) in of_file(rows, "torn.csv", "_corrupt_record")) == [
        '1,"torn quote,Drama',
        "2,too few",
        "3,one,too,many",
        '4,"two',
        "None",
        'lines",Drama',
    ]


@pytest.mark.parametrize("name", WILD_NAMES)
def test_a_file_is_read_once_and_known_by_its_name_whatever_characters_are_in_it(rows: list[Row], name: str) -> None:
    assert of_file(rows, name, "title") == [(name,)]


def test_every_row_knows_its_batch_and_the_time_and_size_of_its_file(rows: list[Row], files: list[SourceFile]) -> None:
    sizes = {file.name: file.size for file in files}

    for row in rows:
        assert row["_source_size"] == sizes[row["_source_file"]]
        assert row["_batch_id"] == "b7"
        assert row["_ingested_at"].astimezone(UTC) == ARRIVAL
        assert row["_source_modified_at"].timestamp() == pytest.approx(MODIFIED_NS / 1e9, abs=0.001)


def test_files_that_bronze_holds_are_not_new_whatever_their_names_and_times(
    rows: list[Row], files: list[SourceFile]
) -> None:
    held = [row.asDict() | {"_source_modified_at": row["_source_modified_at"].astimezone(UTC)} for row in rows]

    taken = taken_files(held)

    assert Taken("movies/part[1].csv", 39, datetime.fromtimestamp(1_600_000_000.123, UTC)) in taken
    assert new_files(files, taken) == {}
