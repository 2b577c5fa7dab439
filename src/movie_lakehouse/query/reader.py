"""A lakehouse in a folder, read without Spark. Reading only: no statement typed here can change or leave it."""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import duckdb
from deltalake import DeltaTable

from movie_lakehouse.errors import QueryError, TableError
from movie_lakehouse.query.delta import data_files, open_delta, view_query
from movie_lakehouse.query.engine import Answer, View, in_one_line, interruptibly, open_engine
from movie_lakehouse.query.rewriting import with_version_schemas
from movie_lakehouse.query.rows import Parameters, Row, Rows
from movie_lakehouse.query.statement import Statement, parse_statement

if TYPE_CHECKING:  # most commands do without
    import numpy as np

SCHEMAS = ("bronze", "silver", "gold", "ops")
BATCH = 10_000

_OWN_TABLE = re.compile(rf"({'|'.join(SCHEMAS)})(?:@(\d+))?\.(.+)", re.DOTALL)


@dataclass(frozen=True)
class Snapshot:
    """The tables as they were when a run had ended: the version of each that was there."""

    run_id: str
    versions: Mapping[str, int]


class LakehouseReader:
    """The tables under ROOT/schema/table. The DuckDB that answers a query sees just the files that it needs.

    With a snapshot they are as they were then, but for those of ops, which tell what happened. With a bound of seconds
    a statement, or the reading of a batch of its rows, that takes longer is given up.
    """

    def __init__(self, root: Path, snapshot: Snapshot | None = None, max_seconds: float | None = None) -> None:
        self.root = root
        self.snapshot = snapshot
        self.max_seconds = max_seconds
        self._together: frozenset[str] = frozenset()

    def together(self, names: Iterable[str]) -> "LakehouseReader":
        """The same for several questions about these tables, or those that there are: one DuckDB sees them all."""
        reader = LakehouseReader(self.root, self.snapshot, self.max_seconds)
        reader._together = frozenset(names).intersection(self.tables())
        return reader

    def tables(self) -> list[str]:
        """The names of the tables that there are, layer by layer.

        Raises:
            TableError: there is no lakehouse.
        """
        if not self.root.is_dir():
            raise TableError(f"There is no lakehouse at {self.root}; `lakehouse run` makes one, --root names another.")
        return [f"{schema}.{table}" for schema in SCHEMAS for table in self._tables_of(schema)]

    def open(self, name: str, version: int | None = None) -> DeltaTable:
        """The table as delta-rs opens it, now or at a version.

        Raises:
            TableError: it is not there, or cannot be read.
        """
        if version is None and self.snapshot is not None:
            version = self.snapshot.versions.get(name)
        return open_delta(self._folder(name), name, version)

    def table(self, name: str, version: int | None = None) -> Rows:
        """All rows of a table, now or at a version.

        Raises:
            TableError: it is not there, or cannot be read.
        """
        return self.sql(f"SELECT * FROM {name}" + ("" if version is None else f" VERSION AS OF {version}"))

    def sql(self, text: str, parameters: Parameters = ()) -> Rows:
        """The answer to one reading statement; ``?`` and ``$name`` in it stand for parameters.

        ``gold.movie_factors VERSION AS OF 3`` is a table as it was at a version.

        Raises:
            QueryError: the text is not one statement that reads, or does not fit the tables. Errors that only a row
                can cause, such as a failed cast, come while the rows are read.
            TableError: a table is not there, or cannot be read.
        """
        connection = self._execute(text, parameters)
        names = tuple(column[0] for column in connection.description or ())
        return Rows(_distinct(names), self._fetch(connection))

    def arrays(self, text: str, parameters: Parameters = ()) -> dict[str, "np.ndarray[Any, Any]"]:
        """The answer's columns as numpy arrays, by name; as ``sql`` otherwise."""
        connection = self._execute(text, parameters)
        return cast("dict[str, np.ndarray[Any, Any]]", self._within(connection, connection.fetchnumpy))

    def _tables_of(self, schema: str) -> list[str]:
        """The names of a schema's tables, without the schema.

        Raises:
            TableError: its folder may not be read.
        """
        folder = self.root / schema
        if folder.is_dir() and not os.access(folder, os.R_OK | os.X_OK):
            raise TableError(f"The folder {folder} cannot be read: permission denied.")
        logs = sorted(folder.glob("*/_delta_log"))
        names = [log.parent.name for log in logs if any(log.glob("*.json"))]
        if self.snapshot is None or schema == "ops":
            return names
        return [name for name in names if f"{schema}.{name}" in self.snapshot.versions]

    def _folder(self, name: str) -> Path:
        """The folder of a table that is there."""
        schema, _, table = name.partition(".")
        if schema in SCHEMAS and table in self._tables_of(schema):
            return self.root / schema / table
        from movie_lakehouse.lakehouse.tables import ALL_TABLES  # which only this asks

        names = self.tables()
        made = "; `lakehouse run` makes it" if name in ALL_TABLES else ""
        then = "" if self.snapshot is None else f" at the run {self.snapshot.run_id}"
        there = f"there are {', '.join(names)}" if names else "there are none yet"
        raise TableError(f"The table {name} is not there{then}{made}; {there}.")

    def _execute(self, text: str, parameters: Parameters) -> duckdb.DuckDBPyConnection:
        """Start the statement in a DuckDB that has the tables it names and nothing else."""
        text = with_version_schemas(text)
        try:
            statement = parse_statement(open_engine(SCHEMAS), text)
            connection = open_engine(SCHEMAS, self._views(statement))
        except duckdb.Error as error:
            raise in_one_line(error) from error
        try:
            return self._within(connection, lambda: connection.execute(text, parameters))
        except QueryError as error:
            meant = [name for name in self.tables() if name.split(".")[1] in statement.bare_names]
            if not meant or not isinstance(error.__cause__, duckdb.CatalogException):
                raise
            raise QueryError(f"Name tables with their schema: {', '.join(meant)}.") from error

    def _views(self, statement: Statement) -> tuple[View, ...]:
        """The tables that the statement names, with those that are asked about together where it names no others."""
        if statement.tables and statement.tables <= self._together and not statement.lists_tables:
            return self._shared_views
        return self._views_of(statement.tables.union(self.tables() if statement.lists_tables else ()))

    @cached_property
    def _shared_views(self) -> tuple[View, ...]:
        """The tables that are asked about together, as they are at the first question."""
        return self._views_of(self._together)

    def _views_of(self, names: Iterable[str]) -> tuple[View, ...]:
        """Tables as they are now, or as they were at the versions that their names have."""
        return tuple(self._view(own, name) for name in sorted(names) if (own := _OWN_TABLE.fullmatch(name)))

    def _view(self, own: re.Match[str], name: str) -> View:
        """A table of the lakehouse, by the parts of its name: its schema, a version or None, and the rest."""
        plain_name = f"{own[1]}.{own[3]}"
        table = self.open(plain_name, int(own[2]) if own[2] else None)
        files = data_files(table, self._folder(plain_name))
        return View(name.partition(".")[0], own[3], view_query(table, files), tuple(files))

    def _fetch(self, connection: duckdb.DuckDBPyConnection) -> Iterator[Row]:
        """The rows of the running statement, a batch in memory at a time."""
        while batch := self._within(connection, lambda: connection.fetchmany(BATCH)):
            yield from batch

    def _within(self, connection: duckdb.DuckDBPyConnection, work: Callable[[], Answer]) -> Answer:
        """Do the work within the bound of this reader."""
        return interruptibly(connection, work, self.max_seconds)


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    """The names, a number after those that come again.

    >>> _distinct(["movie_id", "title", "title", "title_1"])
    ('movie_id', 'title', 'title_1', 'title_1_1')
    """
    found: dict[str, None] = {}
    for name in names:
        numbered = (f"{name}_{number}" for number in count(1))
        found[next(one for one in chain([name], numbered) if one not in found)] = None
    return tuple(found)
