"""Every saved query gives the same rows in DuckDB and, its text unchanged, in Spark SQL."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import Row, SparkSession

from movie_lakehouse.query.reader import LakehouseReader
from movie_lakehouse.query.saved import answer_saved, saved_queries

QUERIES = saved_queries(Path(__file__).parents[2] / "queries")
GIVEN = {
    "movies-like": {"title": "MATRIX", "neighbours": "1"},
    "recommended-to": {"user": "4"},
    "loved-by": {"user": "1"},
}


@pytest.fixture(scope="module")
def tables(catalog: SparkSession, tiny_lakehouse: Path) -> Iterator[SparkSession]:
    """A session whose catalog has the tables of the tiny lakehouse under their own names."""
    names = LakehouseReader(tiny_lakehouse).tables()
    schemas = sorted({name.split(".")[0] for name in names})
    for schema in schemas:
        catalog.sql(f"CREATE DATABASE {schema}")
    for name in names:
        catalog.sql(f"CREATE TABLE {name} USING DELTA LOCATION '{tiny_lakehouse.joinpath(*name.split('.'))}'")
    yield catalog
    for schema in schemas:
        catalog.sql(f"DROP DATABASE {schema} CASCADE")


@pytest.mark.parametrize("name", sorted(QUERIES))
def test_both_engines_give_the_same_rows(tables: SparkSession, reader: LakehouseReader, name: str) -> None:
    query, given = QUERIES[name], GIVEN.get(name, {})
    quick = answer_saved(reader, query, given)
    spark = tables.sql(query.text, args=query.values(given))
    rows = [plain(row) for row in quick]
    assert rows
    assert list(quick.columns) == spark.columns
    assert rows == [plain(tuple(row)) for row in spark.collect()]


def plain(value: Any) -> Any:
    """The value as both engines have it: rows within rows as dictionaries, times as seconds since 1970."""
    if isinstance(value, Row):
        return plain(value.asDict())
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value.timestamp() if isinstance(value, datetime) else value
