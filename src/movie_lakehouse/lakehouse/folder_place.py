"""A lakehouse in a folder of this machine: what is small is asked of files and of delta-rs, without Spark."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from movie_lakehouse.errors import TableError
from movie_lakehouse.lakehouse import delta_log
from movie_lakehouse.lakehouse.contract import Table
from movie_lakehouse.lakehouse.delta_log import UPKEEP
from movie_lakehouse.lakehouse.internals import read_by_kernel

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from movie_lakehouse.lakehouse.place import Session


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
        """Those that its log names, as delta-rs reads it, or Delta a log that delta-rs does not read.

        Such is one of which a torn commit has been deleted, and not its checksum.

        Raises:
            TableError: the newest commit is damaged.
        """
        from movie_lakehouse.lakehouse.delta_rs import columns

        try:
            return columns(self.folder(table), table)
        except TableError:
            delta_log.last_change(self.folder(table))  # tells of a damaged commit, and what to do, without Spark
            return session().read.table(self.identifier(table)).columns

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
