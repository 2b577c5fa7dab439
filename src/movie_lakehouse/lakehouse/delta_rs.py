"""A folder's Delta tables without Spark, by delta-rs: a question with few answers, a few rows more.

Delta keeps what it promises whoever writes: commits are whole, CHECK constraints hold, and of two that append at once
neither is lost.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from deltalake import DeltaTable, QueryBuilder, write_deltalake
from deltalake.exceptions import DeltaError

from movie_lakehouse.errors import TableError, reason_of
from movie_lakehouse.lakehouse.delta_log import last_change
from movie_lakehouse.lakehouse.folder_names import refuse_unusable


def open_table(folder: Path, name: str, version: int | None = None) -> DeltaTable:
    """Open the table in the folder, now or as it was at a version.

    Raises:
        TableError: there is no such version, or the table cannot be read here; of a newest commit that is damaged, what
            to do with it.
    """
    refuse_unusable(folder)
    try:
        return DeltaTable(folder.absolute().as_uri(), version=version)
    except (DeltaError, OSError) as error:
        last_change(folder)  # reads the newest commit, and knows what to say of one that is damaged
        at = "" if version is None else f" at version {version}"
        raise TableError(f"The table {name} cannot be read{at}: {reason_of(error)}.") from error


def file_paths(table: DeltaTable, folder: Path) -> list[Path]:
    """The files that hold the rows of a folder's table at its version; Delta writes their names as URLs."""
    return [folder.absolute() / unquote(path) for path in table.get_add_actions(flatten=True)["path"].to_pylist()]


def answer(folder: Path, name: str, query: str, version: int | None = None) -> list[dict[str, Any]]:
    """The rows that answer a query whose table is ``{table}``, now or at a version.

    Raises:
        TableError: the table cannot be read.
    """
    import pyarrow as pa  # slow to load, and of no use to those who only open tables

    table = open_table(folder, name, version)
    try:
        found = QueryBuilder().register("asked", table).execute(query.format(table="asked")).read_all()
    except Exception as error:  # a file of rows that is gone or torn has no class of its own
        raise TableError(f"The table {name} cannot be read: {reason_of(error)}.") from error
    rows: list[dict[str, Any]] = pa.table(found).to_pylist()
    return rows


def columns(folder: Path, name: str) -> list[str]:
    """The names of the table's columns.

    Raises:
        TableError: the table cannot be read.
    """
    return [field.name for field in open_table(folder, name).schema().fields]


def append_rows(folder: Path, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows with the table's own columns, in one commit.

    Raises:
        TableError: the rows break a constraint of the table, or it cannot be written.
    """
    import pyarrow as pa

    table = open_table(folder, name)
    schema = pa.schema(table.schema().to_arrow())
    try:
        write_deltalake(table, pa.Table.from_pylist(list(rows), schema=schema), mode="append")
    except (DeltaError, OSError) as error:
        raise TableError(f"The table {name} cannot be written: {reason_of(error)}.") from error
