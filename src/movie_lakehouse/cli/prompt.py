"""The prompt of ``lakehouse sql``: statements and a few commands in, rows and one-line errors out, until it is left."""

import os
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.application import get_app
from prompt_toolkit.filters import Condition
from prompt_toolkit.history import FileHistory, History, InMemoryHistory

from movie_lakehouse.cli.completion import TableCompleter
from movie_lakehouse.cli.output import OutputFormat, say, write_rows
from movie_lakehouse.errors import LakehouseError, QueryError
from movie_lakehouse.query.facts import column_facts, table_facts
from movie_lakehouse.query.reader import LakehouseReader
from movie_lakehouse.query.rows import Rows

PROMPT = "lakehouse> "
COMMANDS = r"\d lists the tables, \d TABLE its columns, \q leaves"


def converse(reader: LakehouseReader, form: OutputFormat) -> None:
    r"""Answer what is typed until ``\q`` or the end of the input. Errors are told, and end nothing.

    Raises:
        TableError: there is no lakehouse.
    """
    session: PromptSession[str] = PromptSession(
        PROMPT,
        completer=TableCompleter(reader),
        complete_while_typing=False,
        history=_history(),
        multiline=Condition(lambda: not is_whole(get_app().current_buffer.text)),
        prompt_continuation=PROMPT.replace("lakehouse", " " * len("lakehouse")),
    )
    say(f"Statements end with a semicolon; {COMMANDS}. Nothing typed here changes a table.")
    while (text := _typed(session)) not in (None, r"\q"):
        if text:
            _respond(reader, text, form)


def is_whole(text: str) -> bool:
    r"""Whether Enter ends it: a statement with its semicolon, a command or nothing.

    >>> is_whole("SELECT 1"), is_whole("SELECT 1;"), is_whole(r"\d"), is_whole("")
    (False, True, True, True)
    """
    typed = text.strip()
    return not typed or typed.startswith("\\") or typed.endswith(";")


def history_file() -> Path:
    """Where what was typed is kept, in the folder that the user's state goes to."""
    state = os.environ.get("XDG_STATE_HOME", "")
    folder = Path(state) if Path(state).is_absolute() else Path.home() / ".local" / "state"
    return folder / "movie_lakehouse" / "sql_history"


def _history() -> History:
    """The history on disk; for a user who can keep none, one of this conversation."""
    file = history_file()
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.touch(mode=0o600)
    except OSError:
        return InMemoryHistory()
    return FileHistory(file)


def _typed(session: "PromptSession[str]") -> str | None:
    """What was typed, None at the end of the input; Ctrl-C begins anew."""
    while True:
        try:
            return session.prompt().strip()
        except KeyboardInterrupt:
            continue
        except EOFError:
            return None


def _respond(reader: LakehouseReader, text: str, form: OutputFormat) -> None:
    """Write the answer, or why there is none."""
    try:
        answer = _command(reader, text) if text.startswith("\\") else reader.sql(text)
        write_rows(answer.columns, answer, form)
    except LakehouseError as error:
        say(f"Error: {error}")
    except KeyboardInterrupt:
        say("Interrupted.")


def _command(reader: LakehouseReader, text: str) -> Rows:
    """The answer to a command."""
    match text.rstrip(";").split():
        case [r"\d"]:
            return table_facts(reader)
        case [r"\d", table]:
            return column_facts(reader, table.lower())
    raise QueryError(f"There is no command {text}: {COMMANDS}.")
