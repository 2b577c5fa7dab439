"""Stopping the Spark work of a task that has run out of time."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from pyspark.sql import SparkSession


class Interrupter(Protocol):
    """Marks the work of a thread, and stops what is so marked."""

    def marked(self, tag: str) -> AbstractContextManager[None]:
        """Mark all that this thread does within the block."""

    def interrupt(self, tag: str) -> None:
        """Stop the marked work: it ends with an error in its own thread."""


class SparkInterrupter:
    """Marks a thread's Spark operations by a tag of the session; classic Spark and Spark Connect both have these."""

    def __init__(self, spark: SparkSession) -> None:
        self._spark = spark

    @contextmanager
    def marked(self, tag: str) -> Iterator[None]:
        """Tag this thread's operations."""
        self._spark.addTag(tag)
        try:
            yield
        finally:
            self._spark.removeTag(tag)

    def interrupt(self, tag: str) -> None:
        """Cancel the operations that have the tag."""
        self._spark.interruptTag(tag)
