"""Silver kept up delivery by delivery by what each touches, beside silver as all of bronze says it should be."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pyspark.sql import DataFrame, Row, SparkSession

from movie_lakehouse.lakehouse.materialise import holding
from movie_lakehouse.lakehouse.tables import silver, table_named
from movie_lakehouse.silver.incremental import arrival, silver_changes
from movie_lakehouse.silver.tables import KEYS
from movie_lakehouse.silver.whole import silver_tables
from support.frames import ARRIVAL, bronze_frame, fields, table_frame

NAMES = [table.name.split(".")[1] for table in silver.TABLES]
Tables = Mapping[str, Sequence[Row]]
Delivery = Mapping[str, Sequence[str]]
"""The lines of each source that come at once."""


@dataclass(frozen=True)
class Day:
    """What a delivery has made of silver.

    Attributes:
        tables: the rows of every table.
        changed: the tables of which any row is another now.
        whole: the rows that judging all of bronze gives.
    """

    tables: Tables
    changed: set[str]
    whole: Tables

    def rows(self, name: str, *columns: str, **where: object) -> list[tuple[Any, ...]]:
        """These columns of the table's rows, in order; of all rows or of those that have these values."""
        rows = [row for row in self.tables[name] if all(row[column] == value for column, value in where.items())]
        return in_order([tuple(row[column] for column in columns) for row in rows])

    def quarantined(self, user: str, *columns: str) -> list[tuple[Any, ...]]:
        """These columns of the quarantined rows that name this user."""
        rows = [row for row in self.tables["quarantine"] if json.loads(row["record"]).get("userId") == user]
        return in_order([tuple(row[column] for column in columns) for row in rows])


class KeptSilver:
    """The rows of bronze and of silver, which the first delivery makes whole and every other one changes."""

    def __init__(self, spark: SparkSession) -> None:
        self.spark = spark
        self.bronze: dict[str, list[dict[str, Any]]] = {source: [] for source in KEYS}
        self.tables: dict[str, Sequence[Row]] = {name: [] for name in NAMES}
        self.n_days = 0

    def deliver(self, delivery: Delivery) -> Day:
        """Take a batch and bring silver to where it should be then."""
        self.n_days += 1
        batch = {"_batch_id": f"b{self.n_days}"}
        for source, lines in delivery.items():
            self.bronze[source] += [row_of(source, line) | batch for line in lines]
        whole = self._judged_whole()
        if self.n_days == 1:
            self.tables, changed = dict(whole), set(NAMES)
        else:
            changed = self._change({source: [batch["_batch_id"]] for source, lines in delivery.items() if lines})
        return Day(dict(self.tables), changed, whole)

    def _judged_whole(self) -> Tables:
        """Silver as judging all of bronze gives it today."""
        with holding() as hold:
            made = silver_tables(self._bronze_frames(), self._frame("quarantine"), self._now, hold)
            return {name: made[name].collect() for name in NAMES}

    def _change(self, batches: Mapping[str, Sequence[str]]) -> set[str]:
        """Apply to the tables what the batches change, and give the names of those that they do."""
        frames = {name: self._frame(name) for name in NAMES}
        with holding() as hold:
            arrivals = {
                source: arrival(bronze, batches.get(source, ()), hold)
                for source, bronze in self._bronze_frames().items()
            }
            changes = silver_changes(arrivals, frames, self._now, hold)
            changed = {name for name, change in changes.items() if change.gone or not change.come.isEmpty()}
            for name in changed:
                applied = changes[name].applied(frames[name], table_named(f"silver.{name}").identity)
                self.tables[name] = applied.collect()
        return changed

    @property
    def _now(self) -> datetime:
        return ARRIVAL + timedelta(days=self.n_days)

    def _bronze_frames(self) -> dict[str, DataFrame]:
        return {source: bronze_frame(self.spark, source, rows) for source, rows in self.bronze.items()}

    def _frame(self, name: str) -> DataFrame:
        return table_frame(self.spark, f"silver.{name}", [row.asDict() for row in self.tables[name]])


def assert_as_if_judged_whole(day: Day) -> None:
    """Every table has just the rows, with all their values, that judging all of bronze gives."""
    for name in NAMES:
        columns = table_named(f"silver.{name}").column_names
        found, wanted = (
            in_order([tuple(row[column] for column in columns) for row in tables[name]])
            for tables in (day.tables, day.whole)
        )
        assert found == wanted, name


def row_of(source: str, line: str) -> dict[str, Any]:
    """A line as a bronze row; one without the header's fields is torn."""
    header = [name for name in table_named(f"bronze.{source}").column_names if not name.startswith("_")]
    return fields(source, line) if line.count(",") == len(header) - 1 else {"_corrupt_record": line}


def in_order(rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The rows sorted, whatever types and nulls they have."""
    return sorted(rows, key=str)
