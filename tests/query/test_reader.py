from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake import write_deltalake

from movie_lakehouse.errors import QueryError, TableError
from movie_lakehouse.query import engine
from movie_lakehouse.query.reader import LakehouseReader
from support.ctrl_c import ctrl_c_after, to_another_thread, to_the_process
from support.tiny_lakehouse import write_table

TAG = {"user_id": 1, "movie_id": 1, "tag": "pixar", "tagged_at": datetime(2020, 1, 1, tzinfo=UTC)}


@pytest.fixture
def tags(tmp_path: Path) -> LakehouseReader:
    """Reads a lakehouse with one table of one row."""
    write_table(tmp_path, "silver.tags", [TAG])
    return LakehouseReader(tmp_path)


def write_silver(root: Path, name: str, columns: dict[str, list[object]], **options: object) -> None:
    write_deltalake(str(root / "silver" / name), pa.table(columns), **options)


def test_tables_are_listed_layer_by_layer(reader: LakehouseReader) -> None:
    names = reader.tables()
    assert names[:2] == ["silver.movie_genres", "silver.movies"]
    assert names[-1] == "ops.validation_results"
    assert "gold.movie_similarity" in names


def test_an_answer_has_columns_and_rows(reader: LakehouseReader) -> None:
    answer = reader.sql("SELECT movie_id, title FROM silver.movies WHERE release_year = 2003")
    assert answer.columns == ("movie_id", "title")
    assert list(answer) == [(4, "Matrix Reloaded, The (2003)")]


def test_tables_that_are_asked_about_together_share_a_duckdb(reader: LakehouseReader) -> None:
    engine._locked_engine.cache_clear()
    both = reader.together(["silver.movies", "gold.user_factors", "gold.of_another_day"])

    assert list(both.sql("SELECT title FROM silver.movies WHERE movie_id = 2")) == [("Heat (1995)",)]
    assert list(both.sql("SELECT count(*) FROM gold.user_factors")) == [(4,)]
    assert engine._locked_engine.cache_info().currsize == 2, "one takes statements apart, one has both tables"


def test_tables_that_are_not_among_them_are_asked_about_as_ever(reader: LakehouseReader) -> None:
    assert list(reader.together(["silver.movies"]).sql("SELECT count(*) FROM gold.user_factors")) == [(4,)]


def test_parameters_are_bound_by_place_and_by_name(reader: LakehouseReader) -> None:
    by_place = reader.sql("SELECT movie_id FROM silver.movies WHERE title = ?", ["Heat (1995)"])
    by_name = reader.sql("SELECT movie_id FROM silver.movies WHERE title = $title", {"title": "Heat (1995)"})
    assert list(by_place) == list(by_name) == [(2,)]


def test_a_parameter_is_never_read_as_sql(reader: LakehouseReader) -> None:
    assert list(reader.sql("SELECT movie_id FROM silver.movies WHERE title = ?", ["' OR true --"])) == []


@pytest.mark.parametrize(
    "text",
    [
        "SELECT count(*) FROM GOLD.User_Factors",
        'SELECT count(*) FROM "gold"."user_factors"',
        "WITH users AS (SELECT user_id FROM gold.user_factors) SELECT count(*) FROM users",
        "SELECT (SELECT count(*) FROM gold.user_factors)",
        "FROM gold.user_factors SELECT count(*)",
        "SELECT count(*) FROM gold.user_factors; -- all of them",
    ],
)
def test_tables_are_found_wherever_and_however_a_statement_names_them(reader: LakehouseReader, text: str) -> None:
    assert list(reader.sql(text)) == [(4,)]


def test_nested_types_come_as_lists_and_dicts(reader: LakehouseReader) -> None:
    movies = reader.sql("SELECT movies FROM gold.movies_by_genre WHERE genre = 'Crime'")
    written = reader.sql("SELECT tables_written FROM ops.job_runs")
    assert list(movies) == [([{"movie_id": 2, "title": "Heat (1995)"}],)]
    assert list(written) == [({"gold.user_factors": 0},)]


def test_times_are_utc(reader: LakehouseReader) -> None:
    ((trained_at, shown),) = reader.sql("SELECT trained_at, trained_at::VARCHAR FROM gold.model_runs")
    assert trained_at == datetime(2020, 1, 31, tzinfo=UTC)
    assert shown == "2020-01-31 00:00:00+00"


def test_times_that_spark_wrote_in_its_own_form_are_utc(tags: LakehouseReader) -> None:
    (file,) = (tags.root / "silver" / "tags").glob("*.parquet")
    pq.write_table(pq.read_table(file), file, use_deprecated_int96_timestamps=True)
    assert list(tags.sql("SELECT tagged_at FROM silver.tags")) == [(TAG["tagged_at"],)]


