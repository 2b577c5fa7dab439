"""Every table of the lakehouse, a module a schema."""

from movie_lakehouse.errors import TableError
from movie_lakehouse.lakehouse.contract import Table
from movie_lakehouse.lakehouse.tables import bronze, gold, ops, silver

ALL_TABLES: dict[str, Table] = {table.name: table for layer in (bronze, silver, gold, ops) for table in layer.TABLES}


def table_named(name: str) -> Table:
    """The declaration of a table.

    Raises:
        TableError: there is no such table; the message names those there are.
    """
    try:
        return ALL_TABLES[name]
    except KeyError:
        raise TableError(f"There is no table {name}; the tables are {', '.join(ALL_TABLES)}.") from None


__all__ = ["ALL_TABLES", "bronze", "gold", "ops", "silver", "table_named"]
