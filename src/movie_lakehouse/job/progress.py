"""What tasks say while they work, and to whom: one listener a process, plain lines on stderr unless replaced."""

import sys
import time
from typing import Protocol

from movie_lakehouse.text import inert


class Listener(Protocol):
    """Is told what tasks have to say."""

    def notice(self, task: str, text: str) -> None:
        """One line worth knowing."""

    def step(self, task: str, what: str, done: int, total: int) -> None:
        """So many of so many are done."""


class PlainLines:
    """A line a notice, and for steps a line every few seconds with the time left."""

    def __init__(self, seconds_between: float = 10.0) -> None:
        self._seconds_between = seconds_between
        self._under_way: dict[tuple[str, str], tuple[float, int]] = {}
        self._said = 0.0

    def notice(self, task: str, text: str) -> None:
        """Print the line."""
        print(inert(f"{task}: {text}"), file=sys.stderr, flush=True)

    def step(self, task: str, what: str, done: int, total: int) -> None:
        """Print the count at the end and now and then before it.

        A count that goes back has begun anew, in another try or another run: so has its time.
        """
        now = time.monotonic()
        started, before = self._under_way.pop((task, what), (now, done))
        if done < before:
            started = now
        if done < total:
            self._under_way[task, what] = started, done
        if done == total or (done > 0 and now - self._said >= self._seconds_between):
            self._said = now
            left = time_left(now - started, done, total)
            self.notice(task, f"{done} of {total} {what}" + (f", about {left:.0f} s left" if done < total else ""))


def time_left(elapsed: float, done: int, total: int) -> float:
    """Seconds until the rest is done if it goes on as it went.

    >>> time_left(10.0, 2, 6)
    20.0
    """
    return elapsed / done * (total - done) if done else 0.0


class _Current:
    """Holds the process's listener."""

    listener: Listener = PlainLines()


def set_listener(listener: Listener) -> None:
    """Tell this listener from now on."""
    _Current.listener = listener


def notice(task: str, text: str) -> None:
    """Tell the listener one line."""
    _Current.listener.notice(task, text)


def step(task: str, what: str, done: int, total: int) -> None:
    """Tell the listener that so many of so many are done."""
    _Current.listener.step(task, what, done, total)
