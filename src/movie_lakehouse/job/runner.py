"""The job on this machine: the bundle's tasks, called as the wheel's entry points, in dependency order."""

import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from queue import SimpleQueue

from movie_lakehouse.job.attempt import run_task
from movie_lakehouse.job.definition import make_plan
from movie_lakehouse.job.entry_points import EntryPoint, entry_point_of
from movie_lakehouse.job.interrupt import Interrupter, SparkInterrupter
from movie_lakehouse.job.observer import LineObserver, Observer
from movie_lakehouse.job.plan import Plan, PlannedTask
from movie_lakehouse.job.references import LOCAL_TARGET
from movie_lakehouse.job.report import JobOutcome, TaskReport
from movie_lakehouse.lakehouse.session import open_session


def run_job(
    bundle_file: Path,
    *,
    target: str = LOCAL_TARGET,
    overrides: Mapping[str, str] | None = None,
    only: Iterable[str] = (),
    from_task: str | None = None,
    dry_run: bool = False,
    observer: Observer | None = None,
    interrupter: Callable[[], Interrupter] = lambda: SparkInterrupter(open_session()),
) -> JobOutcome:
    """Run a bundle's job in this process; independent tasks run side by side and share the session.

    ``overrides``, ``only`` and ``from_task`` are those of ``make_plan``. A dry run gives the plan and does nothing. A
    failed task keeps those that depend on it from running, and no others; the outcome's ``error`` is the first failure.

    Raises:
        SettingError: the bundle, the target, a task or a parameter cannot be used; nothing has been run.
        SetupError: no session can be had here; nothing has been run.
    """
    plan = make_plan(bundle_file, target=target, overrides=overrides, only=only, from_task=from_task)
    entry_points = {task.key: entry_point_of(task) for task in plan.tasks}
    if dry_run:
        return JobOutcome(plan)
    return run_plan(plan, entry_points, interrupter(), observer or LineObserver())


def run_plan(
    plan: Plan, entry_points: Mapping[str, EntryPoint], interrupter: Interrupter, observer: Observer
) -> JobOutcome:
    """Run the tasks of a plan, each when those before it have succeeded."""
    observer.planned(plan)
    ended: SimpleQueue[TaskReport | BaseException] = SimpleQueue()
    running: set[str] = set()
    sorter = plan.sorter()
    reports = []

    def start(task: PlannedTask) -> None:
        def work() -> None:
            try:
                ended.put(run_task(task, entry_points[task.key], interrupter, observer))
            except BaseException as fault:
                ended.put(fault)

        running.add(task.key)
        observer.started(task)
        threading.Thread(target=work, name=f"watch {task.key}", daemon=True).start()

    try:
        while sorter.is_active():
            for key in sorter.get_ready():
                start(plan.by_key[key])
            if not running:
                break
            report = ended.get()
            if isinstance(report, BaseException):
                raise report
            running.remove(report.task)
            reports.append(report)
            observer.finished(report)
            if report.error is None:
                sorter.done(report.task)
    except BaseException:
        for key in running:
            interrupter.interrupt(key)
        raise
    return _closed(plan, reports, observer)


def _closed(plan: Plan, reports: list[TaskReport], observer: Observer) -> JobOutcome:
    """Report the tasks that could not be run, and the job."""
    reported = {report.task for report in reports}
    left = [TaskReport(task.key, "not run") for task in plan.tasks if task.key not in reported]
    for report in left:
        observer.finished(report)
    outcome = JobOutcome(plan, (*reports, *left))
    observer.ended(outcome)
    return outcome
