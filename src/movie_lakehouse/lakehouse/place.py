"""Where a lakehouse is: a folder on this machine, or a catalog of Unity Catalog. Both give a table's SQL identifier."""

import re
import shutil
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from movie_lakehouse.errors import SettingError
from movie_lakehouse.lakehouse import delta_log
from movie_lakehouse.lakehouse.contract import Table
from movie_lakehouse.lakehouse.delta_log import UPKEEP
from movie_lakehouse.lakehouse.folder_names import refuse_unusable
from movie_lakehouse.lakehouse.internals import read_by_kernel

Session = Callable[[], SparkSession]
"""Gives the session, and opens it where nothing has needed it yet."""


class Place(Protocol):
    """Gives tables their identifiers and knows whether and at which version they exist.

    What is small is asked and added in the way that is quickest there: that may need no session.
    """

    def identifier(self, table: str) -> str:
        """The table's name in SQL, quoted as it must be."""

    def prepare(self, table: str) -> None:
        """Make sure that a table that is not there can be created."""

    def exists(self, session: Session, table: str) -> bool:
        """Whether there is such a table."""

    def columns(self, session: Session, table: str) -> list[str]:
        """The names of the columns of a table that is there."""

    def newest_version(self, session: Session, table: str) -> int | None:
        """The table's newest version, or None where there is no such table."""

    def version(self, session: Session, table: str, apart_from: Collection[str] = UPKEEP) -> int | None:
        """The newest version that is not of these operations: upkeep makes none whose rows differ from the one before.

        Where nothing but such operations is kept of the history, the oldest version that is.
        """

    def frame(self, session: Session, table: str, version: int | None) -> DataFrame | None:
        """The rows of a table that is there, at a version or as it is now; None where its name is the way to them."""

    def rows(self, session: Session, table: str, query: str, version: int | None) -> list[dict[str, Any]]:
        """The few rows that answer a query whose table is ``{table}``, at a version or as it is now.

        The query is in SQL that any engine understands.
        """

    def append_rows(self, session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Add a few rows to a table that is there, in one commit."""

    def lost_files(self, table: str, version: int) -> list[str]:
        """Files of a version's rows that are gone, as far as that is told without Spark."""


@dataclass(frozen=True)
class FolderPlace:
    """Tables as the folders ROOT/schema/table of this machine."""

    root: Path

    def folder(self, table: str) -> Path:
        """The table's own folder."""
        return self.root.joinpath(*table.split("."))

    def identifier(self, table: str) -> str:
        """Give the path identifier.

        >>> FolderPlace(Path("/data/lake")).identifier("gold.movie_similarity")
        'delta.`/data/lake/gold/movie_similarity`'
        """
        return f"delta.`{self.folder(table)}`"

    def prepare(self, table: str) -> None:
        """Make the schema's folder, and clear a log without a commit away.

        A run has left that which was broken off before the first, and Delta takes any folder that is not empty for a
        table.
        """
        folder = self.folder(table)
        folder.parent.mkdir(parents=True, exist_ok=True)
        if folder.exists() and all(entry.name == delta_log.LOG for entry in folder.iterdir()):
            shutil.rmtree(folder)

    def exists(self, session: Session, table: str) -> bool:
        """Whether the table's log has a commit."""
        return delta_log.newest_version(self.folder(table)) is not None

    def columns(self, session: Session, table: str) -> list[str]:
        """Those that its log names, as delta-rs reads it.

        Raises:
            TableError: the table cannot be read.
        """
        from movie_lakehouse.lakehouse.delta_rs import columns

        return columns(self.folder(table), table)

    def newest_version(self, session: Session, table: str) -> int | None:
        """The highest commit in the table's log, which is Delta's own definition of a version."""
        return delta_log.newest_version(self.folder(table))

    def version(self, session: Session, table: str, apart_from: Collection[str] = UPKEEP) -> int | None:
        """The highest commit in the log that is not of these operations."""
        return delta_log.last_change(self.folder(table), apart_from)

    def frame(self, session: Session, table: str, version: int | None) -> DataFrame | None:
        """Have Delta's Kernel find them, where there is one."""
        return read_by_kernel(session(), self.folder(table), version)

    def rows(self, session: Session, table: str, query: str, version: int | None) -> list[dict[str, Any]]:
        """Ask delta-rs.

        Raises:
            TableError: the table cannot be read.
        """
        from movie_lakehouse.lakehouse.delta_rs import answer  # a workspace's machines, with a catalog, lack it

        return answer(self.folder(table), table, query, version)

    def append_rows(self, session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Have delta-rs add them.

        Raises:
            TableError: the rows break a constraint of the table, or it cannot be written.
        """
        from movie_lakehouse.lakehouse.delta_rs import append_rows

        append_rows(self.folder(table.name), table.name, rows)

    def lost_files(self, table: str, version: int) -> list[str]:
        """Look for those that the log names.

        Raises:
            TableError: the version's log cannot be read.
        """
        from movie_lakehouse.lakehouse.delta_rs import file_paths, open_table

        folder = self.folder(table)
        return [path.name for path in file_paths(open_table(folder, table, version), folder) if not path.exists()]


@dataclass(frozen=True)
class CatalogPlace:
    """Tables of a Unity Catalog catalog, their schemas' names after a prefix."""

    catalog: str
    schema_prefix: str = ""

    def identifier(self, table: str) -> str:
        """Give the three-level name.

        >>> CatalogPlace("main", "dev_").identifier("gold.movie_similarity")
        '`main`.`dev_gold`.`movie_similarity`'
        """
        schema, name = table.split(".")
        return f"`{self.catalog}`.`{self.schema_prefix}{schema}`.`{name}`"

    def prepare(self, table: str) -> None:
        """Nothing: the bundle deploys the schemas, and the job need not be allowed to create any."""

    def exists(self, session: Session, table: str) -> bool:
        """Whether the catalog has the table."""
        return session().catalog.tableExists(self.identifier(table))

    def columns(self, session: Session, table: str) -> list[str]:
        """Those that the catalog has."""
        return session().table(self.identifier(table)).columns

    def newest_version(self, session: Session, table: str) -> int | None:
        """The newest version in the table's history."""
        return self._newest(session, table, F.lit(True))

    def version(self, session: Session, table: str, apart_from: Collection[str] = UPKEEP) -> int | None:
        """The newest version in the table's history that is not of these operations, ours or the workspace's own."""
        return self._newest(session, table, ~F.col("operation").isin(*apart_from))

    def frame(self, session: Session, table: str, version: int | None) -> DataFrame | None:
        """None: the catalog knows its tables by their names."""
        return None

    def rows(self, session: Session, table: str, query: str, version: int | None) -> list[dict[str, Any]]:
        """Ask Spark, whose times are UTC in Arrow and nobody's in its own rows."""
        name = self.identifier(table) + ("" if version is None else f" VERSION AS OF {version}")
        rows: list[dict[str, Any]] = session().sql(query.format(table=name)).toArrow().to_pylist()
        return rows

    def append_rows(self, session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Have Spark add them."""
        values = [tuple(row[name] for name in table.column_names) for row in rows]
        session().createDataFrame(values, table.row_schema).writeTo(self.identifier(table.name)).append()

    def lost_files(self, table: str, version: int) -> list[str]:
        """None: the catalog's files are its own affair."""
        return []

    def _newest(self, session: Session, table: str, counts: Column) -> int | None:
        """The newest version of those in the table's history that count, else the oldest."""
        if not self.exists(session, table):
            return None
        newest = F.coalesce(F.max(F.when(counts, F.col("version"))), F.min("version"))
        (found,) = session().sql(f"DESCRIBE HISTORY {self.identifier(table)}").agg(newest.alias("newest")).collect()
        return int(found["newest"])


def place_of(lakehouse: str, schema_prefix: str = "") -> Place:
    """Read the job's ``lakehouse`` parameter: a folder has a slash or a dot in it, a catalog's name has neither.

    Raises:
        SettingError: it is neither, or it cannot be quoted safely.
        TableError: it is a folder that could not be read without Spark.
    """
    if "`" in lakehouse:
        raise SettingError(f"The lakehouse {lakehouse!r} has a backtick in its name; choose another folder or catalog.")
    if "/" in lakehouse or "." in lakehouse:
        folder = Path(lakehouse).expanduser().absolute()
        refuse_unusable(folder)
        return FolderPlace(folder)
    if not re.fullmatch(r"\w+", lakehouse) or not re.fullmatch(r"\w*", schema_prefix):
        raise SettingError(
            f"The lakehouse {lakehouse!r} with schema prefix {schema_prefix!r} is neither a folder (./lakehouse) nor a "
            "catalog's name (letters, digits, underscores)."
        )
    return CatalogPlace(lakehouse, schema_prefix)