def test_rows_that_were_replaced_are_not_read(tags: LakehouseReader) -> None:
    write_table(tags.root, "silver.tags", [TAG | {"tag": "fun"}])
    assert list(tags.sql("SELECT tag FROM silver.tags")) == [("fun",)]


def test_a_table_is_read_as_it_was_at_a_version(tags: LakehouseReader) -> None:
    write_table(tags.root, "silver.tags", [TAG | {"tag": "fun"}])
    assert [row[2] for row in tags.table("silver.tags", version=0)] == ["pixar"]
    assert [row[2] for row in tags.table("silver.tags")] == ["fun"]


def test_a_version_that_never_was_is_an_error(tags: LakehouseReader) -> None:
    with pytest.raises(TableError, match=r"silver.tags cannot be read at version 7"):
        tags.table("silver.tags", version=7)


def test_a_column_that_came_later_is_null_in_older_rows(tmp_path: Path) -> None:
    write_silver(tmp_path, "movies", {"movie_id": [1]})
    write_silver(tmp_path, "movies", {"movie_id": [2], "studio": ["Pixar"]}, mode="append", schema_mode="merge")
    rows = LakehouseReader(tmp_path).sql("SELECT movie_id, studio FROM silver.movies ORDER BY movie_id")
    assert list(rows) == [(1, None), (2, "Pixar")]


def test_a_table_without_rows_still_has_its_columns(tmp_path: Path) -> None:
    write_table(tmp_path, "silver.tags", [])
    answer = LakehouseReader(tmp_path).sql("SELECT * FROM silver.tags")
    assert answer.columns == ("user_id", "movie_id", "tag", "tagged_at")
    assert list(answer) == []


@pytest.mark.parametrize(
    ("names", "told_apart"),
    [
        (("title", "title"), ("title", "title_1")),
        (("a", "a", "a_1"), ("a", "a_1", "a_1_1")),
        (("a", "a_1", "a"), ("a", "a_1", "a_2")),
    ],
)
def test_names_that_come_twice_are_told_apart(
    reader: LakehouseReader, names: tuple[str, ...], told_apart: tuple[str, ...]
) -> None:
    asked = ", ".join(f"{at} AS {name}" for at, name in enumerate(names))
    assert reader.sql(f"SELECT {asked}").columns == told_apart


def test_a_folder_that_may_not_be_read_is_not_told_as_missing_tables(
    reader: LakehouseReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda path, _: Path(path).name != "gold")
    with pytest.raises(TableError, match=r"gold cannot be read: permission denied\."):
        reader.sql("SELECT * FROM gold.movie_similarity")


@pytest.mark.parametrize(
    ("text", "column", "expected"),
    [
        ("DESCRIBE gold.movie_similarity", 0, "similarity"),
        ("SHOW TABLES", 0, "user_factors"),
        ("SELECT table_name FROM information_schema.tables WHERE table_schema = 'gold'", 0, "user_factors"),
        ("SUMMARIZE gold.movie_similarity", 0, "similarity"),
    ],
)
def test_a_person_can_look_around(reader: LakehouseReader, text: str, column: int, expected: str) -> None:
    assert expected in [row[column] for row in reader.sql(text)]


@pytest.mark.parametrize(
    "text",
    [
        "EXPLAIN SELECT * FROM silver.movies",
        "explain analyze from silver.movies",
        "/* how? */ EXPLAIN FROM silver.movies",
    ],
)
def test_a_plan_can_be_looked_at(reader: LakehouseReader, text: str) -> None:
    ((_, plan),) = reader.sql(text)
    assert "READ_PARQUET" in plan.upper().replace(" ", "_")


@pytest.mark.parametrize(
    "text",
    ["-- what movies explain\nSELECT 1", "SELECT 1 AS explain ", "SELECT 1 -- EXPLAIN\n WHERE true"],
)
def test_a_question_may_speak_of_explaining(reader: LakehouseReader, text: str) -> None:
    assert list(reader.sql(text)) == [(1,)]


@pytest.mark.parametrize("folder", ["a b", "it's", "é", "a#b"])
def test_a_root_may_have_an_unusual_name(tmp_path: Path, folder: str) -> None:
    write_deltalake((tmp_path / folder / "silver" / "tags").as_uri(), pa.table({"tag": ["fun"]}))
    assert list(LakehouseReader(tmp_path / folder).table("silver.tags")) == [("fun",)]


@pytest.mark.parametrize("folder", ["100%", "[1]", "a*", "a?"])
def test_a_root_that_would_be_taken_for_another_is_an_error(tmp_path: Path, folder: str) -> None:
    write_table(tmp_path / "lakehouse", "silver.tags", [TAG])
    root = (tmp_path / "lakehouse").rename(tmp_path / folder)
    with pytest.raises(TableError, match="rename"):
        LakehouseReader(root).table("silver.tags")


