import io
import json
from pathlib import Path

import pytest

from support.commands import Lakehouse

QUERY = """-- The titles of a year.
-- parameter release_year INT: the year
SELECT title FROM silver.movies WHERE release_year = :release_year ORDER BY movie_id
"""


@pytest.fixture
def queries(tmp_path: Path) -> Path:
    """A folder with one saved query."""
    (tmp_path / "of-year.sql").write_text(QUERY)
    return tmp_path


def test_a_saved_query_is_answered_like_any_other(lakehouse: Lakehouse) -> None:
    ended = lakehouse("sql", "--saved", "movies-like", "--title", "Toy Story", "--neighbours=1", "--format", "json")
    assert (ended.status, ended.err) == (0, "")
    (row,) = json.loads(ended.out)
    assert (row["movie"], row["similar_movie_id"]) == ("Toy Story (1995)", 5)


def test_a_folder_of_ones_own_queries_can_be_named(lakehouse: Lakehouse, queries: Path) -> None:
    named = ("--queries", str(queries), "--format", "csv")
    assert lakehouse("sql", "--saved", "of-year", "--release-year", "2003", *named).out.splitlines() == [
        "title",
        '"Matrix Reloaded, The (2003)"',
    ]
    assert lakehouse("sql", "--list", *named).out.splitlines() == [
        "name,parameters,answers",
        "of-year,'--release-year INT (the year),The titles of a year.",
    ]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ([], "--release-year is missing"),
        (["--release-year", "soon"], "--release-year is 'soon', which is no INT"),
        (["--release-year", "2003", "--title", "Heat"], "there is no --title"),
    ],
)
def test_parameters_that_do_not_fit_are_one_line_that_names_them(
    lakehouse: Lakehouse, queries: Path, arguments: list[str], problem: str
) -> None:
    ended = lakehouse("sql", "--saved", "of-year", "--queries", str(queries), *arguments)
    assert (ended.status, ended.out) == (1, "")
    assert ended.err == f"Error: The saved query of-year: {problem}; it takes --release-year INT (the year).\n"


def test_a_saved_query_that_is_not_there_is_one_line_that_names_those_there_are(
    lakehouse: Lakehouse, queries: Path
) -> None:
    ended = lakehouse("sql", "--saved", "movies", "--queries", str(queries))
    assert ended.err == "Error: There is no saved query 'movies'; there are of-year.\n"


def test_a_value_without_its_name_is_an_error(lakehouse: Lakehouse, queries: Path) -> None:
    ended = lakehouse("sql", "--saved", "of-year", "2003", "--queries", str(queries))
    assert ended.err == "Error: The argument '2003' is not of the form --name=value.\n"


@pytest.mark.parametrize("arguments", [["SELECT 1", "--title", "Heat"], ["--fromat=csv", "SELECT 1"]])
def test_an_option_that_nothing_knows_is_an_error(lakehouse: Lakehouse, arguments: list[str]) -> None:
    ended = lakehouse("sql", *arguments)
    assert (ended.status, ended.out) == (1, "")
    assert "There is no option --" in ended.err


def test_a_statement_may_begin_with_a_comment(lakehouse: Lakehouse) -> None:
    assert lakehouse("sql", "-- one\nSELECT 1 AS one", "--format", "csv").out == "one\n1\n"


def test_a_statement_must_be_quoted(lakehouse: Lakehouse) -> None:
    assert lakehouse("sql", "SELECT", "1").err == "Error: Give one SQL statement in quotes; there are 2 arguments.\n"


def test_without_a_terminal_the_statement_is_read_from_standard_input(
    lakehouse: Lakehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("SELECT count(*) AS n\nFROM silver.movies;\n"))
    assert lakehouse("sql", "--format", "csv").out == "n\n6\n"


@pytest.mark.parametrize("errors", ["strict", "surrogateescape"])  # the second where the locale is C
def test_standard_input_that_is_no_text_is_one_line(
    lakehouse: Lakehouse, monkeypatch: pytest.MonkeyPatch, errors: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"SELECT '\xff'"), encoding="utf-8", errors=errors))
    assert lakehouse("sql").err == "Error: The statement on standard input is not text in utf-8.\n"


def test_the_tables_can_be_read_as_a_run_left_them(lakehouse: Lakehouse) -> None:
    factors = lakehouse("sql", "SELECT count(*) AS n FROM gold.user_factors", "--at-run", "run-1", "--format", "csv")
    assert factors.out == "n\n4\n"
    later = lakehouse("sql", "SELECT * FROM silver.movies", "--at-run", "run-1")
    assert later.err.startswith("Error: The table silver.movies is not there at the run run-1")
