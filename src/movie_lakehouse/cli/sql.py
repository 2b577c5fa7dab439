"""The command that answers SQL: a statement, a saved query by name, or what one types at a prompt."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from movie_lakehouse.cli.options import DEFAULT_ROOT, Form, Root
from movie_lakehouse.cli.output import OutputFormat, write_rows
from movie_lakehouse.errors import QueryError, SettingError

if TYPE_CHECKING:
    from movie_lakehouse.query.reader import LakehouseReader
    from movie_lakehouse.query.rows import Rows

NAMES_UNKNOWN = {"ignore_unknown_options": True}
"""Typer's settings for a command that takes options that only a saved query knows."""


def sql(
    *,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SQL] | --NAME VALUE ...",
            help="One statement that reads, such as SELECT or DESCRIBE; with --saved, what the query must be told.",
            show_default=False,
        ),
    ] = None,
    saved: Annotated[str | None, typer.Option("--saved", metavar="NAME", help="Answer this saved query.")] = None,
    list_saved: Annotated[bool, typer.Option("--list", help="List the saved queries and their parameters.")] = False,
    queries: Annotated[
        Path | None,
        typer.Option("--queries", help="The folder of saved queries, if not the one beside the bundle here or above."),
    ] = None,
    at_run: Annotated[
        str | None, typer.Option("--at-run", metavar="RUN_ID", help="Read the tables as this run of the job left them.")
    ] = None,
    root: Root = DEFAULT_ROOT,
    form: Form = OutputFormat.TABLE,
) -> None:
    """Query the tables bronze.*, silver.*, gold.* and ops.* in SQL (DuckDB's); times are UTC.

    Without a statement it is read from standard input, or on a terminal a prompt opens.
    """
    if list_saved:
        answer = _saved_queries(queries)
    elif saved is not None:
        answer = _saved_answer(_reader(root, at_run), queries, saved, words or [])
    elif words or not sys.stdin.isatty():
        answer = _reader(root, at_run).sql(_statement(words or []))
    else:
        return _converse(_reader(root, at_run), form)
    return write_rows(answer.columns, answer, form)


def _reader(root: Path, at_run: str | None) -> "LakehouseReader":
    """Reads the tables as they were last published, or as the run left them."""
    from movie_lakehouse.query.published import published_reader
    from movie_lakehouse.query.reader import LakehouseReader
    from movie_lakehouse.query.runs import snapshot_at_run

    if at_run is None:
        return published_reader(root)
    return LakehouseReader(root, snapshot_at_run(LakehouseReader(root), at_run))


def _converse(reader: "LakehouseReader", form: OutputFormat) -> None:
    """Answer statement after statement; the prompt itself goes to standard error, so that data can be redirected."""
    from prompt_toolkit.application import create_app_session
    from prompt_toolkit.output import create_output

    from movie_lakehouse.cli.prompt import converse

    with create_app_session(output=create_output(sys.stderr)):
        converse(reader, form)


def _statement(words: list[str]) -> str:
    """The one statement typed, or that on standard input."""
    if not words:
        return _typed()
    if options := [word for word in words if word.startswith("-") and " " not in word]:
        raise SettingError(f"There is no option {options[0]} without --saved NAME; `lakehouse sql --help` lists them.")
    if len(words) != 1:
        raise SettingError(f"Give one SQL statement in quotes; there are {len(words)} arguments.")
    return words[0]


def _typed() -> str:
    """The statement on standard input.

    Raises:
        QueryError: it is no text; what is none comes as lone surrogates where the locale names no encoding.
    """
    try:
        text = sys.stdin.read()
        text.encode()
    except UnicodeError as error:
        raise QueryError(f"The statement on standard input is not text in {sys.stdin.encoding}.") from error
    return text


def _saved_answer(reader: "LakehouseReader", queries: Path | None, name: str, words: list[str]) -> "Rows":
    """The answer to a saved query."""
    from movie_lakehouse.arguments import argument_pairs
    from movie_lakehouse.query.saved import answer_saved, saved_query

    return answer_saved(reader, saved_query(_folder(queries), name), dict(argument_pairs(words)))


def _saved_queries(queries: Path | None) -> "Rows":
    """The saved queries: name, parameters and what they answer."""
    from movie_lakehouse.query.rows import Rows
    from movie_lakehouse.query.saved import saved_queries

    found = saved_queries(_folder(queries)).values()
    rows = [(query.name, ", ".join(map(str, query.parameters)), query.answers) for query in found]
    return Rows(("name", "parameters", "answers"), rows)


def _folder(given: Path | None) -> Path:
    """The folder of saved queries: as given, else beside the bundle."""
    from movie_lakehouse.job.bundle import find_bundle

    return given or find_bundle(option="--queries").parent / "queries"
