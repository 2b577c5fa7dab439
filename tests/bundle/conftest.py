"""The project's bundle."""

import pytest

from movie_lakehouse.job.bundle import Bundle, load_bundle
from support.built_wheel import PROJECT


@pytest.fixture(scope="session")
def bundle() -> Bundle:
    return load_bundle(PROJECT / "databricks.yml")
