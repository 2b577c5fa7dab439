"""Lakehouses that nothing has been done to, and which tests belong to the campaign alone."""

from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from faults.harness import FAST, WHOLE_CAMPAIGN
from faults.lakehouses import run_here
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
def undisturbed(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The job on the small sample; tests copy it and compare with it."""
    return made_once(tmp_path_factory, "undisturbed", run_undisturbed) / "lakehouse"


def run_undisturbed(folder: Path) -> None:
    assert run_here(folder / "lakehouse", FAST).error is None
