"""Independent work on one session at once: a table's commit or a frame's verdict leaves most of a machine idle."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from pyspark import inheritable_thread_target
from pyspark.sql import SparkSession

Answer = TypeVar("Answer")

AT_ONCE: Final = 4
"""Calls that run at a time: Spark plans in the calling thread and waits for storage there, so few cores serve them."""


def side_by_side(spark: SparkSession, calls: Sequence[Callable[[], Answer]]) -> list[Answer]:
    """Make the calls, a few at a time, and give their answers in the order of the calls.

    Each thread takes over the session and the marks of the calling one, so that what stops its work stops theirs.

    Raises:
        Exception: what the first of the calls that fail raises, when all have ended.
    """
    with ThreadPoolExecutor(min(AT_ONCE, max(1, len(calls))), thread_name_prefix="side by side") as pool:
        futures = [pool.submit(inheritable_thread_target(spark)(call)) for call in calls]
    return [future.result() for future in futures]
