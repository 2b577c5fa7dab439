"""The bundle holds what no deployment checks, and each check sees the mistake it is there for."""

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import cache
from importlib.metadata import distribution
from pathlib import Path

import app_checks
import dashboard_checks
import job_checks
import pytest
import resource_checks
import target_checks
import yaml
from mistakes import MISTAKES, Mistake

from movie_lakehouse.job.bundle import Bundle, load_bundle
from movie_lakehouse.job.entry_points import GROUP
from support.built_wheel import PROJECT, entry_points_of

Check = Callable[[Bundle], Iterator[str]]

CHECKS: tuple[Check, ...] = (
    *resource_checks.CHECKS,
    *job_checks.CHECKS,
    *target_checks.CHECKS,
    *dashboard_checks.CHECKS,
    *app_checks.CHECKS,
)


def entry_points_exist(bundle: Bundle) -> Iterator[str]:
    """The check of the tasks against a wheel, as this environment has it installed."""
    points = distribution("movie_lakehouse").entry_points.select(group=GROUP)
    return job_checks.entry_points_exist(bundle, set(points.names))


ALL_CHECKS = (*CHECKS, entry_points_exist)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_bundle_has_no_such_problem(bundle: Bundle, check: Check) -> None:
    assert list(check(bundle)) == []


def test_the_tasks_are_the_built_wheels_entry_points(bundle: Bundle, wheel: Path) -> None:
    assert list(job_checks.entry_points_exist(bundle, entry_points_of(wheel))) == []


@pytest.fixture(scope="module")
def parsed_once() -> Iterator[None]:
    """A text of YAML is parsed once: of a bundle with a mistake, the broken file alone is new."""
    parsed = cache(yaml.safe_load)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(yaml, "safe_load", lambda text: deepcopy(parsed(text)))
        yield


@pytest.mark.usefixtures("parsed_once")
@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: f"{mistake.check}-{mistake.found}")
def test_a_mistake_is_found(tmp_path: Path, mistake: Mistake) -> None:
    """A copy of the bundle is broken in one place."""
    shutil.copy(PROJECT / "databricks.yml", tmp_path)
    shutil.copytree(PROJECT / "resources", tmp_path / "resources")
    text = (tmp_path / mistake.file).read_text(encoding="utf-8")
    assert mistake.right in text
    (tmp_path / mistake.file).write_text(text.replace(mistake.right, mistake.wrong), encoding="utf-8")
    check = next(check for check in ALL_CHECKS if check.__name__ == mistake.check)
    problems = "\n".join(check(load_bundle(tmp_path / "databricks.yml")))
    assert re.search(mistake.found, problems), problems or "no problem found"


def test_every_check_has_a_mistake_that_it_finds() -> None:
    assert {mistake.check for mistake in MISTAKES} == {check.__name__ for check in ALL_CHECKS}


@pytest.mark.parametrize("folder", ["lakehouse", "movielens", "ml-latest-small"])
def test_data_are_not_deployed(folder: str) -> None:
    """What git ignores stays at home: lakehouses and sources that the documents have people put beside the bundle."""
    assert subprocess.run(["git", "check-ignore", "--quiet", f"{folder}/"], cwd=PROJECT, check=False).returncode == 0
