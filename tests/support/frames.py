"""Small frames for tests: a sound row of any declared table, and rows in the form of bronze."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from movie_lakehouse.lakehouse.tables import table_named

ARRIVAL = datetime(2020, 1, 1, tzinfo=UTC)
"""When the rows of ``bronze_frame`` arrived, 1577836800 in seconds since 1970."""

_ANY_VALUE: dict[str, Any] = {
    "STRING": "1",
    "INT": 1,
    "BIGINT": 1,
    "FLOAT": 1.0,
    "DOUBLE": 1.0,
    "BOOLEAN": True,
    "TIMESTAMP": ARRIVAL,
}
_OWN_VALUE: dict[str, dict[str, Any]] = {
    "gold.user_recommendations": {"source": "rating"},
    "gold.movie_similarity": {"similar_movie_id": 2, "source": "ratings"},
    "ops.validation_results": {"severity": "critical"},
    "ops.job_runs": {"status": "succeeded"},
    "ops.publications": {"kind": "run"},
}


def sound_row(name: str, **changes: Any) -> dict[str, Any]:
    """A row that the table takes, apart from the changes."""
    row = {column.name: _ANY_VALUE.get(column.type) for column in table_named(name).columns}
    for column in table_named(name).columns:
        if column.type.startswith("ARRAY"):
            row[column.name] = [1.0] if "FLOAT" in column.type else [] if "STRUCT" in column.type else ["x"]
        if column.type.startswith("MAP"):
            row[column.name] = {}
    return row | _OWN_VALUE.get(name, {}) | changes


def table_frame(spark: SparkSession, name: str, rows: Iterable[Mapping[str, Any]]) -> DataFrame:
    """Rows in the declared form of a table; columns that a row leaves out are null."""
    table = table_named(name)
    values = [tuple(row.get(column) for column in table.column_names) for row in rows]
    return spark.createDataFrame(values, table.row_schema)


def bronze_frame(spark: SparkSession, table: str, rows: Iterable[Mapping[str, Any]]) -> DataFrame:
    """Rows in the form of a bronze table; what a row leaves out of the metadata is that of one file in one batch."""
    metadata = {
        "_source_file": f"{table}.csv",
        "_source_modified_at": ARRIVAL,
        "_source_size": 1,
        "_batch_id": "b1",
        "_ingested_at": ARRIVAL,
    }
    return table_frame(spark, f"bronze.{table}", [metadata | dict(row) for row in rows])


def fields(table: str, text: str) -> dict[str, str | None]:
    """A line of CSV without quotes as a bronze row's own columns; what is empty is null, as Spark reads it.

    >>> fields("links", "1,0114709,")
    {'movieId': '1', 'imdbId': '0114709', 'tmdbId': None}
    """
    names = [name for name in table_named(f"bronze.{table}").column_names if not name.startswith("_")]
    return dict(zip(names, [value or None for value in text.split(",")], strict=True))
