from collections.abc import Iterator
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from movie_lakehouse.query.reader import LakehouseReader
from support.made_once import alone, shared_by_run


@pytest.fixture
def reader(tiny_lakehouse: Path) -> LakehouseReader:
    """Reads the tiny lakehouse."""
    return LakehouseReader(tiny_lakehouse)


@pytest.fixture(scope="module")
def catalog(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """The session while no other test makes the schemas silver and gold in the catalog that all sessions have."""
    with alone(shared_by_run(tmp_path_factory) / "catalog.lock"):
        yield spark
