"""Saved queries: what a header declares, what a person may give, and the project's own files."""

import re
from pathlib import Path

import pytest

from movie_lakehouse.errors import SettingError
from movie_lakehouse.query.reader import LakehouseReader
from movie_lakehouse.query.saved import SavedQuery, answer_saved, parse_saved, saved_queries, saved_query

QUERIES = Path(__file__).parents[2] / "queries"
HEADER = """-- What a user rated,
-- and how.
-- parameter user INT: whose
-- parameter stars DOUBLE = 4.0: from how many stars
-- parameter title STRING = o: part of the title
SELECT movie_id FROM silver.ratings JOIN silver.movies USING (movie_id) -- not a parameter in the header
WHERE user_id = :user AND rating >= :stars AND contains(title, :title) AND title <> ':user' ORDER BY movie_id
"""


@pytest.fixture
def query() -> SavedQuery:
    """A saved query with a parameter of each type."""
    return parse_saved("rated-by", HEADER)


def test_a_header_says_what_is_answered_and_what_must_be_given() -> None:
    saved = parse_saved("by", "-- What a user\n-- rated.\n-- parameter user INT: whose\nSELECT :user")
    assert (saved.name, saved.answers) == ("by", "What a user rated.")
    assert [str(parameter) for parameter in saved.parameters] == ["--user INT (whose)"]


def test_values_have_the_types_of_their_parameters(query: SavedQuery) -> None:
    assert query.values({"user": "-7", "stars": "3", "title": "7"}) == {"user": -7, "stars": 3.0, "title": "7"}


def test_a_parameter_with_a_default_may_be_left_out(query: SavedQuery) -> None:
    assert query.values({"user": "1"})["stars"] == 4.0


def test_values_are_bound_outside_strings_and_never_read_as_sql(reader: LakehouseReader, query: SavedQuery) -> None:
    assert list(answer_saved(reader, query, {"user": "1", "title": "Toy"})) == [(1,)]
    assert list(answer_saved(reader, query, {"user": "1", "title": "') OR true --"})) == []


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({}, "--user is missing"),
        ({"user": "1", "year": "1995"}, "there is no --year"),
        ({"user": "one"}, "--user is 'one', which is no INT"),
        ({"user": "9" * 20}, "--user is '99999999999999999999', which is no INT"),
        ({"user": "1", "stars": "nan"}, "--stars is 'nan', which is no DOUBLE"),
    ],
)
def test_what_cannot_be_bound_is_told_with_all_that_there_is(
    query: SavedQuery, given: dict[str, str], problem: str
) -> None:
    takes = r"--user INT \(whose\), \[--stars DOUBLE = 4.0\] \(from how many stars\), \[--title"
    with pytest.raises(SettingError, match=f"rated-by: {re.escape(problem)}; it takes {takes}"):
        query.values(given)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("SELECT 1", "must begin with a comment"),
        ("-- One.\n-- parameter user: whose\nSELECT :user", "'parameter user: whose' is not of the form"),
        ("-- One.\n-- parameter user UUID: whose\nSELECT :user", "with a type of STRING, INT, DOUBLE"),
    ],
)
def test_a_header_that_is_not_of_its_form_is_an_error(text: str, problem: str) -> None:
    with pytest.raises(SettingError, match=problem):
        parse_saved("by", text)


def test_a_query_that_is_not_there_says_which_are() -> None:
    with pytest.raises(SettingError, match=r"no saved query 'movie'; there are cold-users, genres, .*users\."):
        saved_query(QUERIES, "movie")


def test_a_folder_without_queries_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="no saved queries in"):
        saved_queries(tmp_path)


def test_a_query_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    (tmp_path / "latin.sql").write_bytes(b"-- Am\xe9lie.\nSELECT 1")
    with pytest.raises(SettingError, match=r"latin\.sql cannot be read as UTF-8"):
        saved_queries(tmp_path)


def test_a_folder_beside_the_queries_and_a_byte_order_mark_do_no_harm(tmp_path: Path) -> None:
    (tmp_path / "folder.sql").mkdir()
    (tmp_path / "one.sql").write_bytes(b"\xef\xbb\xbf-- One.\nSELECT 1")
    assert saved_query(tmp_path, "one").answers == "One."


@pytest.mark.parametrize("name", sorted(saved_queries(QUERIES)))
def test_a_query_uses_just_the_parameters_that_it_declares(name: str) -> None:
    query = saved_query(QUERIES, name)
    markers = re.findall(r"(?<!:):([a-z_]+)", re.sub(r"--.*", "", query.text))
    assert set(markers) == {parameter.name for parameter in query.parameters}
    assert not {"root", "format", "saved", "list", "queries", "at_run", "help"} & set(markers), "an option of sql"
