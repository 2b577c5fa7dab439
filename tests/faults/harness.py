"""A run of the job as a process of its own, to which one thing is done on the way."""

import atexit
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from job.conftest import SMALL
from movie_lakehouse.job.publications import PUBLISHED
from support.shared_spark import JOIN, shared_spark


def easy_suites() -> Path:
    """A folder of suites that expect next to nothing, until this process ends: judging takes half of a small job."""
    folder = Path(tempfile.mkdtemp(prefix="easy-suites-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    expectation = {
        "type": "expect_table_row_count_to_be_between",
        "kwargs": {"min_value": 0},
        "severity": "critical",
    }
    for table in PUBLISHED:
        file = folder.joinpath(*table.split(".")).with_suffix(".json")
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps({"name": table, "expectations": [expectation]}), encoding="utf-8")
    return folder


FAST = SMALL | {
    "model": "als",
    "ranking": "rating",
    "promotion": "always",
    "expectations": str(easy_suites()),
}
"""The job's settings here, the quickest: plain ALS, lists by its stars, easy suites. Every table is written."""
WHOLE_CAMPAIGN = os.environ.get("FAULTS") == "all"
"""Whether all faults are tried, as `make test-faults` does, or those that take little time."""
PROJECT = Path(__file__).parents[2]
LAKEHOUSE = str(Path(sys.executable).with_name("lakehouse"))
HERE = Path(sys.executable)
JOINED = f"{JOIN}\nfrom movie_lakehouse.cli import main\nmain()"
"""The same, in any Python, as a session of the Spark that processes of a test run share."""
SECONDS_TO_WAIT = 400
SECONDS_BETWEEN_LOOKS = 0.01


@dataclass(frozen=True)
class Ending:
    """How a run ended: its exit status, and what it said on standard error, line by line."""

    status: int
    lines: tuple[str, ...]

    @property
    def last(self) -> str:
        """What a person reads last: of a run that failed, why."""
        return self.lines[-1]


class Run:
    """A run that is going on, in a group of processes of its own.

    Attributes:
        joined: the number of the Spark that it shares with other processes, which is not of the group.
    """

    def __init__(self, process: subprocess.Popen[bytes], log: Path, joined: int | None = None) -> None:
        self.process = process
        self.joined = joined
        self._log = log

    @property
    def lines(self) -> list[str]:
        """What it has said so far."""
        return self._log.read_text(encoding="utf-8").splitlines()

    @property
    def is_alive(self) -> bool:
        return self.process.poll() is None

    def tasks_under_way(self) -> list[str]:
        """The tasks that have been started and have not said how they ended."""
        said = [line.split(": ")[:2] for line in self.lines if ": " in line]
        ended = {task for task, what in said if what.split(" ")[0] in {"succeeded", "skipped", "failed"}}
        return [task for task, what in said if what == "started" and task not in ended]

    def wait_for(self, *words: str) -> None:
        """Wait until it has said these words."""
        self.wait_until(lambda: any(all(word in line for word in words) for line in self.lines), " ".join(words))

    def wait_until(self, reached: Callable[[], bool], what: str) -> None:
        """Wait for something that comes to pass while it runs."""
        deadline = time.monotonic() + SECONDS_TO_WAIT
        while not reached():
            assert self.is_alive, f"it ended before {what}:\n" + "\n".join(self.lines)
            assert time.monotonic() < deadline, f"too long until {what}:\n" + "\n".join(self.lines)
            time.sleep(SECONDS_BETWEEN_LOOKS)

    def send(self, number: signal.Signals) -> None:
        """Send the whole group a signal."""
        os.killpg(self.process.pid, number)

    def kill(self) -> None:
        """End it and its JVM there and then."""
        self.send(signal.SIGKILL)
        self.process.wait()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Stop it and its JVM while the block lasts: the disk is as it would be had they been killed."""
        own = [psutil.Process(self.process.pid), *self.processes("org.apache.spark")]
        joined = [psutil.Process(self.joined)] if self.joined else []
        self.send(signal.SIGSTOP)
        try:
            for spark in joined:
                spark.suspend()
            for process in own + joined:
                while process.status() != psutil.STATUS_STOPPED:
                    time.sleep(SECONDS_BETWEEN_LOOKS)
            yield
        finally:
            for spark in joined:
                spark.resume()
            self.send(signal.SIGCONT)

    def processes(self, word: str) -> list[psutil.Process]:
        """The processes under it whose command line has the word."""
        found = []
        for process in psutil.Process(self.process.pid).children(recursive=True):
            with suppress(psutil.Error):
                if any(word in part for part in process.cmdline()):
                    found.append(process)
        return found

    def end(self) -> Ending:
        """Wait for its end."""
        return Ending(self.process.wait(SECONDS_TO_WAIT), tuple(self.lines))


@contextmanager
def running(
    root: Path,
    *options: str,
    settings: Mapping[str, str] = FAST,
    environment: Mapping[str, str] | None = None,
    log: Path | None = None,
    joining: Path | None = None,
) -> Iterator[Run]:
    """Start ``lakehouse run``; what is left of it when the block ends is killed.

    Args:
        joining: the Python of a run that has a session of the Spark that processes of the test run share, where they
            do, and none of its own.
    """
    log = log or root.with_name(f"{root.name}-{time.time_ns()}.txt")
    chosen = [f"--set={name}={value}" for name, value in settings.items()]
    lakehouse = [joining, "-c", JOINED] if joining else [LAKEHOUSE]
    # No sources but those that this Python itself finds.
    variables = {"PYSPARK_PYTHON": str(joining), "PYTHONPATH": ""} if joining else {}
    command = [*lakehouse, "run", "--root", str(root), *chosen, *options]
    with log.open("wb") as stderr:
        process = subprocess.Popen(
            command,
            stdout=stderr,
            stderr=stderr,
            start_new_session=True,
            env=os.environ | variables | dict(environment or {}),
        )
    run = Run(process, log, shared_spark() if joining else None)
    try:
        yield run
    finally:
        with suppress(ProcessLookupError):
            run.send(signal.SIGKILL)
        process.wait()


def bundle_with(folder: Path, task: str, **bounds: int) -> Path:
    """A copy of the bundle in which a task has other bounds."""
    folder.mkdir()
    for name in ("databricks.yml", "resources", "expectations"):
        (shutil.copytree if (PROJECT / name).is_dir() else shutil.copy)(PROJECT / name, folder / name)
    file = folder / "resources" / "movie_lakehouse.job.yml"
    before, key, text = file.read_text(encoding="utf-8").partition(f"task_key: {task}\n")
    for name, value in bounds.items():
        text, n_found = re.subn(rf"\b{name}: \d+", f"{name}: {value}", text, count=1)
        assert n_found
    file.write_text(before + key + text, encoding="utf-8")
    return folder / "databricks.yml"


def run_to_its_end(root: Path, *options: str, **how: Mapping[str, str]) -> Ending:
    """Run the job, undisturbed from here on."""
    with running(root, *options, **how) as run:
        return run.end()


def assert_one_line(ending: Ending, *words: str, status: int = 1) -> None:
    """It ended with a line that says what a person must do, and with no traceback."""
    text = "\n".join(ending.lines)
    assert ending.status == status, text
    assert "Traceback" not in text
    assert not ending.last.startswith("Fault:"), text
    for word in words:
        assert word in ending.last, text
