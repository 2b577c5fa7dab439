"""How a run of the job went, task by task."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from movie_lakehouse.errors import LakehouseError
from movie_lakehouse.job.history import Status as Ended
from movie_lakehouse.job.plan import Plan
from movie_lakehouse.job.stages import Stage, times

Status = Ended | Literal["not run"]


@dataclass(frozen=True)
class TaskReport:
    """How a task ended.

    Attributes:
        task: the task's key.
        status: succeeded, skipped (nothing had changed), refused (a model that may not be published), failed, or not
            run because one before it failed.
        seconds: how long it took, all its tries together.
        rows: rows of each table that the task made, where it counted them.
        error: why it failed.
    """

    task: str
    status: Status
    seconds: float = 0.0
    rows: Mapping[str, int] = field(default_factory=dict)
    error: LakehouseError | None = None


class Timing(NamedTuple):
    """A row of ``lakehouse run --timings``: a stage, a task with all of its stages, or the wall time.

    Attributes:
        task: the task's key; None for what belongs to the run as a whole.
        stage: what was done; None for the task as a whole, ``wall time`` in the last row.
        status: the task's; None for a stage.
        seconds: how long it took; of a stage, without the stages within it.
        share: of the wall time, 0 to 1. What several tasks did at once is shared by them, so that the stages' shares
            add up to the last row's: the part of the wall time that is accounted for.
        rows: rows of each table that a task made.
    """

    task: str | None
    stage: str | None
    status: Status | None
    seconds: float
    share: float
    rows: Mapping[str, int] | None = None


@dataclass(frozen=True)
class JobOutcome:
    """How the job ended.

    Attributes:
        plan: what was to be done.
        reports: one a task in the order in which they ended; none after a dry run.
        stages: what the time went into.
    """

    plan: Plan
    reports: tuple[TaskReport, ...] = ()
    stages: tuple[Stage, ...] = ()

    @property
    def error(self) -> LakehouseError | None:
        """The first failure, which is the job's; None when all went well."""
        return next((report.error for report in self.reports if report.error), None)

    def timings(self, began: float, ended: float) -> list[Timing]:
        """What the time between two moments of ``time.monotonic()`` went into: stages, each task after its own."""
        taken = times(self.stages, began, ended)

        def stages_of(task: str | None) -> list[Timing]:
            return [Timing(task, name, None, *time) for (whose, name), time in taken.items() if whose == task]

        found = stages_of(None)
        for report in self.reports:
            stages = stages_of(report.task)
            share = sum(stage.share for stage in stages)
            found += [*stages, Timing(report.task, None, report.status, report.seconds, share, report.rows)]
        accounted_for = sum(time.share for time in taken.values())
        return [*found, Timing(None, "wall time", None, ended - began, accounted_for)]

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
