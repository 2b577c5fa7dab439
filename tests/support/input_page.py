"""Writes the table of docs/reliability.md that says what becomes of bad input: ``make reliability``."""

from collections.abc import Mapping
from pathlib import Path

from support.bad_input import REFUSED, TAKEN, Refused, Taken

PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"
BEGIN, END = "<!-- input by outcome: made by `make reliability` -->", "<!-- end of input by outcome -->"
REFUSING = "test_it_is_refused_in_a_line_that_names_the_file"
TAKING = "test_its_rows_are_in_silver_or_in_quarantine_and_none_is_lost"


def with_table(text: str) -> str:
    """The page with the table anew between its marks."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    rows = [*_rows(REFUSED, REFUSING), *_rows(TAKEN, TAKING)]
    table = "\n".join(["| input | outcome | test |", "| --- | --- | --- |", *rows])
    return f"{before}{BEGIN}\n\n{table}\n\n{END}{after}"


def _rows(cases: Mapping[str, Refused] | Mapping[str, Taken], test: str) -> list[str]:
    """A line a case."""
    return [f"| {_cell(case.what)} | {_cell(case.outcome)} | `{test}[{name}]` |" for name, case in cases.items()]


def _cell(text: str) -> str:
    """Text that a table of Markdown takes as it is."""
    return text.replace("|", "\\|").replace("<", "&lt;")


if __name__ == "__main__":
    PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