def test_a_missing_lakehouse_says_what_makes_one(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"no lakehouse at .*none; `lakehouse run` makes one"):
        LakehouseReader(tmp_path / "none").sql("SELECT * FROM gold.movie_similarity")


def test_a_missing_table_says_which_there_are(tags: LakehouseReader) -> None:
    with pytest.raises(TableError) as told:
        tags.sql("SELECT * FROM gold.movie_similarity")
    assert str(told.value) == (
        "The table gold.movie_similarity is not there; `lakehouse run` makes it; there are silver.tags."
    )


def test_a_table_that_no_job_makes_is_not_promised(tags: LakehouseReader) -> None:
    with pytest.raises(TableError, match=r"^The table gold.movie_similarty is not there; there are silver.tags\.$"):
        tags.sql("SELECT * FROM gold.movie_similarty")


def test_a_table_whose_first_commit_was_not_made_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "silver" / "tags" / "_delta_log").mkdir(parents=True)
    assert LakehouseReader(tmp_path).tables() == []


def test_a_table_whose_schema_was_left_out_is_named_in_full(reader: LakehouseReader) -> None:
    with pytest.raises(QueryError, match=r"with their schema: gold.movie_similarity\."):
        reader.sql("SELECT * FROM movie_similarity")


@pytest.mark.parametrize(
    "text", ["SELECT FROM WHERE", "SELECT nope FROM silver.movies", "SELECT nope(title) FROM silver.movies", "SELECT ?"]
)
def test_wrong_sql_is_told_in_one_line(reader: LakehouseReader, text: str) -> None:
    with pytest.raises(QueryError) as error:
        reader.sql(text)
    assert "\n" not in str(error.value)


def test_an_expression_may_be_long_but_not_endless(reader: LakehouseReader) -> None:
    assert list(reader.sql("SELECT " + "+".join(["1"] * 100))) == [(100,)]
    with pytest.raises(QueryError, match=r"nested too deeply|[Mm]ax expression depth"):
        reader.sql("SELECT " + "+".join(["1"] * 900))


def test_what_a_row_cannot_do_is_told_in_one_line(reader: LakehouseReader) -> None:
    with pytest.raises(QueryError, match="Conversion Error") as error:
        list(reader.sql("SELECT title::INT FROM silver.movies"))
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("send", [to_the_process, to_another_thread])
def test_ctrl_c_stops_a_long_query(reader: LakehouseReader, send: Callable[[], None]) -> None:
    # After a second the query is under way on a busy machine too.
    with ctrl_c_after(1, send), pytest.raises(KeyboardInterrupt):
        list(reader.sql("SELECT sum(a.range * b.range) FROM range(10000000) a, range(10000) b"))


def test_a_query_that_takes_longer_than_the_bound_is_given_up(tiny_lakehouse: Path) -> None:
    hasty = LakehouseReader(tiny_lakehouse, max_seconds=1)  # SELECT 1 may wait for a core
    with pytest.raises(QueryError, match="longer than 1 seconds"):
        hasty.sql("SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE hash(a, b) = 1")
    assert list(hasty.sql("SELECT 1")) == [(1,)]


@pytest.mark.parametrize("harm", [Path.unlink, lambda file: file.write_bytes(b"PAR1")], ids=["lost", "torn"])
def test_a_file_of_rows_that_is_no_longer_whole_is_named_in_one_line_that_says_what_to_do(
    tags: LakehouseReader, harm: Callable[[Path], object]
) -> None:
    file = next((tags.root / "silver" / "tags").glob("*.parquet"))
    harm(file)
    with pytest.raises(TableError, match=rf"{file.name}.*: put the file back from a copy") as told:
        tags.table("silver.tags")
    assert "\n" not in str(told.value)


def test_a_torn_log_is_an_error_that_names_the_commit_and_says_what_to_do(tags: LakehouseReader) -> None:
    commit = tags.root / "silver" / "tags" / "_delta_log" / "00000000000000000000.json"
    commit.write_text('{"add": ')
    with pytest.raises(TableError, match=rf"is damaged, {commit}: put the file back from a copy, or delete it"):
        tags.table("silver.tags")


@pytest.mark.parametrize(
    ("options", "feature"),
    [
        ({"configuration": {"delta.enableDeletionVectors": "true"}}, "deletionVectors"),
        ({"partition_by": ["genre"]}, "partitions"),
    ],
)
def test_what_would_be_read_wrongly_is_refused(tmp_path: Path, options: dict[str, object], feature: str) -> None:
    write_silver(tmp_path, "movies", {"movie_id": [1], "genre": ["Crime"]}, **options)
    with pytest.raises(TableError, match=f"uses {feature}"):
        LakehouseReader(tmp_path).table("silver.movies")
