"""The project's bundle and its wheel."""

from pathlib import Path

import pytest
from built_wheel import PROJECT, build_wheel

from movie_lakehouse.job.bundle import Bundle, load_bundle


@pytest.fixture(scope="session")
def bundle() -> Bundle:
    return load_bundle(PROJECT / "databricks.yml")


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel(tmp_path_factory.mktemp("wheel"))
