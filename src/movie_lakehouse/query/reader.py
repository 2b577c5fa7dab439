"""A lakehouse in a folder, read without Spark. Reading only: no statement typed here can change or leave it."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
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

_OWN_SCHEMA = re.compile(rf"({'|'.join(SCHEMAS)})(?:@(\d+))?")


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

    def tables(self) -> list[str]:
        """The names of the tables that there are, layer by layer.

        Raises:
            TableError: there is no lakehouse.
        """
        if not self.root.is_dir():
            raise TableError(f"There is no lakehouse at {self.root}; `lakehouse run` makes one, --root names another.")
        logs = [log for schema in SCHEMAS for log in sorted((self.root / schema).glob("*/_delta_log"))]
        names = [f"{log.parent.parent.name}.{log.parent.name}" for log in logs if any(log.glob("*.json"))]
        if self.snapshot is None:
            return names
        return [name for name in names if name in self.snapshot.versions or name.startswith("ops.")]

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

    def _folder(self, name: str) -> Path:
        """The folder of a table that is there."""
        names = self.tables()
        if name not in names:
            then = "" if self.snapshot is None else f" at the run {self.snapshot.run_id}"
            there = f"there are {', '.join(names)}" if names else "there are none yet"
            raise TableError(f"The table {name} is not there{then}; `lakehouse run` makes it, and {there}.")
        return self.root.joinpath(*name.split("."))

    def _execute(self, text: str, parameters: Parameters) -> duckdb.DuckDBPyConnection:
        """Start the statement in a DuckDB that has the tables it names and nothing else."""
        text = with_version_schemas(text)
        try:
            statement = parse_statement(open_engine(SCHEMAS), text)
            connection = open_engine(SCHEMAS, [*self._views(statement)])
        except duckdb.Error as error:
            raise in_one_line(error) from error
        try:
            return self._within(connection, lambda: connection.execute(text, parameters))
        except QueryError as error:
            meant = [name for name in self.tables() if name.split(".")[1] in statement.bare_names]
            if not meant or not isinstance(error.__cause__, duckdb.CatalogException):
                raise
            raise QueryError(f"Name tables with their schema: {', '.join(meant)}.") from error

    def _views(self, statement: Statement) -> Iterator[View]:
        """The tables that the statement names, as they are now or as they were at the versions it names."""
        for name in sorted(statement.tables.union(self.tables() if statement.lists_tables else ())):
            schema, _, table_name = name.partition(".")
            if not (own := _OWN_SCHEMA.fullmatch(schema)):
                continue
            plain_name = f"{own[1]}.{table_name}"
            table = self.open(plain_name, int(own[2]) if own[2] else None)
            files = data_files(table, self._folder(plain_name))
            yield View(schema, table_name, view_query(table, files), tuple(files))

    def _fetch(self, connection: duckdb.DuckDBPyConnection) -> Iterator[Row]:
        """The rows of the running statement, a batch in memory at a time."""
        while batch := self._within(connection, lambda: connection.fetchmany(BATCH)):
            yield from batch

    def _within(self, connection: duckdb.DuckDBPyConnection, work: Callable[[], Answer]) -> Answer:
        """Do the work within the bound of this reader."""
        return interruptibly(connection, work, self.max_seconds)


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    """The names with a number after those that come again, as DuckDB has them in a subquery.

    >>> _distinct(["movie_id", "title", "title"])
    ('movie_id', 'title', 'title_1')
    """
    return tuple(
        name if name not in names[:at] else f"{name}_{names[:at].count(name)}" for at, name in enumerate(names)
    )
