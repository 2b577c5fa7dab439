"""What differs between a table and what it is to be; as a MERGE takes it, by marks, and the statement that takes it."""

from collections.abc import Sequence
from typing import Final

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from movie_lakehouse.lakehouse.contract import Table

_GONE: Final = "_is_gone"
KNOWN: Final = "_is_known"
"""Marks a row whose key the table has: where none is so marked, all are to be added."""
MARKS: Final = (_GONE, KNOWN)
MORE: Final = "_more"
COPIES: Final = "_copies"


def differences(wanted: DataFrame, current: DataFrame, key: Sequence[str]) -> DataFrame:
    """The rows of two frames of the same columns that differ, by key, with both marks.

    One join answers all, for the frames are large and what differs is little.
    """
    sides = [
        frame.select(*key, F.struct(*wanted.columns).alias(side))
        for frame, side in ((wanted, "_wanted"), (current, "_current"))
    ]
    differing = sides[0].join(sides[1], list(key), "full").where(~F.col("_wanted").eqNullSafe(F.col("_current")))
    row = F.coalesce("_wanted", "_current").alias("_row")
    marks = F.col("_wanted").isNull().alias(_GONE), F.col("_current").isNotNull().alias(KNOWN)
    return differing.select(row, *marks).select("_row.*", *MARKS)


def unmatched(before: DataFrame, after: DataFrame) -> DataFrame:
    """The rows of which two frames of the same columns do not have equally many, once each, in one pass over both.

    Returns:
        The columns of ``after``, and of each row how many more that has, ``MORE``, and how many, ``COPIES``.
    """
    columns = after.columns
    sides = before.select(*columns, F.lit(-1).alias(MORE)).unionByName(after.select(*columns, F.lit(1).alias(MORE)))
    n_after = F.count_if(F.col(MORE) > 0).alias(COPIES)
    counted = sides.groupBy(*columns).agg(F.sum(MORE).cast("int").alias(MORE), n_after.cast("int").alias(COPIES))
    return counted.where(F.col(MORE) != 0)


def marked(table: Table, gone: DataFrame, come: DataFrame) -> DataFrame:
    """Rows that go, marked, and rows that come; of a key that goes and comes the row that comes alone."""
    leaving = gone.join(come, list(table.key), "left_anti") if table.key else gone
    sides = [(come, False), (leaving, True)]
    coming, going = (table.conform(rows).withColumn(_GONE, F.lit(is_gone)) for rows, is_gone in sides)
    return coming.unionByName(going)


def merge_statement(table: Table, identifier: str, view: str) -> str:
    """The MERGE, by key, of a view of marked rows; without a key all that are not marked are added."""
    same = " AND ".join(f"t.`{column}` = c.`{column}`" for column in table.identity)
    matches = same if table.key else f"{same} AND c.{_GONE}"
    columns = ", ".join(f"`{column}`" for column in table.column_names)
    values = ", ".join(f"c.`{column}`" for column in table.column_names)
    updates = ", ".join(f"t.`{column}` = c.`{column}`" for column in table.column_names)
    return (
        f"MERGE INTO {identifier} t USING {view} c ON {matches} "
        f"WHEN MATCHED AND c.{_GONE} THEN DELETE WHEN MATCHED THEN UPDATE SET {updates} "
        f"WHEN NOT MATCHED THEN INSERT ({columns}) VALUES ({values})"
    )
