"""docs/licences.md follows requirements.lock and what the installed packages say."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

PROJECT = Path(__file__).parents[2]
PAGE = (PROJECT / "docs" / "licences.md").read_text(encoding="utf-8")
LOCK = (PROJECT / "requirements.lock").read_text(encoding="utf-8")
REMEDY = "run `.venv/bin/python docs/licences.py > docs/licences.md`"


@pytest.fixture(scope="module")
def licences() -> ModuleType:
    """The script as a module."""
    spec = importlib.util.spec_from_file_location("licences", PROJECT / "docs" / "licences.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def told() -> dict[str, tuple[str, str]]:
    """Version and licence of each package on the page."""
    cells = [line.strip("| ").split(" | ") for line in PAGE.splitlines() if line.startswith("| ")]
    return {name: (version, licence) for name, version, licence in cells[2:]}


def test_the_page_has_the_packages_and_versions_of_the_lock(licences: ModuleType) -> None:
    assert {name: version for name, (version, _) in told().items()} == licences.pins(LOCK), REMEDY


def test_the_page_says_what_the_installed_packages_say(licences: ModuleType) -> None:
    here = {name: licences.licence_of(name) for name in told()}
    installed = {name: licence for name, licence in here.items() if licence != licences.NOT_INSTALLED}
    assert {name: told()[name][1] for name in installed} == installed, REMEDY


def test_every_package_that_is_installed_has_a_licence() -> None:
    assert [name for name, (_, licence) in told().items() if licence in {"", "none named"}] == []
