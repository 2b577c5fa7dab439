"""The job on this machine: the bundle's tasks, called as the wheel's entry points, in dependency order."""

import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from queue import Empty, SimpleQueue

from movie_lakehouse.job.attempt import SECONDS_BETWEEN_INTERRUPTIONS, SECONDS_TO_STOP, run_task
from movie_lakehouse.job.definition import make_plan
from movie_lakehouse.job.entry_points import EntryPoint, entry_point_of
from movie_lakehouse.job.interrupt import Interrupter, SparkInterrupter
from movie_lakehouse.job.observer import LineObserver, Observer
from movie_lakehouse.job.plan import Plan, PlannedTask
from movie_lakehouse.job.references import LOCAL_TARGET
from movie_lakehouse.job.report import JobOutcome, TaskReport
from movie_lakehouse.job.stages import recorded_stages
from movie_lakehouse.lakehouse.lock import sole_writer
from movie_lakehouse.lakehouse.place import place_of
from movie_lakehouse.waiting import SECONDS_BETWEEN_LOOKS


def run_job(
    bundle_file: Path,
    *,
    target: str = LOCAL_TARGET,
    overrides: Mapping[str, str] | None = None,
    only: Iterable[str] = (),
    from_task: str | None = None,
    job: str | None = None,
    dry_run: bool = False,
    observer: Observer | None = None,
    interrupter: Interrupter | None = None,
) -> JobOutcome:
    """Run a bundle's job in this process; independent tasks run side by side and share the session.

    ``overrides``, ``only``, ``from_task`` and ``job`` are those of ``make_plan``. A dry run gives the plan and does
    nothing. A failed task keeps those that depend on it from running, and no others; the outcome's ``error`` is the
    first failure. A run that is broken off (Ctrl-C, SIGTERM) first lets its tasks say in ops.job_runs that they failed.

    Raises:
        SettingError: the bundle, the target, a task or a parameter cannot be used; nothing has been run.
        TableError: another job is writing the lakehouse; nothing has been run.
    """
    plan = make_plan(bundle_file, target=target, overrides=overrides, only=only, from_task=from_task, job=job)
    entry_points = {task.key: entry_point_of(task) for task in plan.tasks}
    if dry_run:
        return JobOutcome(plan)
    place = place_of(plan.parameters["lakehouse"], plan.parameters.get("schema_prefix", ""))
    with sole_writer(place, f"{plan.job}, run {plan.run_id}"), recorded_stages() as stages:
        outcome = run_plan(plan, entry_points, interrupter or SparkInterrupter(), observer or LineObserver())
        return replace(outcome, stages=tuple(stages))


def run_plan(
    plan: Plan, entry_points: Mapping[str, EntryPoint], interrupter: Interrupter, observer: Observer
) -> JobOutcome:
    """Run the tasks of a plan, each when those before it have succeeded."""
    run = _Run(entry_points, interrupter, observer)
    observer.planned(plan)
    sorter, reports = plan.sorter(), []
    try:
        while sorter.is_active():
            for key in sorter.get_ready():
                run.start(plan.by_key[key])
            if not run.running:
                break
            report = run.next_report(SECONDS_BETWEEN_LOOKS)
            if report is None:
                continue
            reports.append(report)
            observer.finished(report)
            if report.error is None:
                sorter.done(report.task)
    except BaseException:
        run.stop()
        raise
    return _closed(plan, reports, observer)


class _Run:
    """The tasks that are running, each watched in a thread of its own."""

    def __init__(self, entry_points: Mapping[str, EntryPoint], interrupter: Interrupter, observer: Observer) -> None:
        self.running: set[str] = set()
        self._entry_points = entry_points
        self._interrupter = interrupter
        self._observer = observer
        self._ended: SimpleQueue[tuple[str, TaskReport | BaseException]] = SimpleQueue()
        self._stopping = threading.Event()

    def start(self, task: PlannedTask) -> None:
        """Start a task."""

        def work() -> None:
            try:
                entry_point = self._entry_points[task.key]
                report = run_task(task, entry_point, self._interrupter, self._observer, self._stopping)
                self._ended.put((task.key, report))
            except BaseException as fault:
                self._ended.put((task.key, fault))

        self._observer.started(task)
        self.running.add(task.key)
        threading.Thread(target=work, name=f"watch {task.key}", daemon=True).start()

    def next_report(self, seconds: float) -> TaskReport | None:
        """Wait for a task to end; None when none has in so many seconds.

        Raises:
            BaseException: a fault of the runner's own.
        """
        try:
            key, report = self._ended.get(timeout=seconds)
        except Empty:
            return None
        self.running.remove(key)
        if isinstance(report, BaseException):
            raise report
        return report

    def stop(self) -> None:
        """Stop the tasks and wait until they have said so; what is only being planned escapes one interruption."""
        self._stopping.set()
        deadline = time.monotonic() + SECONDS_TO_STOP
        while self.running and time.monotonic() < deadline:
            for key in self.running:
                self._interrupter.interrupt(key)
            self.next_report(SECONDS_BETWEEN_INTERRUPTIONS)


def _closed(plan: Plan, reports: list[TaskReport], observer: Observer) -> JobOutcome:
    """Report the tasks that could not be run, and the job."""
    reported = {report.task for report in reports}
    left = [TaskReport(task.key, "not run") for task in plan.tasks if task.key not in reported]
    for report in left:
        observer.finished(report)
    outcome = JobOutcome(plan, (*reports, *left))
    observer.ended(outcome)
    return outcome
