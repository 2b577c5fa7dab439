"""Reads and writes of whole tables: the only door to storage."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from movie_lakehouse.errors import TableError, reason_of
from movie_lakehouse.lakehouse.contract import Table
from movie_lakehouse.lakehouse.declared import add_lacking, make_as_declared
from movie_lakehouse.lakehouse.delta_log import UPKEEP, VACUUM
from movie_lakehouse.lakehouse.materialise import materialised
from movie_lakehouse.lakehouse.merging import KNOWN, MARKS, differences, marked, merge_statement, unmatched
from movie_lakehouse.lakehouse.place import Place, Session
from movie_lakehouse.lakehouse.tables import table_named


class Store:
    """The tables of one lakehouse, through one session, which is opened when something first needs it."""

    def __init__(self, session: Session, place: Place) -> None:
        self.session = session
        self.place = place

    @cached_property
    def spark(self) -> SparkSession:
        """The session."""
        return self.session()

    def exists(self, name: str) -> bool:
        """Whether the table is there."""
        return self.place.exists(self.session, name)

    def version(self, name: str) -> int | None:
        """The newest version that may have brought other rows, or None before the table exists."""
        return self.place.version(self.session, name)

    def versions(self, names: Iterable[str]) -> dict[str, int]:
        """The newest versions, upkeep left out, of those of the tables that exist."""
        found = {name: self.version(name) for name in names}
        return {name: version for name, version in found.items() if version is not None}

    def newest_versions(self, names: Iterable[str]) -> dict[str, int]:
        """The newest versions that may have brought other rows or other files, of those of the tables that exist."""
        found = {name: self.place.version(self.session, name, apart_from=VACUUM) for name in names}
        return {name: version for name, version in found.items() if version is not None}

    def read(self, name: str, version: int | None = None) -> DataFrame:
        """The table as it is now, or as it was at a version.

        Raises:
            TableError: there is no such table yet, or the version is no longer kept.
        """
        if not self.exists(name):
            raise TableError(f"The table {name} is not there yet; `lakehouse run` makes it.")
        if (found := self.place.frame(self.session, name, version)) is not None:
            return found
        identifier = self.place.identifier(name)
        if version is None:
            return self.spark.read.table(identifier)
        try:
            frame = self.spark.sql(f"SELECT * FROM {identifier} VERSION AS OF {int(version)}")
            _ = frame.schema  # on Connect nothing is asked before
        except PySparkException as error:
            raise TableError(f"The table {name} has no version {version} any more: {reason_of(error)[:200]}") from error
        return frame

    def read_or_empty(self, name: str) -> DataFrame:
        """The table as it is now, without rows where it is not there yet.

        What has no rows by its plan is left out of the plans of its readers, and no table is made to be read.
        """
        if self.exists(name):
            return self.read(name)
        return self.spark.createDataFrame([], table_named(name).row_schema).limit(0)

    def rows(self, name: str, query: str, version: int | None = None) -> list[dict[str, Any]]:
        """The rows that answer a query whose table is ``{table}``, now or at a version; none where it is not there yet.

        Only for answers of few rows, which need no session where tables can be read without: whether there is anything
        to do is known before Spark is started.
        """
        return self.place.rows(self.session, name, query, version) if self.exists(name) else []

    def count(self, name: str) -> int:
        """How many rows the table has; none where it is not there yet."""
        return sum(row["n"] for row in self.rows(name, "SELECT count(*) AS n FROM {table}"))

    def append_rows(self, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Add rows that are in hand, in one commit, to a table that tells what happened."""
        table = table_named(name)
        self.create(table)
        self.place.append_rows(self.session, table, rows)

    def create(self, table: Table) -> None:
        """Make sure that the table exists and has the declared columns.

        Raises:
            TableError: an older version of the program has made it, and it lacks a column that must have a value.
        """
        make_as_declared(self.session, self.place, table)

    def append(self, name: str, frame: DataFrame, label: str | None = None) -> None:
        """Add the frame's rows in one commit, with a label of its own; columns that an open table lacks are added."""
        table = table_named(name)
        self.create(table)
        writer = table.conform(frame).writeTo(self.place.identifier(name))
        if label is not None:
            writer = writer.option("userMetadata", label)
        if table.open_columns:
            writer = writer.option("mergeSchema", "true")
        writer.append()

    def labels_since(self, name: str, version: int) -> list[str] | None:
        """The labels of the appends since a version, None where one has none or rows have changed otherwise."""
        newest = self.place.newest_version(self.session, name)
        if newest is None or newest <= version:
            return [] if newest == version else None
        history = self.spark.sql(f"DESCRIBE HISTORY {self.place.identifier(name)} LIMIT {newest - version}")
        commits = history.select("operation", "operationParameters", "userMetadata").collect()
        added = [commit for commit in commits if commit["operation"] not in UPKEEP]
        are_appends = all(commit["operationParameters"].get("mode") == "Append" for commit in added)
        labels = [commit["userMetadata"] for commit in added]
        is_whole = len(commits) == newest - version
        return labels if is_whole and are_appends and None not in labels else None

    def replace(self, name: str, frame: DataFrame) -> None:
        """Put the frame's rows in the place of all that the table holds, in one commit."""
        if not self.exists(name):
            self.append(name, frame)
            return
        table = table_named(name)
        add_lacking(self.session, self.place, table)
        table.conform(frame).writeTo(self.place.identifier(name)).overwrite(F.lit(True))

    def merge(self, name: str, frame: DataFrame) -> bool:
        """Make the table hold just the frame's rows by writing only those that differ; say whether any did.

        The frame must hold one row a key. Where none but new keys differ, their rows are appended, for which the table
        need not be read again. A table without a key is replaced as a whole.
        """
        if not self.exists(name):
            self.append(name, frame)
            return True
        table = table_named(name)
        add_lacking(self.session, self.place, table)
        wanted, current = table.conform(frame), self.read(name)
        if not table.key:
            return self._replace_if_changed(name, wanted, current)
        with materialised(differences(wanted, current, table.key)) as changes:
            ((n_changes, n_known),) = changes.agg(F.count("*"), F.count_if(KNOWN)).collect()
            if n_known:
                self._apply(table, changes)
            elif n_changes:
                self.append(name, changes.drop(*MARKS))
        return bool(n_changes)

    def change(self, name: str, gone: DataFrame | None, come: DataFrame) -> None:
        """Take rows out of the table and add others, in one commit; none where there is nothing to do.

        Args:
            name: the table.
            gone: distinct rows that the table has, None for none. They go by their key; where the table has none, with
                all rows that are alike.
            come: rows to add, at most one a key, whose key is new or goes.
        """
        table = table_named(name)
        if gone is None:
            if not come.isEmpty():
                self.append(name, come)
            return
        self._apply(table, marked(table, gone, come))

    def restore(self, name: str, version: int) -> None:
        """Make the table hold what it held at a version, in one commit.

        Raises:
            TableError: the version is no longer kept, as a whole.
        """
        try:
            self.spark.sql(f"RESTORE TABLE {self.place.identifier(name)} TO VERSION AS OF {int(version)}").collect()
        except PySparkException as error:
            raise _not_whole(name, version, reason_of(error)[:200]) from error

    def refuse_lost(self, name: str, version: int) -> None:
        """Make sure that a version's files are there, as far as that can be told without reading them.

        Raises:
            TableError: a file is gone.
        """
        if lost := self.place.lost_files(name, version):
            raise _not_whole(name, version, f"{len(lost)} of its files are gone, {lost[0]} among them.")

    def compact(self, name: str) -> None:
        """Write the rows of many small files into few, ordered by what the table is clustered by."""
        self.spark.sql(f"OPTIMIZE {self.place.identifier(name)}").collect()

    def remove_old_files(self, name: str) -> None:
        """Delete what no version has needed for as long as the table's properties say."""
        self.spark.sql(f"VACUUM {self.place.identifier(name)}").collect()

    def file_count(self, name: str) -> int:
        """How many files hold the table's rows."""
        (detail,) = self.spark.sql(f"DESCRIBE DETAIL {self.place.identifier(name)}").collect()
        return int(detail["numFiles"])

    def _replace_if_changed(self, name: str, wanted: DataFrame, current: DataFrame) -> bool:
        """Replace the table unless it holds just these rows; say whether it was."""
        if unmatched(current, wanted).isEmpty():
            return False
        self.replace(name, wanted)
        return True

    def _apply(self, table: Table, changes: DataFrame) -> None:
        """Merge marked rows in one commit."""
        view = f"changes_of_{table.name.replace('.', '_')}"
        changes.createOrReplaceTempView(view)
        try:
            self.spark.sql(merge_statement(table, self.place.identifier(table.name), view))
        finally:
            self.spark.sql(f"DROP VIEW {view}")


def _not_whole(name: str, version: int, reason: str) -> TableError:
    """The error that a version cannot be had again."""
    return TableError(
        f"The table {name} cannot be brought back to version {version}, which is no longer kept as a whole: {reason}"
    )
