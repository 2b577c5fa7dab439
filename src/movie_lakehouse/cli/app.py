"""The program ``lakehouse``: its commands, and how it ends."""

import atexit
import gc
import io
import os
import sys
from collections.abc import Sequence

import typer

from movie_lakehouse.cli import docs, evaluate, explore, job, recommend, report, sql, tables
from movie_lakehouse.cli.output import say
from movie_lakehouse.errors import LakehouseError

DEBUG = "--debug"
DEBUG_VARIABLE = "LAKEHOUSE_DEBUG"
ENDINGS = {130: "Interrupted.", job.TERMINATED: "Stopped."}
"""What is said of a program that was ended, by its exit status."""

app = typer.Typer(
    name="lakehouse",
    help="A lakehouse for movie recommendation: run its job, query its tables.",
    epilog=f"With {DEBUG} anywhere, or {DEBUG_VARIABLE}=1, errors come with their traceback.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(job.run)
app.command()(job.rollback)
app.command()(job.maintain)
app.command("app")(explore.explore)
app.command(context_settings=sql.NAMES_UNKNOWN)(sql.sql)
for command in (
    tables.similar,
    recommend.recommend,
    tables.predict,
    tables.tables,
    evaluate.evaluate,
    docs.docs,
    report.report,
):
    app.command()(command)
# At its end the interpreter looks for garbage in all that is loaded: a second, where that is Great Expectations.
atexit.register(gc.freeze)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit: 0; 1 with one line; 2 where it was typed wrongly; 130 or 143 when ended."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    debugging = DEBUG in given or os.environ.get(DEBUG_VARIABLE, "0") not in ("", "0")
    _open_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        app([argument for argument in given if argument != DEBUG])
    except SystemExit as end:
        if end.code in ENDINGS:
            say(ENDINGS[end.code])
        raise
    except Exception as error:
        if debugging:
            raise
        say(_line(error))
        sys.exit(1)


def _open_closed_streams() -> None:
    """Let what the caller has closed be the null device, so that no file is opened in its place and written to."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode, encoding="utf-8"))


def _line(error: Exception) -> str:
    """What to tell: an error's own line, what the machine refused, or for a fault of the program how to learn more."""
    text = " ".join(str(error).split())
    if isinstance(error, LakehouseError):
        return f"Error: {text}"
    if isinstance(error, ModuleNotFoundError):
        return f"Error: The package {error.name} is missing here: install this package with its extra local."
    if isinstance(error, OSError) and error.strerror:
        return f"Error: {error.strerror}{f': {error.filename}' if error.filename else ''}."
    return f"Fault: {type(error).__name__}: {text} ({DEBUG} shows where)"
