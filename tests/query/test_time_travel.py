"""Tables as they were: at a version in the text, or as a run left them."""

from datetime import timedelta
from pathlib import Path

import pytest

from movie_lakehouse.errors import NotFoundError, QueryError, TableError
from movie_lakehouse.query.reader import LakehouseReader
from movie_lakehouse.query.runs import snapshot_at_run
from support.tiny_lakehouse import START, write_table


def run(run_id: str, day: int, **written: int) -> dict[str, object]:
    """A row of ops.job_runs."""
    return {
        "run_id": run_id,
        "task": "clean",
        "status": "succeeded",
        "started_at": START + timedelta(days=day),
        "ended_at": START + timedelta(days=day),
        "tables_read": {},
        "tables_written": {f"silver.{name}": version for name, version in written.items()},
        "rows": {},
        "fingerprint": "0",
    }


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Genres of one movie at versions 0 (Crime) and 1 (Crime and Drama); the second run made a table of tags too."""
    write_table(tmp_path, "silver.movie_genres", [{"movie_id": 2, "genre": "Crime"}])
    write_table(tmp_path, "silver.movie_genres", [{"movie_id": 2, "genre": genre} for genre in ("Crime", "Drama")])
    write_table(tmp_path, "silver.tags", [])
    runs = [run("first", 1, movie_genres=0), run("second", 2, movie_genres=1, tags=0), run("third", 3)]
    write_table(tmp_path, "ops.job_runs", runs)
    return tmp_path


@pytest.fixture
def reader(root: Path) -> LakehouseReader:
    return LakehouseReader(root)


def at(root: Path, run_id: str) -> LakehouseReader:
    return LakehouseReader(root, snapshot_at_run(LakehouseReader(root), run_id))


@pytest.mark.parametrize(
    "text",
    [
        "SELECT genre FROM silver.movie_genres VERSION AS OF 0",
        "SELECT movie_genres.genre FROM silver.movie_genres version as of 0 WHERE movie_id = 2",
        "SELECT g.genre FROM Silver.Movie_Genres VERSION /* the first */ AS OF 0 AS g",
    ],
)
def test_a_table_is_read_at_the_version_that_the_text_names(reader: LakehouseReader, text: str) -> None:
    assert list(reader.sql(text)) == [("Crime",)]


def test_two_versions_of_a_table_can_be_compared(reader: LakehouseReader) -> None:
    text = "SELECT genre FROM silver.movie_genres EXCEPT SELECT genre FROM silver.movie_genres VERSION AS OF 0"
    assert list(reader.sql(text)) == [("Drama",)]


def test_a_string_is_not_taken_for_a_version(reader: LakehouseReader) -> None:
    text = "SELECT 'silver.movie_genres VERSION AS OF 0' AS said -- silver.movie_genres VERSION AS OF 0"
    assert list(reader.sql(text)) == [("silver.movie_genres VERSION AS OF 0",)]


def test_a_version_that_never_was_is_an_error(reader: LakehouseReader) -> None:
    with pytest.raises(TableError, match=r"silver.movie_genres cannot be read at version 7"):
        reader.sql("SELECT * FROM silver.movie_genres VERSION AS OF 7")


@pytest.mark.parametrize("version", ["1.5", "x", "9" * 30])
def test_what_is_no_version_is_an_error(reader: LakehouseReader, version: str) -> None:
    with pytest.raises(QueryError, match="does not parse"):
        reader.sql(f"SELECT * FROM silver.movie_genres VERSION AS OF {version}")


@pytest.mark.parametrize(("run_id", "genres"), [("first", ["Crime"]), ("second", ["Crime", "Drama"])])
def test_a_table_is_read_as_a_run_left_it(root: Path, run_id: str, genres: list[str]) -> None:
    rows = at(root, run_id).sql("SELECT genre FROM silver.movie_genres ORDER BY genre")
    assert [row[0] for row in rows] == genres


def test_a_run_that_wrote_nothing_left_what_runs_before_it_wrote(root: Path) -> None:
    assert snapshot_at_run(LakehouseReader(root), "third").versions == {"silver.movie_genres": 1, "silver.tags": 0}


def test_a_table_that_came_later_was_not_there(root: Path) -> None:
    assert at(root, "first").tables() == ["silver.movie_genres", "ops.job_runs"]
    with pytest.raises(TableError, match=r"silver.tags is not there at the run first; .* are silver.movie_genres"):
        at(root, "first").sql("SELECT * FROM silver.tags")


def test_what_happened_is_told_as_it_is_known_now(root: Path) -> None:
    assert list(at(root, "first").sql("SELECT count(*) FROM ops.job_runs")) == [(3,)]


def test_a_version_in_the_text_wins_over_the_runs(root: Path) -> None:
    rows = at(root, "first").sql("SELECT count(*) FROM silver.movie_genres VERSION AS OF 1")
    assert list(rows) == [(2,)]


def test_an_unknown_run_is_an_error_that_names_the_latest(reader: LakehouseReader) -> None:
    with pytest.raises(NotFoundError, match=r"no run 'fourth' in ops.job_runs; the latest are third, second, first\."):
        snapshot_at_run(reader, "fourth")
