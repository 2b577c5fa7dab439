"""Medians and ratios of what was measured several times."""

import statistics
from collections.abc import Callable, Mapping, Sequence
from typing import Any


def median_of(runs: Sequence[Mapping[str, Any]], read: Callable[[Mapping[str, Any]], float]) -> float:
    """The median over runs of what is read of each.

    >>> median_of([{"seconds": 3.0}, {"seconds": 9.0}, {"seconds": 4.0}], lambda run: run["seconds"])
    4.0
    """
    return float(statistics.median(read(run) for run in runs))


def median_ratio(rounds: Sequence[Mapping[str, float]], one: str, other: str) -> float:
    """How many times as long one took as the other, by the median over rounds: what disturbs one disturbs both.

    >>> median_ratio([{"a": 2.0, "b": 1.0}, {"a": 40.0, "b": 10.0}, {"a": 6.0, "b": 2.0}], "a", "b")
    3.0
    """
    return float(statistics.median(each[one] / each[other] for each in rounds))
