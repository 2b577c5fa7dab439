"""The data dictionary: every table and column in words, from the tables' declarations."""

from collections.abc import Iterator

from movie_lakehouse.lakehouse.contract import Table
from movie_lakehouse.lakehouse.tables import ALL_TABLES

_HEAD = """# Data dictionary

Every table of the lakehouse, each with what one row is. This page is written from the declarations in
`src/movie_lakehouse/lakehouse/tables`: change them, then run `make dictionary`. What each table must hold beyond its
types is in `expectations/`.
"""


def data_dictionary() -> str:
    """Give the dictionary as Markdown: for each table what a row is, its key, its constraints and its columns."""
    return "\n".join([_HEAD, *(line for table in ALL_TABLES.values() for line in _section(table))])


def _section(table: Table) -> Iterator[str]:
    """A table's lines."""
    yield f"## {table.name}\n"
    yield f"{table.comment}\n"
    if table.key:
        yield f"Key: {', '.join(f'`{column}`' for column in table.key)}.\n"
    for name, check in table.checks.items():
        yield f"Constraint `{name}`: `{check}`.\n"
    if table.open_columns:
        yield "Columns of the file beyond these are kept after them.\n"
    yield "| column | type | null | meaning |\n| --- | --- | --- | --- |"
    for column in table.columns:
        null = "yes" if column.nullable else "no"
        yield f"| `{column.name}` | {_cell(column.type)} | {null} | {_cell(column.comment)} |"
    yield ""


def _cell(text: str) -> str:
    r"""The text as it must stand in a Markdown table.

    >>> _cell("genres with | between them")
    'genres with \\| between them'
    """
    return text.replace("|", r"\|").replace("<", r"\<")


if __name__ == "__main__":
    print(data_dictionary(), end="")
