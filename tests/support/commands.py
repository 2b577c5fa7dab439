"""How a command of the command line ended."""

from collections.abc import Callable
from typing import NamedTuple


class Ended(NamedTuple):
    """Exit status, and what went to standard output and standard error."""

    status: int
    out: str
    err: str


Lakehouse = Callable[..., Ended]
"""Runs ``lakehouse`` with the arguments given."""
