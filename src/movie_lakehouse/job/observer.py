"""Who is told how the job goes."""

from typing import Protocol

from rich.console import Console
from rich.text import Text

from movie_lakehouse.errors import LakehouseError
from movie_lakehouse.job.plan import Plan, PlannedTask
from movie_lakehouse.job.report import JobOutcome, TaskReport
from movie_lakehouse.text import inert

_STYLES = {"succeeded": "green", "skipped": "cyan", "refused": "bold yellow", "failed": "bold red", "not run": "yellow"}


class Observer(Protocol):
    """Is told of a run's events, one at a time, though not always from the same thread."""

    def planned(self, plan: Plan) -> None:
        """These tasks are about to run, or would be in a dry run."""

    def started(self, task: PlannedTask) -> None:
        """A task has been started."""

    def retrying(self, task: PlannedTask, attempt: int, error: LakehouseError) -> None:
        """A task has failed and will be tried for the ``attempt``-th time."""

    def finished(self, report: TaskReport) -> None:
        """A task has ended, or will not be run."""

    def ended(self, outcome: JobOutcome) -> None:
        """The job has ended."""


class LineObserver:
    """Prints a line an event to standard error, in colour on a terminal, and at the end a line a task."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True)

    def planned(self, plan: Plan) -> None:
        """Say what is run, and as which run."""
        self._say(f"{plan.job}: {', '.join(task.key for task in plan.tasks)} (run {plan.run_id})")

    def started(self, task: PlannedTask) -> None:
        """Say that it has been started."""
        self._say(f"{task.key}: started")

    def retrying(self, task: PlannedTask, attempt: int, error: LakehouseError) -> None:
        """Say why, and which try the next is."""
        self._say(f"{task.key}: {error} Try {attempt} of {task.retries + 1} follows.", "yellow")

    def finished(self, report: TaskReport) -> None:
        """Say how it ended, after how long and with how many rows."""
        time = "" if report.status == "not run" else f" after {report.seconds:.1f} s"
        rows = ", ".join(f"{table} {count:,}" for table, count in report.rows.items())
        self._say(f"{report.task}: {report.status}{time}" + (f" ({rows})" if rows else ""), _STYLES[report.status])

    def ended(self, outcome: JobOutcome) -> None:
        """Say what took longest."""
        self._say("What took longest:")
        for line in outcome.summary():
            self._say(f"  {line}")

    def _say(self, text: str, style: str = "") -> None:
        """Print one line: no markup, no wrapping, nothing that a terminal obeys."""
        self._console.print(Text(inert(text), style=style), soft_wrap=True)
