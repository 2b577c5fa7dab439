"""Where the explorer reads: a folder, or a catalog through a SQL warehouse; and which versions of the tables."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from movie_lakehouse.errors import SetupError
from movie_lakehouse.lakehouse.delta_log import newest_version
from movie_lakehouse.query.rows import NEWEST, PUBLICATIONS, Reader

if TYPE_CHECKING:
    from movie_lakehouse.query.warehouse import WarehouseReader

ROOT, CATALOG, PREFIX = "LAKEHOUSE_ROOT", "LAKEHOUSE_CATALOG", "LAKEHOUSE_SCHEMA_PREFIX"
HOST, WAREHOUSE = "DATABRICKS_HOST", "DATABRICKS_WAREHOUSE_ID"

JOB_RUNS = "ops.job_runs"

MAX_SECONDS = 30.0
"""How long one question of a page may take; a visitor who asks for more is told so."""

State = tuple[tuple[str, str], ...]
"""What tells one state of the tables from another; what was read in a state is kept under it."""


@dataclass(frozen=True)
class Place:
    """A lakehouse's folder or, where a catalog is named, its catalog and what goes before its schemas' names."""

    root: Path
    catalog: str | None = None
    schema_prefix: str = ""

    def environment(self) -> dict[str, str]:
        """The variables that tell the pages, which Streamlit runs as scripts, where they read."""
        where = {ROOT: str(self.root), CATALOG: self.catalog, PREFIX: self.schema_prefix}
        return {name: value for name, value in where.items() if value is not None}

    @classmethod
    def of_environment(cls, variables: Mapping[str, str]) -> "Place":
        """The place that ``environment`` has told."""
        return cls(Path(variables.get(ROOT, "lakehouse")), variables.get(CATALOG), variables.get(PREFIX, ""))

    def __str__(self) -> str:
        """As people know it."""
        return f"the catalog {self.catalog}" if self.catalog else str(self.root)


class Source(Protocol):
    """A lakehouse that changes while it is looked at."""

    def state(self) -> State:
        """The state that the tables are in now."""

    def reader_at(self, state: State) -> Reader:
        """Reads the tables, all in that state."""


@dataclass(frozen=True)
class FolderSource:
    """Tables in a folder; a state is the version of each that people query, and stays readable when there are newer."""

    root: Path

    def state(self) -> State:
        """The version of every table as it was last published; its newest, where nothing has been published yet.

        Raises:
            TableError: there is no lakehouse.
        """
        from movie_lakehouse.query.published import published_reader

        reader = published_reader(self.root)
        published = {} if reader.snapshot is None else reader.snapshot.versions
        # The logs of published tables need not be listed, and this is asked for every page.
        folders = {name: self.root.joinpath(*name.split(".")) for name in reader.tables()}
        return tuple(
            (name, str(published[name] if name in published else newest_version(folder)))
            for name, folder in folders.items()
        )

    def reader_at(self, state: State) -> Reader:
        """Reads the tables at these versions, however long the page takes."""
        from movie_lakehouse.query.reader import LakehouseReader, Snapshot

        versions = {name: int(version) for name, version in state}
        return LakehouseReader(self.root, Snapshot("that is shown", versions), MAX_SECONDS)


class WarehouseSource:
    """Tables of a catalog; a state is the newest publication, or before there is one the last task that ended."""

    def __init__(self, place: Place, variables: Mapping[str, str]) -> None:
        missing = [name for name in (HOST, WAREHOUSE) if not variables.get(name)]
        if missing:
            raise SetupError(f"Reading a catalog needs {' and '.join(missing)} in the environment; in an app they are.")
        self._place = place
        self._host, self._warehouse_id = variables[HOST], variables[WAREHOUSE]

    @cached_property
    def _reader(self) -> "WarehouseReader":
        """Reads through one connection, which is made when it is first needed."""
        from movie_lakehouse.query.warehouse import WarehouseReader, connect_to_warehouse

        connection = connect_to_warehouse(self._host, self._warehouse_id, self._place.catalog or "", MAX_SECONDS)
        return WarehouseReader(lambda: connection, self._place.schema_prefix)

    def state(self) -> State:
        """The version of every table as it was last published; the end of the last task, where nothing has been yet.

        Raises:
            QueryError: the warehouse does not answer, or there is no ops.job_runs yet.
        """
        if PUBLICATIONS in self._reader.tables():
            for _, tables in self._reader.sql(NEWEST):
                return tuple((name, str(version)) for name, version in sorted(dict(tables).items()))
        (ended_at,) = next(iter(self._reader.sql("SELECT CAST(max(ended_at) AS STRING) FROM ops.job_runs")))
        return ((JOB_RUNS, ended_at or ""),)

    def reader_at(self, state: State) -> Reader:
        """Reads the tables at the versions published; before there are any, as they are at each question."""
        versions = {name: int(version) for name, version in state if name != JOB_RUNS}
        return self._reader.at(versions) if versions else self._reader


def source_of(variables: Mapping[str, str] = os.environ) -> Source:
    """The source that the environment names.

    Raises:
        SetupError: a catalog is named and no warehouse.
    """
    place = Place.of_environment(variables)
    return WarehouseSource(place, variables) if place.catalog else FolderSource(place.root)
