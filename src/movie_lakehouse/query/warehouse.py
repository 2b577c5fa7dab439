"""A lakehouse in a catalog of Unity Catalog, read through a SQL warehouse: the same statements, the same binding."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from importlib import import_module
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

from movie_lakehouse.errors import QueryError, SetupError
from movie_lakehouse.query.reading import refuse_all_but_reading
from movie_lakehouse.query.rows import Rows

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

SCHEMAS = ("bronze", "silver", "gold", "ops")

_TABLE = re.compile(rf"\b({'|'.join(SCHEMAS)})\.(\w+)")
_TABLES = "SELECT table_schema, table_name FROM information_schema.tables ORDER BY table_schema, table_name"


class Cursor(Protocol):
    """What is used of a cursor of databricks-sql-connector."""

    def execute(self, operation: str, parameters: list[Any]) -> object:
        """Run a statement whose ``?`` the server binds to the parameters."""

    def fetchall_arrow(self) -> "pa.Table":
        """The whole answer."""

    def close(self) -> None:
        """Let the server forget the answer."""


class Connection(Protocol):
    """What is used of a connection of databricks-sql-connector; its catalog is the lakehouse's."""

    def cursor(self) -> Cursor:
        """A cursor."""


class WarehouseReader:
    """The tables of the connection's catalog whose schemas are named with this prefix.

    Its statements are the program's own texts, in which tables go by schema and name; what people type is bound.
    Threads may share it and take turns: the connector lets none share a connection (its PEP 249 threadsafety is 1).
    """

    def __init__(
        self, connect: Callable[[], Connection], schema_prefix: str = "", versions: Mapping[str, int] | None = None
    ) -> None:
        if not re.fullmatch(r"\w*", schema_prefix):
            raise SetupError(f"The schema prefix {schema_prefix!r} may have letters, digits and underscores alone.")
        self._connect = connect
        self._prefix = schema_prefix
        self._turn = Lock()
        self._versions = versions or {}

    def at(self, versions: Mapping[str, int]) -> "WarehouseReader":
        """Reads the same tables over the same connection, those that are named each at its version."""
        reader = WarehouseReader(self._connect, self._prefix, versions)
        reader._turn = self._turn
        return reader

    def tables(self) -> list[str]:
        """The names of the tables that there are and that one may read, layer by layer.

        Raises:
            QueryError: the warehouse does not answer.
        """
        own = {f"{self._prefix}{schema}": schema for schema in SCHEMAS}
        found = [(own[schema], name) for schema, name in self.sql(_TABLES) if schema in own]
        return [f"{schema}.{name}" for schema, name in sorted(found, key=lambda row: (SCHEMAS.index(row[0]), row[1]))]

    def sql(self, text: str, parameters: Sequence[Any] = ()) -> Rows:
        """The answer to one reading statement; ``?`` in it stands for a parameter.

        Raises:
            QueryError: the warehouse refuses it or cannot be reached.
        """
        answer = self._answer(text, parameters)
        return Rows(tuple(answer.column_names), [tuple(row.values()) for row in answer.to_pylist()])

    def arrays(self, text: str, parameters: Sequence[Any] = ()) -> "dict[str, np.ndarray[Any, Any]]":
        """The answer's columns as numpy arrays, by name; as ``sql`` otherwise."""
        answer = self._answer(text, parameters)
        return {name: answer[name].to_numpy() for name in answer.column_names}

    def _answer(self, text: str, parameters: Sequence[Any]) -> "pa.Table":
        """Run the statement."""
        refuse_all_but_reading(text)
        expanded, values = with_lists_expanded(_TABLE.sub(self._identified, text), parameters)
        try:
            with self._turn, closing(self._connect().cursor()) as cursor:
                cursor.execute(expanded, values)
                return cursor.fetchall_arrow()
        except Exception as error:  # whatever the connector and its transport raise
            raise QueryError(f"The SQL warehouse: {' '.join(str(error).split())[:300]}") from error

    def _identified(self, found: re.Match[str]) -> str:
        """A table of a statement by the name that it has in the catalog, at its version where it has one."""
        version = self._versions.get(found[0])
        return f"{self._prefix}{found[0]}" + ("" if version is None else f" VERSION AS OF {version}")


def with_lists_expanded(text: str, parameters: Sequence[Any]) -> tuple[str, list[Any]]:
    """The text with ``array(?, ?)`` for each marker of a list, since a warehouse binds single values alone.

    >>> with_lists_expanded("SELECT array_contains(?, movie_id) FROM m LIMIT ?", [[3, 5], 10])
    ('SELECT array_contains(array(?, ?), movie_id) FROM m LIMIT ?', [3, 5, 10])
    """
    parts = text.split("?")
    pieces, values = [parts[0]], []
    for value, part in zip(parameters, parts[1:], strict=True):
        pieces += [f"array({', '.join('?' * len(value))})" if isinstance(value, list) else "?", part]
        values += value if isinstance(value, list) else [value]
    return "".join(pieces), values


def connect_to_warehouse(host: str, warehouse_id: str, catalog: str, max_seconds: float) -> Connection:
    """A connection with the credentials of the environment, which in a Databricks App are the app's own.

    A statement that takes longer than these seconds is stopped by the warehouse.

    Raises:
        SetupError: the packages for it are missing.
    """
    try:
        sql = import_module("databricks.sql")
        config = import_module("databricks.sdk.core").Config(host=host)
    except ImportError as error:
        raise SetupError(
            "Reading through a SQL warehouse needs packages that are missing: pip install databricks-sql-connector "
            "databricks-sdk."
        ) from error
    connection: Connection = sql.connect(
        server_hostname=host.removeprefix("https://"),
        http_path=f"/sql/1.0/warehouses/{warehouse_id}",
        credentials_provider=lambda: config.authenticate,
        catalog=catalog,
        session_configuration={"STATEMENT_TIMEOUT": str(int(max_seconds))},
    )
    return connection
