"""What every test may ask for: one Spark session a process of the run, and an empty lakehouse."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyspark.sql import SparkSession
from xdist.scheduler import LoadScopeScheduling

from movie_lakehouse.lakehouse.place import place_of
from movie_lakehouse.lakehouse.session import open_session
from movie_lakehouse.lakehouse.store import Store
from support.tiny_lakehouse import make_tiny_lakehouse


class _ByFolder(LoadScopeScheduling):
    """Gives whole folders of tests to the processes of a run: what a folder's tests share is made once."""

    def _split_scope(self, nodeid: str) -> str:
        """The folder of a test, or its module where it is in none."""
        return "/".join(nodeid.partition("::")[0].split("/")[:2])


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadScopeScheduling | None:
    """By folder where scopes are asked for, else as asked."""
    return _ByFolder(config, log) if config.getoption("dist") == "loadscope" else None


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    """The session of the test run: classic, or Spark Connect with ``SPARK_REMOTE='local[2]'``."""
    session = open_session()
    yield session
    session.stop()


@pytest.fixture
def store(spark: SparkSession, tmp_path: Path) -> Store:
    """A lakehouse with nothing in it."""
    return Store(lambda: spark, place_of(str(tmp_path / "lakehouse")))


@pytest.fixture(scope="session")
def tiny_lakehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The root of a lakehouse made by hand, for tests that only read."""
    return make_tiny_lakehouse(tmp_path_factory.mktemp("tiny") / "lakehouse")
