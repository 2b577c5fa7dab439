"""Silver kept up delivery by delivery by what each touches, beside silver as all of bronze says it should be."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from pyspark.sql import DataFrame, Row, SparkSession

from movie_lakehouse.lakehouse.materialise import holding
from movie_lakehouse.lakehouse.tables import silver, table_named
from movie_lakehouse.silver.incremental import arrival, silver_changes
from movie_lakehouse.silver.tables import KEYS
from movie_lakehouse.silver.whole import silver_tables
from support.frames import ARRIVAL, bronze_frame, fields, table_frame

NAMES = [table.name.split(".")[1] for table in silver.TABLES]
Tables = dict[str, list[Row]]


class KeptSilver:
    """The rows of bronze and of silver, which the first delivery makes whole and every other one changes."""

    def __init__(self, spark: SparkSession) -> None:
        self.spark = spark
        self.bronze: dict[str, list[dict[str, Any]]] = {source: [] for source in KEYS}
        self.tables: Tables = {name: [] for name in NAMES}
        self.changed: set[str] = set(NAMES)
        self.day = 0

    def deliver(self, **lines: Sequence[str]) -> "KeptSilver":
        """Take a batch, given as the lines of each source, and bring silver to where it should be then."""
        self.day += 1
        batch = {"_batch_id": f"b{self.day}"}
        for source, texts in lines.items():
            self.bronze[source] += [row_of(source, text) | batch for text in texts]
        if self.day == 1:
            self.tables = self.judged_whole()
        else:
            self._change({source: [batch["_batch_id"]] for source, texts in lines.items() if texts})
        return self

    def judged_whole(self) -> Tables:
        """Silver as judging all of bronze gives it today."""
        with holding() as hold:
            made = silver_tables(self._bronze_frames(), self._frame("quarantine"), self._now, hold)
            return {name: made[name].collect() for name in NAMES}

    def rows(self, name: str, *columns: str) -> list[tuple[Any, ...]]:
        """The table's rows, or these columns of them, in order."""
        return in_order([tuple(row[column] for column in columns) for row in self.tables[name]])

    def _change(self, batches: Mapping[str, Sequence[str]]) -> None:
        frames = {name: self._frame(name) for name in NAMES}
        with holding() as hold:
            arrivals = {
                source: arrival(bronze, batches.get(source, ()), hold)
                for source, bronze in self._bronze_frames().items()
            }
            changes = silver_changes(arrivals, frames, self._now, hold)
            self.changed = {name for name, change in changes.items() if change.gone or not change.come.isEmpty()}
            for name in self.changed:
                applied = changes[name].applied(frames[name], table_named(f"silver.{name}").identity)
                self.tables[name] = applied.collect()

    @property
    def _now(self) -> Any:
        return ARRIVAL + timedelta(days=self.day)

    def _bronze_frames(self) -> dict[str, DataFrame]:
        return {source: bronze_frame(self.spark, source, rows) for source, rows in self.bronze.items()}

    def _frame(self, name: str) -> DataFrame:
        return table_frame(self.spark, f"silver.{name}", [row.asDict() for row in self.tables[name]])


def row_of(source: str, text: str) -> dict[str, Any]:
    """A line as a bronze row; one without the header's fields is torn."""
    if text.count(",") != len(fields_of(source)) - 1:
        return {"_corrupt_record": text}
    return fields(source, text)


def fields_of(source: str) -> list[str]:
    return [name for name in table_named(f"bronze.{source}").column_names if not name.startswith("_")]


def in_order(rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return sorted(rows, key=str)
