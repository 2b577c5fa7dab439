"""What the job did in a run: its tasks, their times, the versions read and written, and what the gates found."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import entry_points

from movie_lakehouse.query.reader import LakehouseReader
from movie_lakehouse.report.asking import records

_TASKS = """
SELECT task, status, started_at, ended_at, tables_read, tables_written, "rows", message
FROM ops.job_runs WHERE run_id = ? ORDER BY started_at, task
"""
_SUITES = """
SELECT suite, count(*) AS n_expectations, count(*) FILTER (success) AS n_held,
  count(*) FILTER (NOT success AND severity = 'warning') AS n_warnings,
  count(*) FILTER (NOT success AND severity = 'critical') AS n_failed
FROM ops.validation_results WHERE run_id = ? GROUP BY suite ORDER BY suite
"""
_UNMET = """
SELECT suite, severity, expectation, observed, unexpected_count
FROM ops.validation_results WHERE run_id = ? AND NOT success ORDER BY severity, suite, judged_at, expectation
"""


@dataclass(frozen=True)
class TaskEnd:
    """A row of ops.job_runs: the columns are described there."""

    task: str
    status: str
    started_at: datetime
    ended_at: datetime
    tables_read: Mapping[str, int]
    tables_written: Mapping[str, int]
    rows: Mapping[str, int]
    message: str | None

    @property
    def seconds(self) -> float:
        """How long it took."""
        return (self.ended_at - self.started_at).total_seconds()


@dataclass(frozen=True)
class Run:
    """A run of the job, task by task in the order in which they began.

    Attributes:
        not_recorded: the tasks of the job that did not end in this run, or were not asked of it.
    """

    run_id: str
    tasks: tuple[TaskEnd, ...]
    not_recorded: tuple[str, ...]

    @property
    def started_at(self) -> datetime:
        """When its first task began."""
        return min(task.started_at for task in self.tasks)

    @property
    def seconds(self) -> float:
        """From the first task's start to the last one's end."""
        return (max(task.ended_at for task in self.tasks) - self.started_at).total_seconds()

    @property
    def status(self) -> str:
        """The worst of its tasks' last statuses: failed, refused, succeeded, or skipped where all were."""
        last = {task.task: task.status for task in self.tasks}
        return next(status for status in ("failed", "refused", "succeeded", "skipped") if status in last.values())


@dataclass(frozen=True)
class SuiteVerdict:
    """How many of a suite's expectations held in the run, were warned of, and failed so that the job stopped."""

    suite: str
    n_expectations: int
    n_held: int
    n_warnings: int
    n_failed: int


@dataclass(frozen=True)
class Unmet:
    """An expectation that did not hold: the columns of ops.validation_results."""

    suite: str
    severity: str
    expectation: str
    observed: str | None
    unexpected_count: int | None

    @property
    def found(self) -> str:
        """What was found instead, in a few words."""
        seen = json.loads(self.observed or "{}").get("observed_value")
        if self.unexpected_count is not None:
            return f"{self.unexpected_count:,} row{'' if self.unexpected_count == 1 else 's'}"
        return "" if seen is None else f"observed {seen}"


@dataclass(frozen=True)
class Gates:
    """What the run's suites found."""

    suites: tuple[SuiteVerdict, ...]
    unmet: tuple[Unmet, ...]


ALONE = frozenset({"rollback", "maintain"})
"""The tasks that are a job each."""


def run_of(reader: LakehouseReader, run_id: str) -> Run:
    """The run's tasks.

    Raises:
        TableError: there is no ops.job_runs.
    """
    tasks = records(reader, TaskEnd, _TASKS, [run_id])
    ended = {task.task for task in tasks}
    of_the_job = {entry.name for entry in entry_points(group="movie_lakehouse.tasks")} - ALONE
    return Run(run_id, tasks, () if ended & ALONE else tuple(sorted(of_the_job - ended)))


def gates_of(reader: LakehouseReader, run_id: str) -> Gates:
    """What the run's suites found.

    Raises:
        TableError: there is no ops.validation_results.
    """
    return Gates(records(reader, SuiteVerdict, _SUITES, [run_id]), records(reader, Unmet, _UNMET, [run_id]))
