"""How a run of the job went, task by task."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from movie_lakehouse.errors import LakehouseError
from movie_lakehouse.job.plan import Plan

Status = Literal["succeeded", "skipped", "refused", "failed", "not run"]


@dataclass(frozen=True)
class TaskReport:
    """How a task ended.

    Attributes:
        task: the task's key.
        status: succeeded, skipped (nothing had changed), refused (a model that may not be published), failed, or not
            run because one before it failed.
        seconds: how long it took, all its tries together.
        rows: rows written by table, for what the task counted.
        error: why it failed.
    """

    task: str
    status: Status
    seconds: float = 0.0
    rows: Mapping[str, int] = field(default_factory=dict)
    error: LakehouseError | None = None


@dataclass(frozen=True)
class JobOutcome:
    """How the job ended: the plan and a report a task in the order in which they ended; none after a dry run."""

    plan: Plan
    reports: tuple[TaskReport, ...] = ()

    @property
    def error(self) -> LakehouseError | None:
        """The first failure, which is the job's; None when all went well."""
        return next((report.error for report in self.reports if report.error), None)

    def summary(self) -> list[str]:
        """A line a task, what took longest first, with its share of all the tasks' time."""
        total = sum(report.seconds for report in self.reports) or 1.0
        width = max((len(report.task) for report in self.reports), default=0)
        longest_first = sorted(self.reports, key=lambda report: -report.seconds)
        return [
            f"{report.task:<{width}}  {report.seconds:8.1f} s  {report.seconds / total:4.0%}  {self._ending(report)}"
            for report in longest_first
        ]

    def _ending(self, report: TaskReport) -> str:
        """The status, with the reason of a failure that is not the job's own line."""
        return report.status if report.error in (None, self.error) else f"{report.status}: {report.error}"
