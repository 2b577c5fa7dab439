"""A conversation at the prompt, typed through a pipe."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from movie_lakehouse.cli.completion import TableCompleter
from movie_lakehouse.cli.output import OutputFormat
from movie_lakehouse.cli.prompt import converse, history_file
from movie_lakehouse.query.reader import LakehouseReader

ENTER, CTRL_C, CTRL_D, UP = "\r", "\x03", "\x04", "\x1b[A"


@pytest.fixture
def reader(tiny_lakehouse: Path) -> LakehouseReader:
    return LakehouseReader(tiny_lakehouse)


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the user's state, this test's own."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def keyboard() -> Iterator[PipeInput]:
    """What is typed; nothing is drawn."""
    with create_pipe_input() as pipe, create_app_session(pipe, DummyOutput()):
        yield pipe


class Conversation:
    """Types lines, leaves, and gives what was answered."""

    def __init__(self, reader: LakehouseReader, keyboard: PipeInput, capsys: pytest.CaptureFixture[str]) -> None:
        self._reader, self._keyboard, self._capsys = reader, keyboard, capsys

    def __call__(self, typed: str, leave: str = rf"\q{ENTER}") -> tuple[str, list[str]]:
        """Rows on standard output, and the lines on standard error after the greeting."""
        self._keyboard.send_text(typed + leave)
        converse(self._reader, OutputFormat.CSV)
        out, err = self._capsys.readouterr()
        return out, err.splitlines()[1:]


@pytest.fixture
def conversation(reader: LakehouseReader, keyboard: PipeInput, capsys: pytest.CaptureFixture[str]) -> Conversation:
    return Conversation(reader, keyboard, capsys)


def test_statements_are_answered_one_after_the_other(conversation: Conversation) -> None:
    out, err = conversation(f"SELECT 1 AS one;{ENTER}SELECT 2 AS two;{ENTER}")
    assert (out, err) == ("one\n1\ntwo\n2\n", [])


def test_a_statement_goes_on_over_lines_until_its_semicolon(conversation: Conversation) -> None:
    out, _ = conversation(f"SELECT title{ENTER}FROM silver.movies{ENTER}WHERE movie_id = 2;{ENTER}")
    assert out == "title\nHeat (1995)\n"


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("SELECT nope FROM silver.movies;", "Error: Binder Error"),
        ("SELECT title::INT FROM silver.movies;", "Error: Conversion Error"),
        ("DROP TABLE silver.movies;", "Error: Only reading is possible here"),
        (r"\d gold.nope", "Error: The table gold.nope is not there"),
        (r"\x", r"Error: There is no command \x: \d lists the tables"),
    ],
)
def test_an_error_is_one_line_and_the_conversation_goes_on(
    conversation: Conversation, typed: str, problem: str
) -> None:
    out, err = conversation(f"{typed}{ENTER}SELECT 1 AS one;{ENTER}")
    assert out.endswith("one\n1\n")
    assert len(err) == 1
    assert err[0].startswith(problem)


def test_d_lists_the_tables(conversation: Conversation) -> None:
    out, _ = conversation(rf"\d{ENTER}")
    assert "gold.movie_similarity,10,0," in out


def test_d_and_a_table_lists_its_columns(conversation: Conversation) -> None:
    out, _ = conversation(rf"\d gold.movies_by_genre{ENTER}")
    assert out.splitlines() == [
        "column,type,meaning",
        "genre,VARCHAR,One genre.",
        'movies,"STRUCT(""movie_id"" INTEGER, ""title"" VARCHAR)[]","Its movies, by number."',
    ]


def test_ctrl_c_begins_anew_and_ctrl_d_leaves(conversation: Conversation) -> None:
    out, err = conversation(f"SELECT nonsense{CTRL_C}SELECT 1 AS one;{ENTER}", leave=CTRL_D)
    assert (out, err) == ("one\n1\n", [])


def test_an_empty_line_does_nothing(conversation: Conversation) -> None:
    assert conversation(f"{ENTER}  {ENTER}") == ("", [])


def test_what_was_typed_is_there_the_next_time(conversation: Conversation, state: Path) -> None:
    conversation(f"SELECT 41 + 1 AS sum;{ENTER}")
    assert "SELECT 41 + 1 AS sum;" in (state / "movie_lakehouse" / "sql_history").read_text()
    out, _ = conversation(f"{UP}{UP}{ENTER}")
    assert out == "sum\n42\n"


def test_history_goes_to_the_home_folder_where_no_other_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_STATE_HOME")
    assert history_file() == Path.home() / ".local" / "state" / "movie_lakehouse" / "sql_history"


def test_a_state_folder_that_cannot_be_written_stops_nothing(conversation: Conversation, state: Path) -> None:
    (state / "movie_lakehouse").write_text("a file where the folder would be")
    assert conversation(f"SELECT 1 AS one;{ENTER}")[0] == "one\n1\n"


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("SELECT * FROM gold.movie_s", ["gold.movie_similarity"]),
        ("DESCRIBE popul", []),
        ("FROM gold.movie_similarity SELECT sim", ["similar_movie_id", "similarity"]),
        ("FROM gold.movie_similarity AS s WHERE s.ra", ["rank"]),
        ("SELECT judged_a", ["judged_at"]),
    ],
)
def test_names_of_tables_and_columns_are_completed(reader: LakehouseReader, typed: str, names: list[str]) -> None:
    found = TableCompleter(reader).get_completions(Document(typed), CompleteEvent())
    assert [completion.text for completion in found] == names
