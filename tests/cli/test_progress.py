import io

import pytest
from rich.console import Console

from movie_lakehouse.cli.progress import TerminalProgress


@pytest.fixture
def console() -> Console:
    """A terminal of 100 columns that keeps what it shows."""
    return Console(file=io.StringIO(), force_terminal=True, width=100, color_system=None)


def shown(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_steps_are_a_bar_with_what_is_done(console: Console) -> None:
    with TerminalProgress(console) as progress:
        progress.step("train", "fits", 4, 13)
    assert "train: fits" in shown(console)
    assert "4/13" in shown(console)


def test_a_bar_goes_when_all_is_done_and_comes_again_for_the_next(console: Console) -> None:
    with TerminalProgress(console) as progress:
        for done in range(3):
            progress.step("train", "fits", done, 2)
        before = len(shown(console))
        progress.step("similarity", "blocks", 1, 5)
        assert "similarity: blocks" in shown(console)[before:]
        assert "train: fits" not in shown(console)[before:]


def test_notices_are_lines_that_no_terminal_obeys(console: Console) -> None:
    with TerminalProgress(console) as progress:
        progress.notice("ingest", "took [b]\x1b[2Jmovies.csv[/b]")
    assert shown(console) == "ingest: took [b]\\x1b[2Jmovies.csv[/b]\n"


def test_nothing_is_shown_without_steps(console: Console) -> None:
    with TerminalProgress(console):
        pass
    assert shown(console) == ""
