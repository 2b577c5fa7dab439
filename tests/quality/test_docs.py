"""The docs: pages that open from a disk, of the suites and of their latest verdicts."""

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from movie_lakehouse.lakehouse.tables import ALL_TABLES
from movie_lakehouse.quality.docs import build_docs

SUITES = Path(__file__).parents[2] / "expectations"
NOT_NULL = 'expect_column_values_to_not_be_null {"column": "tag"}'


def row(day: int, **changes: Any) -> dict[str, Any]:
    """A row of ops.validation_results."""
    return {
        "run_id": f"day/{day}",
        "task": "clean",
        "suite": "silver.tags",
        "expectation": NOT_NULL,
        "column": "tag",
        "severity": "critical",
        "success": False,
        "observed": '{"element_count": 200, "unexpected_percent": 1.5, "unexpected_percent_total": 1.5}',
        "unexpected_count": 3,
        "judged_at": datetime(2026, 1, day, tzinfo=UTC),
        **changes,
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "docs"


@pytest.fixture(scope="module")
def suites(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the suite of silver.tags alone: the pages of all the project's suites take seconds."""
    folder = tmp_path_factory.mktemp("suites")
    (folder / "silver").mkdir()
    shutil.copy(SUITES / "silver" / "tags.json", folder / "silver")
    return folder


@pytest.fixture(scope="module")
def docs_of_all(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The docs of all the project's suites, one of them judged."""
    return build_docs([row(1)], SUITES, tmp_path_factory.mktemp("docs")).parent


def page(folder: Path, pattern: str) -> str:
    (path,) = folder.glob(pattern)
    return path.read_text(encoding="utf-8")


def test_every_suite_has_a_page_that_the_index_links_to(docs_of_all: Path) -> None:
    index = (docs_of_all / "index.html").read_text(encoding="utf-8")
    links = set(re.findall(r'href="(expectations/[^"]+)"', index))
    assert links == {
        f"expectations/{name.replace('.', '/')}.html" for name in ALL_TABLES if not name.startswith("ops.")
    }
    assert all((docs_of_all / link).is_file() for link in links)


def test_the_latest_verdicts_of_a_suite_are_shown(folder: Path, suites: Path) -> None:
    build_docs([row(1), row(2, unexpected_count=4), row(2, success=True, unexpected_count=0)], suites, folder)
    shown = page(folder, "validations/silver/tags/**/*.html")
    assert "day_2" in shown
    assert "4 unexpected values found" in shown
    assert "Unsuccessful Expectations" in shown


def test_pages_of_verdicts_that_are_no_longer_the_latest_go(folder: Path, suites: Path) -> None:
    build_docs([row(1)], suites, folder)
    build_docs([row(1), row(2)], suites, folder)
    assert "day_2" in page(folder, "validations/silver/tags/**/*.html")


def test_pages_need_no_network_and_no_script(docs_of_all: Path) -> None:
    for path in docs_of_all.rglob("*"):
        assert path.is_dir() or path.suffix == ".html"
        assert path.is_dir() or not re.search(r"https?://|<script|\bsrc=|@import", path.read_text(encoding="utf-8"))


def test_what_the_data_say_is_not_markup(folder: Path, suites: Path) -> None:
    sneaky = row(
        1, run_id="<b>", expectation='expect_column_values_to_be_in_set {"column": "tag", "value_set": ["<i>"]}'
    )
    build_docs([sneaky], suites, folder)
    shown = page(folder, "validations/silver/tags/**/*.html")
    assert "<b>" not in shown
    assert "<i>" not in shown
    assert "&lt;i&gt;" in shown


def test_nothing_is_written_outside_the_folder(folder: Path, suites: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.mkdir()
    work, home = folder.parent / "work", Path.home() / ".great_expectations"
    work.mkdir()
    monkeypatch.chdir(work)
    before = sorted(home.rglob("*"))
    build_docs([row(1)], suites, folder)
    assert sorted(home.rglob("*")) == before
    assert sorted(path.name for path in folder.parent.iterdir()) == ["docs", "work"]
    assert list(work.iterdir()) == []
