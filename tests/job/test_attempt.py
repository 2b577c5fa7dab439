import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from types import SimpleNamespace

import pytest
from bundle_folder import Events, Tags, nothing, planned

from movie_lakehouse.errors import GateError, TaskError
from movie_lakehouse.job.attempt import run_task


def failing(*faults: BaseException | None) -> Callable[[Sequence[str]], None]:
    """An entry point that raises these one call after another, None being a success."""
    left = list(faults)

    def entry_point(argv: Sequence[str]) -> None:
        fault = left.pop(0)
        if fault is not None:
            raise fault

    return entry_point


def test_an_entry_point_is_called_with_the_tasks_arguments() -> None:
    seen: list[tuple[str, ...]] = []
    run_task(planned("a"), lambda argv: seen.append(tuple(argv)), Tags(), Events())
    assert seen == [("--x=1",)]


def test_the_report_has_what_the_entry_point_gives() -> None:
    outcome = SimpleNamespace(status="skipped", rows={"t": 3})
    report = run_task(planned("a"), lambda argv: outcome, Tags(), Events())
    assert (report.status, report.rows, report.error) == ("skipped", {"t": 3}, None)


def test_a_fault_is_tried_again_as_often_as_the_task_says() -> None:
    events = Events()
    entry_point = failing(RuntimeError("once"), RuntimeError("twice"), None)
    assert run_task(planned("a", retries=2), entry_point, Tags(), events).status == "succeeded"
    assert events.lines == ["try 2 of a", "try 3 of a"]


def test_a_fault_that_outlasts_the_retries_is_the_tasks_failure() -> None:
    report = run_task(planned("a", retries=1), failing(OSError("one"), OSError("two\nmore")), Tags(), Events())
    assert str(report.error) == "The task a failed with OSError: two"
    assert isinstance(report.error, TaskError)
    assert isinstance(report.error.__cause__, OSError)


def test_what_the_data_caused_is_not_tried_again() -> None:
    gate = GateError("Ratings are not unique.")
    events = Events()
    report = run_task(planned("a", retries=2), failing(gate), Tags(), events)
    assert (report.error, events.lines) == (gate, [])


def test_a_run_that_stops_while_a_task_waits_for_another_try_makes_none() -> None:
    stopping = threading.Event()
    threading.Timer(0.2, stopping.set).start()
    task = replace(planned("a", retries=1), retry_interval=60.0)
    report = run_task(task, failing(OSError("once"), None), Tags(), Events(), stopping)
    assert (report.status, str(report.error)) == ("failed", "The task a failed with OSError: once")


def test_a_program_that_exits_has_failed() -> None:
    assert run_task(planned("a"), failing(SystemExit(1)), Tags(), Events()).status == "failed"


@pytest.mark.parametrize(("retry_on_timeout", "tries"), [(False, 1), (True, 2)])
def test_a_task_whose_time_is_up_is_interrupted(retry_on_timeout: bool, tries: int) -> None:
    stop = threading.Event()
    tags = Tags(on_interrupt=stop.set)
    task = replace(planned("slow", timeout=0.05, retries=1), retry_on_timeout=retry_on_timeout)

    def entry_point(argv: Sequence[str]) -> None:
        stop.clear()
        stop.wait(20)
        raise RuntimeError("cancelled")

    report = run_task(task, entry_point, tags, Events())
    assert str(report.error) == "The task slow was stopped: it took more than the 0.05 s that it may."
    assert tags.interrupted == ["slow"] * tries


def test_what_ends_well_while_it_is_being_stopped_has_ended_well() -> None:
    nearly_done = threading.Event()
    task = planned("slow", timeout=0.05)
    report = run_task(task, lambda argv: nearly_done.wait(20) and None, Tags(on_interrupt=nearly_done.set), Events())
    assert (report.status, report.error) == ("succeeded", None)


def test_a_task_that_cannot_be_stopped_is_not_tried_again_beside_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("movie_lakehouse.job.attempt.SECONDS_TO_STOP", 0.1)
    begun, end = [], threading.Event()

    def entry_point(argv: Sequence[str]) -> None:
        begun.append(argv)
        end.wait(20)

    task = replace(planned("stuck", timeout=0.05, retries=1), retry_on_timeout=True)
    report = run_task(task, entry_point, Tags(), Events())
    end.set()
    assert (report.status, len(begun)) == ("failed", 1)


def test_a_timeout_that_is_not_the_tasks_own_is_told_as_what_it_is() -> None:
    report = run_task(planned("a"), failing(TimeoutError("The read timed out")), Tags(), Events())
    assert str(report.error) == "The task a failed with TimeoutError: The read timed out"


def test_a_task_within_its_time_is_not_interrupted() -> None:
    tags = Tags()
    assert run_task(planned("quick", timeout=20), nothing, tags, Events()).status == "succeeded"
    assert tags.interrupted == []
