from pathlib import Path

import pytest

from support.told_lakehouse import make_told_lakehouse


@pytest.fixture(scope="session")
def told_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny lakehouse as a whole run left it, for tests that only read."""
    return make_told_lakehouse(tmp_path_factory.mktemp("told") / "lakehouse")
