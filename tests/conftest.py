"""What every test may ask for: one Spark session a run, lakehouses, and the wheel."""

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from movie_lakehouse.lakehouse.place import place_of
from movie_lakehouse.lakehouse.session import open_session
from movie_lakehouse.lakehouse.store import Store
from support.built_wheel import build_wheel, make_environment, python_in, wheel_in
from support.made_once import made_once
from support.shared_spark import SHARED, join_shared_spark, share_spark
from support.tiny_lakehouse import make_tiny_lakehouse

FIRST = (
    "job/test_tasks.py",
    "app/test_explorer_browser.py",
    "app/test_explorer_pages.py",
    "bundle/test_dbx.py",
    "cli/test_process.py",
    "faults/test_sigkill.py",
    "job/test_clean.py",
    "job/test_publish.py",
    "silver/test_incremental.py",
)
"""Modules to begin with. While the job runs for the first time the other process has work that needs no Spark: two that
ask one that is still cold get half as much done each. Then come those that take a minute or more, which begun last
would leave one process alone with them."""


def pytest_configure(config: pytest.Config) -> None:
    """Let classic Spark here, and in all that tests start, take one core and do without what pays only in the long run.

    Processes that share a test run share a Spark. On Spark Connect the tests run with the settings that the job has.
    """
    if "SPARK_REMOTE" in os.environ:
        return
    os.environ.setdefault("SPARK_MASTER", "local[1]")
    os.environ.setdefault("SPARK_CONF_DIR", str(Path(__file__).parent / "support" / "spark"))
    if SHARED in os.environ:
        join_shared_spark()
    elif processes := config.getoption("numprocesses", None):
        share_spark(processes)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the modules in order."""
    place = {Path(__file__).parent / module: at for at, module in enumerate(FIRST)}
    items.sort(key=lambda item: place.get(item.path, len(place)))


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    """The session of the test run: classic, or Spark Connect with ``SPARK_REMOTE='local[2]'``."""
    session = open_session()
    yield session
    if SHARED not in os.environ:
        session.stop()


@pytest.fixture
def store(spark: SparkSession, tmp_path: Path) -> Store:
    """A lakehouse with nothing in it."""
    return Store(lambda: spark, place_of(str(tmp_path / "lakehouse")))


@pytest.fixture(scope="session")
def tiny_lakehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The root of a lakehouse made by hand, for tests that only read."""
    return make_tiny_lakehouse(tmp_path_factory.mktemp("tiny") / "lakehouse")


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's wheel."""
    return wheel_in(made_once(tmp_path_factory, "wheel", build_wheel))


@pytest.fixture(scope="session")
def python_of_the_wheel(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment with the wheel in it and none of the project's sources."""
    return python_in(made_once(tmp_path_factory, "alone", partial(make_environment, wheel=wheel)))


@pytest.fixture(scope="session")
def halted(python_of_the_wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The job on the small sample by the wheel, and what was on disk at each moment at which jobs are killed."""
    from faults.halted_job import run_with_halts  # a second, which most tests can do without

    return made_once(tmp_path_factory, "halted", partial(run_with_halts, python=python_of_the_wheel))


@pytest.fixture(scope="session")
def undisturbed(halted: Path) -> Path:
    """The lakehouse that this job has made; tests copy it and compare with it."""
    return halted / "lakehouse"
