"""The table of goals: what is not measured is said, what is kept is told, and the README has the same."""

from pathlib import Path
from typing import Any

import pytest

from benchmarks.kept import RESULTS, Kept, keep, read_kept
from benchmarks.processes import PROJECT
from benchmarks.rows import ROWS, Row
from benchmarks.table import BEGIN, END, line_of, outcome, table, with_block

MACHINE = {
    "processor": "Abacus",
    "cores": 2,
    "memory_mib": 8000,
    "system": "Linux",
    "python": "3.11",
    "java": "17",
    "packages": {"numpy": "2.0"},
}
LARGE_ROWS = [row for row in ROWS if {"tenth", "large", "delivery"} & set(row.needs)]


def measurement(figures: dict[str, Any], **changed: Any) -> dict[str, Any]:
    about = {"measured_at": "2020-01-02T03:04:05+00:00", "commit": "abc", "load_before": 0.1, "data": "films"}
    return about | {"is_whole": True, "machine": MACHINE, "figures": figures} | changed


def memory(peak_mib: int = 11 * 1024, **changed: Any) -> Kept:
    return {"large": measurement({"first": {"peak_mib": peak_mib}}, data="", **changed)}


@pytest.fixture
def memory_row() -> Row:
    (row,) = (row for row in ROWS if row.what.startswith("memory"))
    return row


def test_without_figures_every_row_says_what_measures_it() -> None:
    lines = table({}).splitlines()[2:]
    assert len(lines) == len(ROWS)
    assert all("not measured; `make bench" in line for line in lines)
    assert sum("`make bench-large`" in line for line in lines) == len(LARGE_ROWS) == 3


def test_a_row_tells_its_goal_its_figure_and_the_verdict(memory_row: Row) -> None:
    assert line_of(memory_row, memory()) == f"| {memory_row.what} | 12 GiB | 11.0 GiB | yes |"
    assert outcome(memory_row, memory(13 * 1024)) == ("13.0 GiB", "no")


def test_a_quick_look_reaches_no_goal(memory_row: Row) -> None:
    figure, verdict = outcome(memory_row, memory(is_whole=False))
    assert "quick look" in figure
    assert verdict == ""


def test_a_measurement_that_failed_misses_its_goal_and_says_why(memory_row: Row) -> None:
    kept = {"large": measurement({"failed": "lakehouse run ended with status -9"})}
    assert outcome(memory_row, kept) == ("failed: lakehouse run ended with status -9", "no")


def test_what_was_found_before_a_failure_counts_and_the_failure_is_told(memory_row: Row) -> None:
    kept = {"large": measurement({"first": {"peak_mib": 1024, "tasks": {}, "seconds": 1.0}, "failed": "out of disk"})}
    assert outcome(memory_row, kept) == ("1.0 GiB", "yes")
    assert "large ended early: out of disk." in table(kept)


def test_a_measurement_that_was_broken_off_says_so_of_what_it_lacks() -> None:
    (row,) = (row for row in ROWS if row.what.startswith("1% new"))
    kept = {"delivery": measurement({"first": {"tasks": {"ingest": 1.0, "clean": 1.0}}}, data="")}
    assert outcome(row, kept) == ("broken off before it was measured", "")


def test_each_machine_is_told_with_what_was_measured_on_it() -> None:
    other = MACHINE | {"cores": 64}
    kept = memory() | {"search": measurement({"runs": [{}, {}, {}]}, machine=other)}
    two, many = (line for line in table(kept).splitlines() if "Abacus" in line)
    assert two.startswith("2 cores (Abacus)")
    assert "large once" in two
    assert "search 3 times on films (2020-01-02, abc, load 0.1)" in many


def test_a_measurement_takes_the_place_of_its_older_self_and_of_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "results" / "goals.json"
    for name, figures in (("search", {"runs": [1]}), ("job", {"runs": [2]}), ("search", {"runs": [1, 3]})):
        keep(file, name, measurement(figures))
    assert {name: found["figures"] for name, found in read_kept(file).items()} == {
        "search": {"runs": [1, 3]},
        "job": {"runs": [2]},
    }
    assert [path.name for path in file.parent.iterdir()] == ["goals.json"]


def test_nothing_is_kept_before_anything_is_measured(tmp_path: Path) -> None:
    assert read_kept(tmp_path / "none.json") == {}


def test_the_table_takes_the_place_between_the_marks() -> None:
    page = f"# Films\n\n{BEGIN}\nold\n{END}\n\nMore.\n"
    assert with_block(page, "| new |\n") == f"# Films\n\n{BEGIN}\n\n| new |\n\n{END}\n\nMore.\n"


@pytest.mark.parametrize("page", ["no marks", BEGIN, f"{END}\n{BEGIN}", f"{BEGIN}{END}{BEGIN}{END}"])
def test_a_page_without_its_marks_is_left_alone(page: str) -> None:
    with pytest.raises(ValueError, match="the page is to have"):
        with_block(page, "text")


def test_the_readme_has_the_table_of_the_figures_that_are_kept() -> None:
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    assert readme == with_block(readme, table(read_kept(RESULTS / "goals.json")))


def test_figures_that_are_kept_name_no_machine_and_no_folder() -> None:
    for name, found in read_kept(RESULTS / "goals.json").items():
        assert set(found["machine"]) == set(MACHINE), name
        assert "/" not in found["data"]
