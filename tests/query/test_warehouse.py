"""Read through a SQL warehouse, for which Spark stands in, the explorer's questions have DuckDB's answers."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any

import pyarrow as pa
import pytest
from pyspark.sql import SparkSession

from movie_lakehouse.errors import QueryError, SetupError
from movie_lakehouse.query import catalogue, movies, new_user, ratings, training, users, why
from movie_lakehouse.query.reader import LakehouseReader
from movie_lakehouse.query.rows import Reader, Rows
from movie_lakehouse.query.warehouse import WarehouseReader
from support.explored_lakehouse import make_explored_lakehouse
from support.tiny_lakehouse import write_table

PREFIX = "app_test_"
TOY_STORY, HEAT = movies.Movie(1, "Toy Story (1995)"), movies.Movie(2, "Heat (1995)")


class SparkCursor:
    """A warehouse's cursor, as far as it is used: values are bound by Spark, one for each ``?``."""

    def __init__(self, spark: SparkSession) -> None:
        self._spark = spark

    def execute(self, operation: str, parameters: list[Any]) -> None:
        assert not any(isinstance(value, list) for value in parameters)
        self._answer = self._spark.sql(operation, args=parameters)

    def fetchall_arrow(self) -> pa.Table:
        return self._answer.toArrow()

    def close(self) -> None:
        pass


class SparkConnection:
    """A warehouse's connection."""

    def __init__(self, spark: SparkSession) -> None:
        self._spark = spark

    def cursor(self) -> SparkCursor:
        return SparkCursor(self._spark)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> LakehouseReader:
    return LakehouseReader(make_explored_lakehouse(tmp_path_factory.mktemp("explored") / "lakehouse"))


@pytest.fixture(scope="module")
def warehouse(spark: SparkSession, folder: LakehouseReader) -> Iterator[WarehouseReader]:
    """The same tables in a catalog, under schemas with a prefix."""
    names = [name.split(".") for name in folder.tables()]
    schemas = sorted({schema for schema, _ in names})
    for schema in schemas:
        spark.sql(f"CREATE DATABASE {PREFIX}{schema}")
    for schema, name in names:
        spark.sql(f"CREATE TABLE {PREFIX}{schema}.{name} USING DELTA LOCATION '{folder.root / schema / name}'")
    spark.sql("CREATE DATABASE information_schema")
    listed = ", ".join(f"('{PREFIX}{schema}', '{name}')" for schema, name in names)
    rows = f"SELECT * FROM VALUES {listed}, ('elsewhere', 'movies') AS t(table_schema, table_name)"
    spark.sql(f"CREATE VIEW information_schema.tables AS {rows}")
    yield WarehouseReader(lambda: SparkConnection(spark), PREFIX)
    for schema in (*(f"{PREFIX}{schema}" for schema in schemas), "information_schema"):
        spark.sql(f"DROP DATABASE {schema} CASCADE")


