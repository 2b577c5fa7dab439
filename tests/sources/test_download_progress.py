import pytest

from movie_lakehouse.sources import progress as module
from movie_lakehouse.sources.progress import progress


def test_away_from_a_terminal_plain_lines_go_to_standard_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(module, "SECONDS_BETWEEN_LINES", 0)
    with progress("Writing", 1_000, "rows", done=100) as advance:
        advance(400)
        advance(500)
    written = capsys.readouterr()
    assert written.err == "Writing: 500 of 1,000 rows (50 %)\nWriting: 1,000 of 1,000 rows (100 %)\n"
    assert written.out == ""


def test_quick_work_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with progress("Writing", 1_000, "rows") as advance:
        advance(1_000)
    assert capsys.readouterr().err == ""


def test_on_a_terminal_a_bar_is_drawn(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    with progress("Writing", 1_000, "rows") as advance:
        advance(500)
    written = capsys.readouterr()
    assert "500 of 1,000 rows (50 %)" in written.err
    assert written.out == ""
