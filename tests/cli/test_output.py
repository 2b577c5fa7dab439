import csv
import io
import json

import pytest

from movie_lakehouse.cli.output import MAX_TABLE_ROWS, OutputFormat, write_rows

COLUMNS = ("movie_id", "title", "score")
ROWS = [(1, "Toy Story (1995)", 4.5), (6, "=Ghost\x1b[31m", None)]


def written(capsys: pytest.CaptureFixture[str], form: OutputFormat, rows: list[tuple[object, ...]] = ROWS) -> str:
    write_rows(COLUMNS, rows, form)
    return capsys.readouterr().out


def test_a_table_off_a_terminal_is_plain_text_with_a_line_a_row(capsys: pytest.CaptureFixture[str]) -> None:
    lines = [line.rstrip() for line in written(capsys, OutputFormat.TABLE).splitlines()]
    assert lines == [
        "movie_id   title              score",
        "───────────────────────────────────",
        "       1   Toy Story (1995)     4.5",
        "       6   =Ghost\\x1b[31m",
    ]


def test_a_long_cell_stays_on_its_line_off_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert "x" * 500 in written(capsys, OutputFormat.TABLE, [(1, "x" * 500, 1.0)])


def test_markup_in_data_is_shown_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert "[red]Heat[/red] :boom:" in written(capsys, OutputFormat.TABLE, [(1, "[red]Heat[/red] :boom:", 1.0)])


def test_a_terminal_gets_no_escape_from_data(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    shown = written(capsys, OutputFormat.TABLE)
    assert "\x1b[1m" in shown
    assert "\x1b[31m" not in shown


def test_a_table_shows_a_bounded_number_of_rows_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    write_rows(("n",), [(n,) for n in range(MAX_TABLE_ROWS + 1)], OutputFormat.TABLE)
    shown, said = capsys.readouterr()
    assert len(shown.splitlines()) == MAX_TABLE_ROWS + 2
    assert said == "These are the first 1,000 rows; --format csv or json gives all.\n"


def test_csv_is_read_back_by_any_reader(capsys: pytest.CaptureFixture[str]) -> None:
    lines = list(csv.reader(io.StringIO(written(capsys, OutputFormat.CSV))))
    assert lines == [list(COLUMNS), ["1", "Toy Story (1995)", "4.5"], ["6", "'=Ghost\\x1b[31m", ""]]


def test_json_is_a_list_of_objects_with_numbers_as_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    assert json.loads(written(capsys, OutputFormat.JSON)) == [
        {"movie_id": 1, "title": "Toy Story (1995)", "score": 4.5},
        {"movie_id": 6, "title": "=Ghost\x1b[31m", "score": None},
    ]


@pytest.mark.parametrize("form", list(OutputFormat))
def test_no_rows_are_no_error(capsys: pytest.CaptureFixture[str], form: OutputFormat) -> None:
    shown = written(capsys, form, [])
    assert shown.startswith("[]" if form is OutputFormat.JSON else "movie_id")


def test_json_is_json_whatever_the_encoding_of_the_output(monkeypatch: pytest.MonkeyPatch) -> None:
    output = io.TextIOWrapper(io.BytesIO(), encoding="ascii", errors="backslashreplace")
    monkeypatch.setattr("sys.stdout", output)
    write_rows(("title",), [("Amélie 😀",)], OutputFormat.JSON)
    assert json.loads(output.buffer.getvalue()) == [{"title": "Amélie 😀"}]  # type: ignore[attr-defined]
