"""A Delta table in a folder, opened without Spark, and the DuckDB view that reads just its current files."""

from collections.abc import Sequence
from pathlib import Path

from deltalake import DeltaTable
from deltalake.schema import ArrayType, MapType, PrimitiveType, StructType, VariantType

from movie_lakehouse.errors import TableError
from movie_lakehouse.lakehouse.delta_rs import file_paths, open_table

DataType = PrimitiveType | ArrayType | MapType | StructType | VariantType

READER_FEATURES = {"timestampNtz", "vacuumProtocolCheck"}
"""Delta reader features that need nothing of a reader that lists files from the log and reads them as they are."""

_PRIMITIVES = {
    "string": "VARCHAR",
    "long": "BIGINT",
    "integer": "INTEGER",
    "short": "SMALLINT",
    "byte": "TINYINT",
    "float": "FLOAT",
    "double": "DOUBLE",
    "boolean": "BOOLEAN",
    "binary": "BLOB",
    "date": "DATE",
    "timestamp": "TIMESTAMPTZ",
    "timestamp_ntz": "TIMESTAMP",
}


def open_delta(folder: Path, name: str, version: int | None = None) -> DeltaTable:
    """Open the table in the folder, now or as it was at a version.

    Raises:
        TableError: there is no such version, or the table cannot be read here.
    """
    table = open_table(folder, name, version)
    _refuse_unreadable(table, name)
    return table


def _refuse_unreadable(table: DeltaTable, name: str) -> None:
    """Refuse what would be read wrongly rather than not at all."""
    protocol = table.protocol()
    needed = set(protocol.reader_features or ()) - READER_FEATURES
    if protocol.min_reader_version == 2:
        needed.add("columnMapping")
    if table.metadata().partition_columns:
        needed.add("partitions")
    if needed:
        raise TableError(f"The table {name} uses {', '.join(sorted(needed))}, which only Spark reads.")


def data_files(table: DeltaTable, folder: Path) -> list[str]:
    """The files that hold the table's rows at its version.

    Raises:
        TableError: the log, or a symbolic link, leads to a file outside the lakehouse that the folder is in.
    """
    root = folder.absolute().parents[1].resolve()
    paths = file_paths(table, folder)
    for path in paths:
        if not path.resolve().is_relative_to(root):
            name = f"{folder.parent.name}.{folder.name}"
            raise TableError(f"The table {name} has a file outside the lakehouse, {path}: it is not read.")
    return [str(path) for path in paths]


def view_query(table: DeltaTable, files: Sequence[str]) -> str:
    """The DuckDB query that gives the table's rows in the table's own columns and types, whatever its files hold.

    The rowless first part fixes the types, and gives nulls for columns that came later than a file.
    """
    fields = table.schema().fields
    typed = ", ".join(f"NULL::{duckdb_type(field.type)} AS {quoted(field.name)}" for field in fields)
    columns = ", ".join(quoted(field.name) for field in fields)
    if not files:
        return f"SELECT {typed} WHERE false"
    paths = ", ".join(literal(file) for file in files)
    return (
        f"SELECT {columns} FROM (SELECT {typed} WHERE false UNION ALL BY NAME "
        f"SELECT * FROM read_parquet([{paths}], union_by_name = true, hive_partitioning = false))"
    )


def duckdb_type(delta_type: DataType) -> str:
    """The DuckDB type of a Delta type.

    >>> from deltalake.schema import Field
    >>> duckdb_type(ArrayType(StructType([Field("movie_id", "integer"), Field("title", "string")]), True))
    'STRUCT("movie_id" INTEGER, "title" VARCHAR)[]'
    """
    if isinstance(delta_type, ArrayType):
        return f"{duckdb_type(delta_type.element_type)}[]"
    if isinstance(delta_type, MapType):
        return f"MAP({duckdb_type(delta_type.key_type)}, {duckdb_type(delta_type.value_type)})"
    if isinstance(delta_type, StructType):
        fields = (f"{quoted(field.name)} {duckdb_type(field.type)}" for field in delta_type.fields)
        return f"STRUCT({', '.join(fields)})"
    return _PRIMITIVES.get(delta_type.type, delta_type.type)  # decimal(p,s) is the same in both


def quoted(name: str) -> str:
    """The name as a SQL identifier.

    >>> print(quoted('a "b" c'))
    "a ""b"" c"
    """
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """The text as a SQL string.

    >>> literal("the user's")
    "'the user''s'"
    """
    return "'" + text.replace("'", "''") + "'"
