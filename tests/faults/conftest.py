"""Lakehouses that nothing has been done to, and which tests belong to the campaign alone."""

from pathlib import Path

import pytest

from faults.harness import WHOLE_CAMPAIGN, running
from faults.lakehouses import copied
from faults.moments import MOMENTS
from support.made_once import made_once


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what only `make test-faults` runs."""
    if not WHOLE_CAMPAIGN:
        left_out = [item for item in items if item.get_closest_marker("campaign")]
        items[:] = [item for item in items if not item.get_closest_marker("campaign")]
        config.hook.pytest_deselected(items=left_out)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how much a test of chance tried."""
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            terminalreporter.write_line(f"{name}: {value}")


@pytest.fixture(scope="session")
def halted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The job on the small sample, and what was on disk at each moment at which jobs are killed.

    Its lakehouse is in ``lakehouse``, the copies in ``moments``, each in a folder that is called as its first task.
    """
    return made_once(tmp_path_factory, "halted", run_with_halts)


@pytest.fixture(scope="session")
def undisturbed(halted: Path) -> Path:
    """The job on the small sample; tests copy it and compare with it."""
    return halted / "lakehouse"


def run_with_halts(folder: Path) -> None:
    """Run the job in a process that stands still, with its Spark, while what it has written is copied."""
    root = folder / "lakehouse"
    with running(root, joins=True) as run:
        for moment in MOMENTS:
            run.wait_until(lambda moment=moment: moment.is_reached(root), str(moment))
            with run.frozen():
                assert set(run.tasks_under_way()) == set(moment.tasks)
                copied(root, folder / "moments" / moment.tasks[0])
        assert run.end().status == 0
