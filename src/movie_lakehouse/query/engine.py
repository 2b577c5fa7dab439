"""DuckDB as it is used here: in memory, locked up, stopped by Ctrl-C, its errors told in a line."""

import math
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, Final, TypeVar

import duckdb

from movie_lakehouse.errors import QueryError
from movie_lakehouse.query.delta import literal

Answer = TypeVar("Answer")

SPARK_FUNCTIONS = ("try_element_at(list, place) AS list_extract(list, place)",)
"""Functions of Spark SQL that DuckDB has by another name alone, so that one text is answered by both."""
_SECONDS_BETWEEN_INTERRUPTS: Final = 0.05
_SECONDS_BETWEEN_LOOKS: Final = 0.5
"""Ctrl-C wakes the thread that waits, but for the rare signal that another thread is given: it looks for itself."""


def open_engine(schemas: Sequence[str]) -> duckdb.DuckDBPyConnection:
    """A DuckDB with these empty schemas that thinks in UTC and spills nothing to disk.

    It loads no extension and sees no Python variable. It still reads files, so that views of them can be made, until
    ``lock_engine``.
    """
    connection = duckdb.connect(
        ":memory:",
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "python_enable_replacements": "false",
            "temp_directory": "",
        },
    )
    connection.execute("SET TimeZone = 'UTC'")
    for function in SPARK_FUNCTIONS:
        connection.execute(f"CREATE TEMPORARY MACRO {function}")
    for schema in schemas:
        connection.execute(f"CREATE SCHEMA {schema}")
    connection.execute(f"SET search_path = '{','.join(schemas)}'")
    return connection


def lock_engine(connection: duckdb.DuckDBPyConnection, files: Sequence[str]) -> None:
    """From now on it reads these files and nothing else, and no setting changes that."""
    connection.execute(f"SET allowed_paths = [{', '.join(map(literal, files))}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def interruptibly(
    connection: duckdb.DuckDBPyConnection, work: Callable[[], Answer], max_seconds: float | None = None
) -> Answer:
    """Do what may take long on the connection, until it is done, Ctrl-C is typed or the seconds are over.

    DuckDB may not look for signals before its work is done, so the work has a thread of its own and this one waits.

    Raises:
        QueryError: DuckDB cannot do it, or not within these seconds.
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
        wait([work], min(left, _SECONDS_BETWEEN_LOOKS))
    return work.result(0)


def _interrupt(connection: duckdb.DuckDBPyConnection, work: Future[Any]) -> None:
    """Interrupt until the work has ended: a query that has not begun does not notice."""
    while not work.done():
        connection.interrupt()
        wait([work], _SECONDS_BETWEEN_INTERRUPTS)


def in_one_line(error: duckdb.Error) -> QueryError:
    r"""DuckDB's error without the drawing of its place in the text.

    >>> print(in_one_line(duckdb.BinderException("Binder Error: no column x\nCandidates: y\n\nLINE 1: SELECT x")))
    Binder Error: no column x Candidates: y
    """
    return QueryError(" ".join(str(error).split("\n\n")[0].split()))
