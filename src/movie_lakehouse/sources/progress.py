"""How far long work has come: a bar on a terminal, a plain line every few seconds elsewhere, on standard error."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

SECONDS_BETWEEN_LINES = 5.0

Advance = Callable[[int], None]
"""Tells that so many more of the units are done."""


@contextmanager
def progress(what: str, total: int | None, unit: str, done: int = 0) -> Iterator[Advance]:
    """Shows ``what`` while the block runs; ``total`` is None where it is not known."""
    console = Console(stderr=True)
    if console.is_terminal:
        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[count]}"))
        with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as bar:
            task = bar.add_task(what, total=total, completed=done, count="")
            yield _counting(done, lambda now: bar.update(task, completed=now, count=amount(now, total, unit)))
    else:
        yield _counting(done, _plain_lines(what, total, unit))


def amount(done: int, total: int | None, unit: str) -> str:
    """How much is done, for people.

    >>> amount(250_000, 1_000_000, "ratings"), amount(3_500_000, None, "bytes")
    ('250,000 of 1,000,000 ratings (25 %)', '3,500,000 bytes')
    """
    return f"{done:,} {unit}" if not total else f"{done:,} of {total:,} {unit} ({done * 100 // total} %)"


def _counting(done: int, show: Callable[[int], None]) -> Advance:
    def advance(more: int) -> None:
        nonlocal done
        done += more
        show(done)

    return advance


def _plain_lines(what: str, total: int | None, unit: str) -> Callable[[int], None]:
    last = time.monotonic()

    def show(done: int) -> None:
        nonlocal last
        if time.monotonic() - last >= SECONDS_BETWEEN_LINES:
            last = time.monotonic()
            print(f"{what}: {amount(done, total, unit)}", file=sys.stderr, flush=True)

    return show
