"""One task from its start to its end: its tries, the time they may take, and what is worth another try."""

import threading
import time
from collections.abc import Callable

from movie_lakehouse.errors import LakehouseError, NotPromotedError, TaskError, reason_of
from movie_lakehouse.job.entry_points import EntryPoint, Outcome
from movie_lakehouse.job.interrupt import Interrupter
from movie_lakehouse.job.observer import Observer
from movie_lakehouse.job.plan import PlannedTask
from movie_lakehouse.job.report import Status, TaskReport
from movie_lakehouse.job.stages import WAITING, stage

SECONDS_TO_STOP = 30.0
"""How long an interrupted task may take to end before it is left behind."""
SECONDS_BETWEEN_INTERRUPTIONS = 0.5


class _TimeIsUpError(Exception):
    """A task took longer than it may.

    Attributes:
        still_runs: whether it goes on all the same: another try would write beside it.
    """

    def __init__(self, *, still_runs: bool) -> None:
        super().__init__()
        self.still_runs = still_runs


def run_task(
    task: PlannedTask,
    entry_point: EntryPoint,
    interrupter: Interrupter,
    observer: Observer,
    stopping: threading.Event | None = None,
) -> TaskReport:
    """Try a task until it succeeds, another try is of no use, or the run is stopping."""
    stop = stopping or threading.Event()
    started, tries = time.monotonic(), 0
    while True:
        tries += 1
        try:
            outcome = _call_within_limit(task, entry_point, interrupter)
        except BaseException as fault:
            error = _explained(task, fault)
            ends = tries > task.retries or not _worth_another_try(task, fault) or stop.is_set()
            if not ends:
                observer.retrying(task, tries + 1, error)
                with stage(task.key, WAITING):
                    ends = stop.wait(task.retry_interval)
            if ends:
                ending: Status = "refused" if isinstance(fault, NotPromotedError) else "failed"
                return TaskReport(task.key, ending, time.monotonic() - started, error=error)
        else:
            status, rows = (outcome.status, outcome.rows) if outcome else ("succeeded", {})
            return TaskReport(task.key, status, time.monotonic() - started, rows)


def _call_within_limit(task: PlannedTask, entry_point: EntryPoint, interrupter: Interrupter) -> Outcome | None:
    """Call the entry point in a thread of its own: Python cannot stop a thread, but it can stop waiting for one.

    What ends well while it is being stopped has ended well.

    Raises:
        _TimeIsUpError: the task's time is up; its Spark work has been stopped.
        BaseException: whatever the entry point raises.
    """
    outcomes: list[Outcome | None] = []
    faults: list[BaseException] = []

    def call() -> None:
        try:
            with interrupter.marked(task.key):
                outcomes.append(entry_point(task.arguments))
        except BaseException as fault:
            faults.append(fault)

    thread = threading.Thread(target=call, name=task.key, daemon=True)
    thread.start()
    thread.join(task.timeout)
    if thread.is_alive():
        _stop(thread, lambda: interrupter.interrupt(task.key))
        if not outcomes:
            raise _TimeIsUpError(still_runs=thread.is_alive())
    if faults:
        raise faults[0]
    return outcomes[0]


def _stop(thread: threading.Thread, interrupt: Callable[[], None]) -> None:
    """Interrupt the thread's work until it ends: what is only being planned escapes one interruption."""
    deadline = time.monotonic() + SECONDS_TO_STOP
    while thread.is_alive() and time.monotonic() < deadline:
        interrupt()
        thread.join(SECONDS_BETWEEN_INTERRUPTIONS)


def _worth_another_try(task: PlannedTask, fault: BaseException) -> bool:
    """Whether it may go otherwise next time: what a setting, a source or the data caused will not."""
    if isinstance(fault, _TimeIsUpError):
        return task.retry_on_timeout and not fault.still_runs
    return isinstance(fault, TaskError) or not isinstance(fault, LakehouseError)


def _explained(task: PlannedTask, fault: BaseException) -> LakehouseError:
    """The fault as one line for people, its origin kept as the cause."""
    if isinstance(fault, LakehouseError):
        return fault
    if isinstance(fault, _TimeIsUpError):
        return TaskError(f"The task {task.key} was stopped: it took more than the {task.timeout:g} s that it may.")
    error = TaskError(f"The task {task.key} failed with {type(fault).__name__}: {reason_of(fault)}")
    error.__cause__ = fault
    return error
