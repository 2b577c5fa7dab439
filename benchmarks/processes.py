"""Commands run as processes of their own, with the time and the memory that they took."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

PROJECT = Path(__file__).parents[1]
PEERS = PROJECT / ".venv-bench"
"""The environment of other packages, which `make bench-env` makes."""


class CommandError(Exception):
    """A command ended with another status than 0; the text says how, and what it took until then."""


class Ended(NamedTuple):
    """What a command wrote to standard output, its seconds by the clock, and its peak memory in MiB."""

    answer: str
    seconds: float
    peak_mib: int


def measured(command: Sequence[str], environment: dict[str, str] | None = None) -> Ended:
    """Run a command in the project's folder; what it says on standard error is seen.

    Raises:
        CommandError: it did not end well.
    """
    start = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=PROJECT, env=os.environ | (environment or {})
    )
    with watched(process.pid) as peak:
        answer = process.communicate()[0]
    seconds = time.perf_counter() - start
    if process.returncode:
        name = " ".join([Path(command[0]).name, *command[1:3]])  # no more: it is kept, and folders are somebody's
        raise CommandError(
            f"{name} ended with status {process.returncode} after {seconds:,.0f} s, at a peak of {peak[0]:,} MiB"
        )
    return Ended(answer, round(seconds, 3), peak[0])


def script(module: str, *arguments: str, python: str = sys.executable) -> dict[str, Any]:
    """What a script of this folder says of itself in JSON on its last line, with its seconds and its peak memory.

    Raises:
        CommandError: it did not end well.
    """
    environment = {"PYTHONPATH": str(PROJECT / "src")} if python != sys.executable else None
    ended = measured([python, "-m", f"benchmarks.{module}", *arguments], environment)
    said: dict[str, Any] = json.loads(ended.answer.splitlines()[-1])
    return said | {"whole_seconds": ended.seconds, "peak_mib": ended.peak_mib}


def python_with_peers() -> str:
    """The interpreter that has other packages to compare with, or this one where they could not be had."""
    return str(PEERS / "bin" / "python") if (PEERS / ".installed").exists() else sys.executable


@contextmanager
def watched(root: int) -> Iterator[list[int]]:
    """Give a list of one number that becomes the peak memory of a tree of processes, looked at twice a second."""
    peak, ended = [0], threading.Event()

    def watch() -> None:
        while not ended.wait(0.5):
            peak[0] = max(peak[0], resident_mib(root))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield peak
    finally:
        ended.set()
        watcher.join()


def resident_mib(root: int) -> int:
    """Resident memory of a process and all that it has started, in MiB; Linux only, 0 elsewhere.

    What processes share is counted in each: the sum is no less than what they take together.
    """
    parents, pages = {}, {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            pages[int(folder.name)] = int((folder / "statm").read_text().split()[1])
        except (OSError, IndexError):
            continue  # it has ended meanwhile
    tree, found = {root}, {root}
    while found:
        found = {child for child, parent in parents.items() if parent in found} - tree
        tree |= found
    return sum(pages.get(process, 0) for process in tree) * os.sysconf("SC_PAGE_SIZE") // 2**20
