"""What every test may ask for: one Spark session a run, and an empty lakehouse."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from movie_lakehouse.lakehouse.place import place_of
from movie_lakehouse.lakehouse.session import open_session
from movie_lakehouse.lakehouse.store import Store
from support.tiny_lakehouse import make_tiny_lakehouse


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
