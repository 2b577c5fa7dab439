"""Rows on standard output: a table for people, CSV or JSON for programs."""

import csv
import sys
from collections.abc import Iterable, Sequence
from enum import StrEnum
from itertools import islice
from typing import Any, TextIO

from movie_lakehouse.cli.cells import as_ascii, as_cell, as_csv, as_json
from movie_lakehouse.text import inert

MAX_TABLE_ROWS = 1000
"""Rows that a table shows; CSV and JSON give all, and hold only a few in memory."""


class OutputFormat(StrEnum):
    """How rows are written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def write_rows(columns: Sequence[str], rows: Iterable[Sequence[Any]], form: OutputFormat) -> None:
    """Write the rows to standard output in this form."""
    writers = {OutputFormat.TABLE: _write_table, OutputFormat.CSV: _write_csv, OutputFormat.JSON: _write_json}
    writers[form](columns, rows, sys.stdout)
    sys.stdout.flush()


def say(text: str) -> None:
    """One line of progress or notice on standard error."""
    print(inert(text), file=sys.stderr, flush=True)


def _write_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]], file: TextIO) -> None:
    """A line with the names, then a line a row."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(map(as_csv, columns))
    writer.writerows(map(as_csv, row) for row in rows)


def _write_json(columns: Sequence[str], rows: Iterable[Sequence[Any]], file: TextIO) -> None:
    """A list of objects, one a line, which any JSON parser reads whatever the encoding of the file."""
    escape = as_ascii if file.encoding and not file.encoding.lower().startswith("utf") else str
    before = "[\n"
    for row in rows:
        file.write(before + escape(as_json(dict(zip(columns, row, strict=True)))))
        before = ",\n"
    file.write("[]\n" if before == "[\n" else "\n]\n")


def _write_table(columns: Sequence[str], rows: Iterable[Sequence[Any]], file: TextIO) -> None:
    """Columns side by side; on a terminal cells wrap to fit, elsewhere a row is a line however long."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    shown = list(islice(rows, MAX_TABLE_ROWS + 1))
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
    for at, column in enumerate(columns):
        numeric = all(isinstance(row[at], int | float | None) for row in shown)
        table.add_column(Text(inert(column)), justify="right" if numeric else "left", overflow="fold")
    for row in shown[:MAX_TABLE_ROWS]:
        table.add_row(*(Text(as_cell(value)) for value in row))
    console = Console(file=file)
    if not console.is_terminal:
        console.width = console.measure(table, options=console.options.update(max_width=1_000_000)).maximum
    console.print(table)
    if len(shown) > MAX_TABLE_ROWS:
        say(f"These are the first {MAX_TABLE_ROWS:,} rows; --format csv or json gives all.")