QUESTIONS: dict[str, Callable[[Reader], Any]] = {
    "neighbours": lambda reader: movies.similar_movies(reader, TOY_STORY, 5),
    "catalogue": lambda reader: catalogue.read_catalogue(reader).movies,
    "stars": lambda reader: ratings.stars_of_movie(reader, 2),
    "users": ratings.user_numbers,
    "a user": lambda reader: ratings.user_facts(reader, 5),
    "loved": lambda reader: ratings.loved_movies(reader, 5, 5),
    "recommended": lambda reader: why.with_reasons(reader, 5, users.recommended_movies(reader, 5, 5)),
    "popular": lambda reader: new_user.popular_movies(reader, [], 5),
    "popular of genres": lambda reader: new_user.popular_movies(reader, ["War", "<b>Noir</b>"], 5),
    "folded in": lambda reader: new_user.movies_for_ratings(
        reader, [new_user.Rated(TOY_STORY, 5.0), new_user.Rated(HEAT, 1.5)], 5
    ),
    "runs": lambda reader: training.training_runs(reader, 5),
    "refusals": lambda reader: training.refusals(reader, 5),
    "grid": lambda reader: training.grid_of(reader, training.newest_grid_run(reader) or ""),
    "metrics": lambda reader: training.metrics_of(reader, "run-2"),
    "gates": lambda reader: training.gates(reader, 5),
    "failed": lambda reader: training.failed_expectations(reader, "run-1", 5),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_warehouse_gives_the_answer_that_the_folder_gives(
    folder: LakehouseReader, warehouse: WarehouseReader, question: str
) -> None:
    answer = plain(QUESTIONS[question](folder))
    assert answer
    assert plain(QUESTIONS[question](warehouse)) == answer


def test_its_tables_are_those_of_its_own_schemas(folder: LakehouseReader, warehouse: WarehouseReader) -> None:
    assert warehouse.tables() == folder.tables()


def test_tables_are_read_at_the_versions_that_were_published(
    folder: LakehouseReader, warehouse: WarehouseReader
) -> None:
    """The folds' errors are written a second time, without rows; the movies stay as they are."""
    movie, folds = "SELECT title FROM silver.movies m WHERE m.movie_id = ?", "SELECT count(*) FROM gold.cv_results"
    before = list(warehouse.sql(folds))
    published = warehouse.at({"gold.cv_results": folder.open("gold.cv_results").version()})
    write_table(folder.root, "gold.cv_results", [])

    assert (list(warehouse.sql(folds)), list(published.sql(folds))) == ([(0,)], before)
    assert list(published.sql(movie, [1])) == list(warehouse.sql(movie, [1]))


def test_what_people_type_is_bound(warehouse: WarehouseReader) -> None:
    typed = "x' OR '1' = '1"
    assert list(warehouse.sql("SELECT title FROM silver.movies WHERE title = ?", [typed])) == []


def test_what_it_refuses_is_told_in_one_line(warehouse: WarehouseReader) -> None:
    with pytest.raises(QueryError, match=r"The SQL warehouse: .*no_such") as refused:
        warehouse.sql("SELECT no_such FROM silver.movies")
    assert "\n" not in str(refused.value)


def test_threads_take_turns_on_a_connection_that_they_may_not_share() -> None:
    class OneAtATime:
        """A connection, and its cursor, that refuses a statement while it is at another."""

        at_work = Lock()

        def cursor(self) -> "OneAtATime":
            return self

        def execute(self, operation: str, parameters: list[Any]) -> None:
            assert self.at_work.acquire(blocking=False)
            time.sleep(0.01)

        def fetchall_arrow(self) -> pa.Table:
            self.at_work.release()
            return pa.table({"one": [1]})

        def close(self) -> None:
            pass

    shared = WarehouseReader(OneAtATime)
    with ThreadPoolExecutor(4) as visitors:
        assert [list(rows) for rows in visitors.map(shared.sql, ["SELECT 1 AS one"] * 8)] == [[(1,)]] * 8


def test_a_prefix_cannot_be_more_than_a_name() -> None:
    with pytest.raises(SetupError, match="letters, digits and underscores"):
        WarehouseReader(lambda: None, "x.y; ")  # type: ignore[arg-type, return-value]


def plain(value: Any) -> Any:
    """The answer as both give it: rows in a list, times as text in UTC, numbers to nine digits."""
    if isinstance(value, Rows):
        return [value.columns, *(plain(row) for row in value)]
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, float):
        return float(f"{value:.9g}")
    return value.timestamp() if hasattr(value, "timestamp") else value


def test_an_app_needs_neither_duckdb_nor_delta_rs_nor_spark() -> None:
    code = (
        "import sys; sys.modules.update(dict.fromkeys(['duckdb', 'deltalake', 'pyspark']));"
        "import movie_lakehouse.app.answers, movie_lakehouse.app.views.new_user, movie_lakehouse.query.warehouse"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr[-500:]
