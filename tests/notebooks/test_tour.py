"""The tour runs on any lakehouse from top to bottom, and is kept without what it once showed."""

import os
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from support.explored_lakehouse import make_explored_lakehouse
from support.told_lakehouse import make_told_lakehouse

PROJECT = Path(__file__).parents[2]
TOUR = PROJECT / "notebooks" / "tour.ipynb"


@pytest.fixture
def tour() -> nbformat.NotebookNode:
    return nbformat.read(TOUR, as_version=4)


def shown(tour: nbformat.NotebookNode, root: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """All that the cells show, run in the notebook's folder on this lakehouse."""
    monkeypatch.setenv("LAKEHOUSE_ROOT", str(root))
    NotebookClient(tour, timeout=120, resources={"metadata": {"path": str(TOUR.parent)}}).execute()
    outputs = [output for cell in tour.cells for output in cell.get("outputs", [])]
    return "\n".join(str(output.get("text") or output["data"].get("text/plain")) for output in outputs)


@pytest.mark.slow  # a kernel of its own, and pandas with its plots
def test_it_runs_from_top_to_bottom(
    tour: nbformat.NotebookNode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_told_lakehouse(tmp_path)
    text = shown(tour, make_explored_lakehouse(tmp_path), monkeypatch)
    assert "orphan" in text
    assert "Like Toy Story (1995)" in text
    assert "predicted_rating" in text.split("Like Toy Story")[1]


@pytest.mark.slow  # as above
@pytest.mark.skipif("TOUR_LAKEHOUSE" not in os.environ, reason="TOUR_LAKEHOUSE names no lakehouse of MovieLens data")
def test_on_movielens_it_tells_of_the_users_and_movies_of_the_story(
    tour: nbformat.NotebookNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = shown(tour, Path(os.environ["TOUR_LAKEHOUSE"]).absolute(), monkeypatch)
    assert "[575, 232]" in text
    assert "Like Hudsucker Proxy, The (1994)" in text


def test_it_is_kept_without_outputs(tour: nbformat.NotebookNode) -> None:
    nbformat.validate(tour)
    code = [cell for cell in tour.cells if cell.cell_type == "code"]
    assert [cell for cell in code if cell.outputs or cell.execution_count is not None] == []


def test_databricks_can_run_it_too(tour: nbformat.NotebookNode) -> None:
    """No magic and no shell line, and nothing local outside what asks where it runs."""
    code = [cell.source for cell in tour.cells if cell.cell_type == "code"]
    assert not [line for source in code for line in source.splitlines() if line.startswith(("%", "!"))]
    assert not [source for source in code if "movie_lakehouse" in source and "ON_DATABRICKS" not in source]


def test_every_saved_question_that_it_asks_is_there(tour: nbformat.NotebookNode) -> None:
    asked = {name for cell in tour.cells for name in re.findall(r'saved\("([^"]+)"', cell.source)}
    assert asked
    assert asked <= {path.stem for path in (PROJECT / "queries").glob("*.sql")}
