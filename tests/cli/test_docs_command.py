from pathlib import Path

import pytest

from support.commands import Lakehouse
from support.tiny_lakehouse import START, write_table

SUITE = """{
  "name": "silver.movies",
  "expectations": [
    {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "title"}, "severity": "critical"}
  ]
}"""
VERDICT = {
    "run_id": "run-1",
    "task": "clean",
    "suite": "silver.movies",
    "expectation": 'expect_column_values_to_not_be_null {"column": "title"}',
    "column": "title",
    "severity": "critical",
    "success": False,
    "observed": '{"element_count": 6}',
    "unexpected_count": 3,
    "judged_at": START,
}


@pytest.fixture
def suites(tmp_path: Path) -> Path:
    """A folder with a suite for silver.movies."""
    (tmp_path / "expectations" / "silver").mkdir(parents=True)
    (tmp_path / "expectations" / "silver" / "movies.json").write_text(SUITE)
    return tmp_path / "expectations"


def test_docs_are_written_under_the_root_and_their_places_printed(
    lakehouse: Lakehouse, tmp_path: Path, suites: Path
) -> None:
    root = tmp_path / "lakehouse"
    write_table(root, "ops.validation_results", [VERDICT])
    ended = lakehouse("docs", "--root", str(root), "--expectations", str(suites))
    assert ended.status == 0
    assert ended.out.splitlines() == [
        str(root / "_docs" / "data_docs" / "index.html"),
        str(root / "_docs" / "dictionary.md"),
    ]
    assert "silver.movies" in Path(ended.out.splitlines()[0]).read_text()
    assert "gold.movie_similarity" in Path(ended.out.splitlines()[1]).read_text()
    assert any("title" in page.read_text() for page in (root / "_docs").rglob("validations/**/*.html"))


def test_docs_before_any_run_say_what_to_do(lakehouse: Lakehouse, tmp_path: Path) -> None:
    ended = lakehouse("docs", "--root", str(tmp_path))
    assert (ended.status, ended.out) == (1, "")
    assert "ops.validation_results is not there; `lakehouse run` makes it" in ended.err


def test_a_folder_of_suites_that_is_not_there_is_told(lakehouse: Lakehouse, tmp_path: Path) -> None:
    write_table(tmp_path, "ops.validation_results", [VERDICT])
    ended = lakehouse("docs", "--root", str(tmp_path), "--expectations", str(tmp_path / "none"))
    assert ended.status == 1
    assert ended.err.startswith("Error: There is no folder of suites at ")
