"""Stopping the Spark work of a task that has run out of time."""

from contextlib import AbstractContextManager, suppress
from typing import Protocol

from py4j.protocol import Py4JError

from movie_lakehouse.lakehouse.session import marked_work, stop_marked_work


class Interrupter(Protocol):
    """Marks the work of a thread, and stops what is so marked."""

    def marked(self, tag: str) -> AbstractContextManager[None]:
        """Mark all that this thread does within the block."""

    def interrupt(self, tag: str) -> None:
        """Stop the marked work: it ends with an error in its own thread."""


class SparkInterrupter:
    """Does so with the work of the process's session, once there is one."""

    def marked(self, tag: str) -> AbstractContextManager[None]:
        """Mark this thread's operations."""
        return marked_work(tag)

    def interrupt(self, tag: str) -> None:
        """Cancel the marked operations that are running; none are where Spark was ended before, by the same signal."""
        with suppress(Py4JError, OSError):
            stop_marked_work(tag)
