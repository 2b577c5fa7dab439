"""The command that answers SQL."""

from typing import Annotated

import typer

from movie_lakehouse.cli.options import DEFAULT_ROOT, Form, Root
from movie_lakehouse.cli.output import OutputFormat, write_rows


def sql(
    text: Annotated[str, typer.Argument(metavar="SQL", help="One statement that reads, such as SELECT or DESCRIBE.")],
    root: Root = DEFAULT_ROOT,
    form: Form = OutputFormat.TABLE,
) -> None:
    """Query the tables bronze.*, silver.*, gold.* and ops.* in SQL (DuckDB's); times are UTC."""
    from movie_lakehouse.query.reader import LakehouseReader

    answer = LakehouseReader(root).sql(text)
    write_rows(answer.columns, answer, form)
