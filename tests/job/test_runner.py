import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from bundle_folder import JOB, Events, Tags, nothing, plan_of, planned, write_bundle

from movie_lakehouse.errors import GateError, SettingError
from movie_lakehouse.job.plan import PlannedTask
from movie_lakehouse.job.runner import run_job, run_plan
from support.ctrl_c import ctrl_c_after, to_another_thread

DIAMOND = plan_of(planned("a"), planned("b", "a"), planned("c", "a"), planned("d", "b", "c"))


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A job writes ./lakehouse unless it is told otherwise."""
    monkeypatch.chdir(tmp_path)


def raising(argv: Sequence[str]) -> None:
    raise GateError("No.")


def test_a_task_starts_when_those_before_it_have_succeeded() -> None:
    events = Events()
    run_plan(DIAMOND, dict.fromkeys("abcd", nothing), Tags(), events)
    position = events.lines.index
    assert position("started b") > position("succeeded a")
    assert position("started d") > max(position("succeeded b"), position("succeeded c"))
    assert events.lines[0] == "planned 4"
    assert events.lines[-1] == "ended"


def test_independent_tasks_run_side_by_side() -> None:
    both = threading.Barrier(2, timeout=20)

    def meet(argv: Sequence[str]) -> None:
        both.wait()

    outcome = run_plan(DIAMOND, {"a": nothing, "b": meet, "c": meet, "d": nothing}, Tags(), Events())
    assert outcome.error is None


def test_a_failure_keeps_its_dependents_from_running_and_no_others() -> None:
    events = Events()
    outcome = run_plan(DIAMOND, {"a": nothing, "b": raising, "c": nothing, "d": nothing}, Tags(), events)
    assert {report.task: report.status for report in outcome.reports} == {
        "a": "succeeded",
        "b": "failed",
        "c": "succeeded",
        "d": "not run",
    }
    assert "started d" not in events.lines


def test_the_first_failure_is_the_jobs() -> None:
    outcome = run_plan(DIAMOND, {"a": raising, "b": nothing, "c": nothing, "d": nothing}, Tags(), Events())
    assert str(outcome.error) == "No."


def test_a_run_that_is_broken_off_stops_what_is_running_and_waits_for_its_end() -> None:
    stopped, ended = threading.Event(), []

    def until_stopped(argv: Sequence[str]) -> None:
        stopped.wait(20)
        ended.append("b")
        raise OSError

    class Impatient(Events):
        def started(self, task: PlannedTask) -> None:
            if task.key == "c":
                raise KeyboardInterrupt

    tags, events = Tags(stopped.set), Impatient()
    plan = plan_of(planned("a"), planned("b", "a", retries=2), planned("c", "a"))
    with pytest.raises(KeyboardInterrupt):
        run_plan(plan, {"a": nothing, "b": until_stopped, "c": nothing}, tags, events)
    assert tags.interrupted == ["b"]
    assert ended == ["b"], "it is neither left behind nor tried again"


def test_ctrl_c_is_noticed_whichever_thread_the_signal_comes_to() -> None:
    stopped = threading.Event()

    def until_stopped(argv: Sequence[str]) -> None:
        stopped.wait(20)

    began = time.monotonic()
    with ctrl_c_after(0.2, to_another_thread), pytest.raises(KeyboardInterrupt):
        run_plan(plan_of(planned("a")), {"a": until_stopped}, Tags(stopped.set), Events())
    assert time.monotonic() - began < 10


def test_a_fault_of_the_runner_itself_is_raised_and_not_waited_for() -> None:
    class Broken(Events):
        def retrying(self, task: object, attempt: int, error: object) -> None:
            raise ZeroDivisionError

    def falling(argv: Sequence[str]) -> None:
        raise OSError

    with pytest.raises(ZeroDivisionError):
        run_plan(plan_of(planned("a", retries=1)), {"a": falling}, Tags(), Broken())


def install(folder: Path, entry_points: str) -> None:
    """Make a distribution ``films`` with entry points of a module ``films_tasks`` in a folder on the path."""
    info = folder / "films-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: films\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(f"[movie_lakehouse.tasks]\n{entry_points}\n", encoding="utf-8")
    (folder / "films_tasks.py").write_text("calls = []\npaint = calls.append\n", encoding="utf-8")


@pytest.fixture
def film_bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "films_tasks", raising=False)
    job = JOB.replace("package_name: movie_lakehouse", "package_name: films").replace("ingest", "paint")
    return write_bundle(tmp_path, job=job)


def test_a_task_is_the_installed_wheels_entry_point(tmp_path: Path, film_bundle: Path) -> None:
    install(tmp_path, "paint = films_tasks:paint")
    outcome = run_job(film_bundle, observer=Events(), interrupter=Tags())
    import films_tasks

    assert films_tasks.calls == [outcome.plan.tasks[0].arguments]


def test_a_dry_run_gives_the_plan_and_calls_nothing(tmp_path: Path, film_bundle: Path) -> None:
    install(tmp_path, "paint = films_tasks:raising_if_called")
    (tmp_path / "films_tasks.py").write_text("def raising_if_called(argv): raise AssertionError\n", encoding="utf-8")
    outcome = run_job(film_bundle, dry_run=True, interrupter=Tags())
    assert ([task.key for task in outcome.plan.tasks], outcome.reports) == (["paint"], ())


def test_an_entry_point_that_the_wheel_lacks_is_refused_with_file_and_key(tmp_path: Path, film_bundle: Path) -> None:
    install(tmp_path, "draw = films_tasks:paint")
    with pytest.raises(SettingError, match=r"resources/job\.yml: .*\[paint\]\.python_wheel_task\.entry_point: .* draw"):
        run_job(film_bundle, interrupter=Tags())


def test_an_entry_point_that_does_not_load_is_refused_with_file_and_key(tmp_path: Path, film_bundle: Path) -> None:
    install(tmp_path, "paint = films_tasks:gone")
    with pytest.raises(SettingError, match=r"resources/job\.yml: .*\[paint\]: the entry point paint does not load"):
        run_job(film_bundle, dry_run=True, interrupter=Tags())


def test_a_package_that_is_not_installed_is_refused_with_file_and_key(film_bundle: Path) -> None:
    with pytest.raises(SettingError, match=r"resources/job\.yml: .*\[paint\]: the package 'films' is not installed"):
        run_job(film_bundle, interrupter=Tags())
