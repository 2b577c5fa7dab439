from pathlib import Path

import pytest

from movie_lakehouse.query.reader import LakehouseReader


@pytest.fixture
def reader(tiny_lakehouse: Path) -> LakehouseReader:
    """Reads the tiny lakehouse."""
    return LakehouseReader(tiny_lakehouse)
