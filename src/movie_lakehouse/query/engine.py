"""DuckDB as it is used here: in memory, locked up, stopped by Ctrl-C, its errors told in a line."""

import math
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, TypeVar

import duckdb

from movie_lakehouse.errors import QueryError, TableError
from movie_lakehouse.query.delta import literal, quoted
from movie_lakehouse.waiting import SECONDS_BETWEEN_LOOKS

Answer = TypeVar("Answer")

SPARK_FUNCTIONS = ("try_element_at(list, place) AS list_extract(list, place)",)
"""Functions of Spark SQL that DuckDB has by another name alone, so that one text is answered by both."""
_ENGINES_KEPT: Final = 8
"""To make one takes 20 ms, which is longer than most questions do; it takes some 7 MB."""
_SECONDS_BETWEEN_INTERRUPTS: Final = 0.05


@dataclass(frozen=True)
class View:
    """A table as DuckDB has it: its schema and name, the query that gives its rows, and the files that this reads."""

    schema: str
    name: str
    query: str
    files: tuple[str, ...]


def open_engine(schemas: Sequence[str], views: Sequence[View] = ()) -> duckdb.DuckDBPyConnection:
    """A connection to a DuckDB that has these views and sees nothing else.

    It thinks in UTC, spills nothing to disk, loads no extension, sees no Python variable, reads no file but those of
    the views, and takes no settings. It may be that of an earlier question: nothing that a question can do stays in it.

    Args:
        schemas: those in which names without one are looked up; they are there even without a view.
        views: the views.

    Raises:
        duckdb.Error: a view's file is not there or cannot be read.
    """
    connection = _locked_engine(tuple(schemas), tuple(views)).cursor()
    for function in SPARK_FUNCTIONS:
        connection.execute(f"CREATE TEMPORARY MACRO {function}")
    connection.execute(f"SET search_path = '{','.join(schemas)}'")
    return connection


@lru_cache(_ENGINES_KEPT)
def _locked_engine(schemas: tuple[str, ...], views: tuple[View, ...]) -> duckdb.DuckDBPyConnection:
    """A DuckDB of which only other connections are used."""
    connection = duckdb.connect(
        ":memory:",
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "python_enable_replacements": "false",
            "temp_directory": "",
        },
    )
    connection.execute("SET GLOBAL TimeZone = 'UTC'")
    for schema in dict.fromkeys([*schemas, *(view.schema for view in views)]):
        connection.execute(f"CREATE SCHEMA {quoted(schema)}")
    for view in views:
        connection.execute(f"CREATE VIEW {quoted(view.schema)}.{quoted(view.name)} AS {view.query}")
    allowed = ", ".join(literal(file) for view in views for file in view.files)
    connection.execute(f"SET allowed_paths = [{allowed}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def interruptibly(
    connection: duckdb.DuckDBPyConnection, work: Callable[[], Answer], max_seconds: float | None = None
) -> Answer:
    """Do what may take long on the connection, until it is done, Ctrl-C is typed or the seconds are over.

    DuckDB may not look for signals before its work is done, so the work has a thread of its own and this one waits.

    Raises:
        QueryError: DuckDB cannot do it, or not within these seconds.
        TableError: a file of rows is gone, or torn.
    """
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(work)
        try:
            return _awaited(future, max_seconds)
        except KeyboardInterrupt:
            _interrupt(connection, future)
            raise
        except TimeoutError as error:
            _interrupt(connection, future)
            raise QueryError(f"The answer takes longer than {max_seconds:g} seconds: it was given up.") from error
        except duckdb.Error as error:
            raise in_one_line(error) from error


def _awaited(work: Future[Answer], max_seconds: float | None) -> Answer:
    """The outcome of the work.

    Raises:
        TimeoutError: there is none within these seconds.
    """
    deadline = time.monotonic() + (math.inf if max_seconds is None else max_seconds)
    while not work.done() and (left := deadline - time.monotonic()) > 0:
        wait([work], min(left, SECONDS_BETWEEN_LOOKS))
    return work.result(0)


def _interrupt(connection: duckdb.DuckDBPyConnection, work: Future[Any]) -> None:
    """Interrupt until the work has ended: a query that has not begun does not notice."""
    while not work.done():
        connection.interrupt()
        wait([work], _SECONDS_BETWEEN_INTERRUPTS)


def in_one_line(error: duckdb.Error) -> QueryError | TableError:
    r"""DuckDB's error without the drawing of its place in the text; of a file of rows, with what to do about it.

    >>> print(in_one_line(duckdb.BinderException("Binder Error: no column x\nCandidates: y\n\nLINE 1: SELECT x")))
    Binder Error: no column x Candidates: y
    >>> print(in_one_line(duckdb.IOException("IO Error: There is no tags/1.parquet")))
    IO Error: There is no tags/1.parquet: put the file back from a copy, or make the lakehouse anew from its source.
    """
    line = " ".join(str(error).split("\n\n")[0].split())
    if isinstance(error, duckdb.IOException | duckdb.InvalidInputException) and ".parquet" in line:
        return TableError(f"{line}: put the file back from a copy, or make the lakehouse anew from its source.")
    return QueryError(line)
