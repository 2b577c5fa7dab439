"""What tables and columns are: rows, versions, sizes and types from Delta's log, without reading the data."""

from datetime import UTC, datetime

from deltalake import DeltaTable

from movie_lakehouse.lakehouse.tables import ALL_TABLES
from movie_lakehouse.query.delta import duckdb_type
from movie_lakehouse.query.reader import LakehouseReader
from movie_lakehouse.query.rows import Rows

COLUMNS = ("table", "rows", "version", "changed_at", "size_bytes", "key")


def table_facts(reader: LakehouseReader) -> Rows:
    """A row for each table there is, layer by layer.

    The columns: table; rows, null where the log does not say; version; changed_at (UTC); size_bytes of the current
    files; key, the columns that are unique together.

    Raises:
        TableError: there is no lakehouse, or a table cannot be read.
    """
    return Rows(COLUMNS, [_facts(name, reader.open(name)) for name in reader.tables()])


def _facts(name: str, table: DeltaTable) -> tuple[str, int | None, int, datetime, int, str]:
    """The facts of one table, in the order of ``COLUMNS``."""
    files = table.get_add_actions(flatten=True)
    counts = files["num_records"].to_pylist()
    changed_at = datetime.fromtimestamp(table.history(1)[0]["timestamp"] / 1000, tz=UTC)
    key = ALL_TABLES[name].key if name in ALL_TABLES else ()
    return (
        name,
        None if None in counts else sum(counts),
        table.version(),
        changed_at,
        sum(files["size_bytes"].to_pylist()),
        ", ".join(key),
    )


def column_facts(reader: LakehouseReader, name: str) -> Rows:
    """A row for each column of a table: column; type, as DuckDB has it; meaning, null where none is declared.

    Raises:
        TableError: the table is not there, or cannot be read.
    """
    declared = ALL_TABLES[name].columns if name in ALL_TABLES else ()
    meanings = {column.name: column.comment for column in declared}
    fields = reader.open(name).schema().fields
    rows = [(field.name, duckdb_type(field.type), meanings.get(field.name)) for field in fields]
    return Rows(("column", "type", "meaning"), rows)
