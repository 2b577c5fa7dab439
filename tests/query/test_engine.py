"""What a connection to the engine sees, whoever had the engine before."""

from pathlib import Path

import duckdb
import pytest
from deltalake import DeltaTable

from movie_lakehouse.query.engine import View, open_engine
from movie_lakehouse.query.reader import LakehouseReader
from support.frames import sound_row
from support.tiny_lakehouse import write_table

TAGS = "silver.tags"


def view_of(file: Path) -> View:
    return View("silver", "words", f"SELECT * FROM read_csv('{file}')", (str(file),))


@pytest.fixture
def words(tmp_path: Path) -> Path:
    file = tmp_path / "words.csv"
    file.write_text("word\nRan\n", encoding="utf-8")
    return file


def test_it_reads_the_files_of_its_views_and_no_others(words: Path) -> None:
    other = words.with_name("other.csv")
    other.write_text("word\nhunter2\n", encoding="utf-8")
    connection = open_engine(["silver"], [view_of(words)])

    assert connection.execute("SELECT * FROM words").fetchall() == [("Ran",)]
    with pytest.raises(duckdb.PermissionException):
        connection.execute(f"SELECT * FROM read_csv('{other}')")


@pytest.mark.parametrize(
    "text",
    ["SET enable_external_access = true", "SET allowed_paths = ['/']", "SET GLOBAL TimeZone = 'Asia/Tokyo'"],
)
def test_its_settings_stay_as_they_are(words: Path, text: str) -> None:
    with pytest.raises(duckdb.Error, match="locked"):
        open_engine(["silver"], [view_of(words)]).execute(text)


def test_what_belongs_to_a_connection_is_not_there_for_the_next(words: Path) -> None:
    before = open_engine(["silver"], [view_of(words)])
    before.execute("CREATE TEMPORARY VIEW mine AS SELECT 1")
    before.execute("SET search_path = 'main'")
    after = open_engine(["silver"], [view_of(words)])

    assert after.execute("SELECT * FROM words").fetchall() == [("Ran",)]
    with pytest.raises(duckdb.CatalogException, match="mine does not exist"):
        after.execute("SELECT * FROM mine")


def test_a_question_asked_again_sees_what_has_been_written_meanwhile(tmp_path: Path) -> None:
    reader, question = LakehouseReader(tmp_path), f"SELECT movie_id FROM {TAGS}"
    for movie in (1, 2):
        write_table(tmp_path, TAGS, [sound_row(TAGS, movie_id=movie)])
        assert list(reader.sql(question)) == [(movie,)]
    DeltaTable(tmp_path / "silver" / "tags").restore(0)
    assert list(reader.sql(question)) == [(1,)]


def test_questions_about_the_same_table_are_answered_at_once(reader: LakehouseReader) -> None:
    ascending = reader.sql("SELECT movie_id FROM silver.movies ORDER BY movie_id")
    descending = reader.sql("SELECT movie_id FROM silver.movies ORDER BY movie_id DESC")

    assert list(descending) == [*reversed(list(ascending))]
