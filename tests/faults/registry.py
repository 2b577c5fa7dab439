"""What is done to the job, and what becomes of it: each test says so of itself, and docs/reliability.md shows it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import pytest

Test = TypeVar("Test", bound=Callable[..., object])

MENDS = "running again gives the tables of an undisturbed run"


@dataclass(frozen=True)
class Fault:
    """A fault: what is done, what becomes of it, and the module of the test that has seen it."""

    what: str
    outcome: str
    module: str


FAULTS: dict[str, Fault] = {}
"""By the test's name; those of the modules that have been imported."""


def fault(what: str, outcome: str) -> Callable[[Test], Test]:
    """Enter the test's fault. The test asserts what the outcome says."""

    def enter(test: Test) -> Test:
        FAULTS[test.__name__] = Fault(what, outcome, test.__module__)
        return test

    return enter


def faults(cases: Mapping[str, tuple[str, str]]) -> Callable[[Test], Test]:
    """Enter a fault for each case of a test that takes the case's ``name``; what is done and what becomes of it."""

    def enter(test: Test) -> Test:
        for name, (what, outcome) in cases.items():
            FAULTS[f"{test.__name__}[{name}]"] = Fault(what, outcome, test.__module__)
        return pytest.mark.parametrize("name", list(cases))(test)

    return enter


def stops(line: str) -> str:
    """The outcome of a fault that ends the job with a line for a person; tables stay as they were."""
    return f"stops: “…{line}…”"
