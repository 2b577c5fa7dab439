"""What a run leaves names neither this machine's people and folders nor its secrets."""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from job.conftest import SampleRun
from movie_lakehouse.query.reader import LakehouseReader
from movie_lakehouse.report.facts import facts_of
from movie_lakehouse.report.render import as_html

PROJECT = Path(__file__).parents[2]
PRIVATE = re.compile(r"TOKEN|SECRET|PASSW|CREDENTIAL|API_?KEY", re.IGNORECASE)


def told_by_this_machine() -> dict[str, str]:
    """What must be nowhere, by what it is: folders of people, of the program and of Python, and secrets."""
    folders = {"the home folder": f"{Path.home()}/", "the project": f"{PROJECT}/", "Python": f"{sys.prefix}/"}
    secrets = {name: value for name, value in os.environ.items() if PRIVATE.search(name) and len(value) >= 8}
    return folders | secrets


def left_by(run: SampleRun) -> Iterator[tuple[str, str]]:
    """The rows of every table as text, the report, and every file that is no Parquet, by name."""
    root = Path(run.parameters["lakehouse"])
    reader = LakehouseReader(root)
    for name in reader.tables():
        yield name, "\n".join(map(str, reader.table(name)))
    yield "the report", as_html(facts_of(root), {})
    for path in sorted(root.rglob("*")):
        if path.is_file() and path.suffix != ".parquet":
            yield str(path.relative_to(root)), path.read_bytes().decode("latin-1")


@pytest.mark.slow  # the whole job has run for all tests that look at what it left
def test_nothing_that_a_run_leaves_tells_of_this_machine(sample_run: SampleRun) -> None:
    private = told_by_this_machine()
    found = [(name, what) for name, text in left_by(sample_run) for what, value in private.items() if value in text]
    assert found == []


@pytest.mark.slow  # as above
def test_tables_logs_and_the_report_do_not_name_the_lakehouses_folder_either(sample_run: SampleRun) -> None:
    """MLflow's own store does: it finds its files by it."""
    folder = str(Path(sample_run.parameters["lakehouse"]).parent)
    assert [name for name, text in left_by(sample_run) if folder in text and not name.startswith("mlflow/")] == []
