"""When a task runs, when it is skipped, and what is kept of it."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from movie_lakehouse.errors import SourceError, TableError
from movie_lakehouse.job.context import Context
from movie_lakehouse.job.history import CHANGED_MEANWHILE, JOB_RUNS, TaskRun
from movie_lakehouse.job.stages import recorded_stages
from movie_lakehouse.job.task import Rows, Task
from movie_lakehouse.lakehouse.place import place_of
from movie_lakehouse.lakehouse.store import Store
from support.frames import sound_row
from support.no_session import no_session
from support.tiny_lakehouse import write_table

READ, WRITTEN = "silver.tags", "gold.genre_summary"
GENRES = [sound_row(WRITTEN, genre=genre) for genre in ("Adventure", "Children", "Crime")]


class Counting:
    """A task that copies nothing much from one table to another, and counts how often it worked."""

    def __init__(self, root: Path, fails: bool = False) -> None:
        self.root = root
        self.runs = 0
        self.built_from: list[Mapping[str, int] | None] = []
        self.meanwhile: Callable[[], object] | None = None
        self.fails = fails
        self.task = Task("counting", self._run, reads=(READ,), writes=(WRITTEN,), settings=("folds",))

    def _run(self, context: Context) -> Rows:
        self.runs += 1
        self.built_from.append(context.built_from)
        if self.meanwhile is not None:
            self.meanwhile()
        if self.fails:
            raise SourceError("tags.csv is torn\nand more of that")
        write_table(self.root, WRITTEN, GENRES)
        return {WRITTEN: 3}

    def __call__(self, *argv: str) -> str:
        return self.task([f"--lakehouse={self.root}", *argv]).status

    def kept(self) -> dict[str, Any]:
        """The one row of ops.job_runs."""
        (row,) = Store(no_session, place_of(str(self.root))).rows(JOB_RUNS, "SELECT * FROM {table}")
        return row


@pytest.fixture
def counting(tmp_path: Path) -> Counting:
    root = tmp_path / "lakehouse"
    write_table(root, READ, [sound_row(READ)])
    write_table(root, JOB_RUNS, [])
    return Counting(root)


def more_tags(root: Path, suites: Path) -> list[str]:
    write_table(root, READ, [sound_row(READ, user_id=2)], mode="append")
    return []


def other_setting(root: Path, suites: Path) -> list[str]:
    return ["--folds=4"]


def other_suite(root: Path, suites: Path) -> list[str]:
    (suites / "gold").mkdir(parents=True)
    (suites / "gold" / "genre_summary.json").write_text("{}", encoding="utf-8")
    return []


def changed_output(root: Path, suites: Path) -> list[str]:
    write_table(root, WRITTEN, GENRES[:1])
    return []


def test_a_task_is_skipped_when_nothing_has_changed(counting: Counting) -> None:
    assert [counting(), counting(), counting()] == ["succeeded", "skipped", "skipped"]
    assert counting.runs == 1


@pytest.mark.parametrize("change", [more_tags, other_setting, other_suite, changed_output])
def test_a_task_runs_again_when_what_it_depends_on_has_changed(
    counting: Counting, tmp_path: Path, change: Callable[[Path, Path], list[str]]
) -> None:
    suites = tmp_path / "suites"
    counting(f"--expectations={suites}")

    assert counting(f"--expectations={suites}", *change(counting.root, suites)) == "succeeded"


def test_a_task_whose_input_changed_while_it_worked_runs_again(counting: Counting, tmp_path: Path) -> None:
    counting.meanwhile = lambda: more_tags(counting.root, tmp_path)
    counting()
    assert dict(counting.kept()["tables_read"]) == {READ: CHANGED_MEANWHILE}
    counting.meanwhile = None

    assert [counting(), counting()] == ["succeeded", "skipped"]
    assert counting.built_from == [None, {}]


def test_a_task_knows_what_its_tables_were_built_from_until_they_are_changed(
    counting: Counting, tmp_path: Path
) -> None:
    counting()
    more_tags(counting.root, tmp_path)
    counting()
    changed_output(counting.root, tmp_path)
    counting()

    assert counting.built_from == [None, {READ: 0}, None]


def test_a_setting_that_the_task_does_not_depend_on_does_not_run_it_again(counting: Counting) -> None:
    assert [counting(), counting("--n_neighbours=7")] == ["succeeded", "skipped"]


def test_what_a_task_read_wrote_and_counted_is_kept(counting: Counting) -> None:
    counting("--run_id=r1")

    row = counting.kept()
    read, written, rows = (dict(row[name]) for name in ("tables_read", "tables_written", "rows"))
    assert (row["run_id"], row["task"], row["status"], row["message"]) == ("r1", "counting", "succeeded", None)
    assert (read, written, rows) == ({READ: 0}, {WRITTEN: 0}, {WRITTEN: 3})


@pytest.mark.parametrize(("is_open", "stages_of_it"), [(False, 1), (True, 0)])
def test_to_open_the_session_is_a_stage_of_the_task_that_first_needs_it(
    counting: Counting, monkeypatch: pytest.MonkeyPatch, is_open: bool, stages_of_it: int
) -> None:
    monkeypatch.setattr("movie_lakehouse.job.task.is_session_open", lambda: is_open)
    monkeypatch.setattr("movie_lakehouse.job.task.open_session", object)
    task = replace(counting.task, run=lambda context: {WRITTEN: len([context.store.spark])})

    with recorded_stages() as stages:
        task([f"--lakehouse={counting.root}"])

    assert [stage.name for stage in stages if stage.task == task.name].count("session") == stages_of_it


def test_a_failure_is_kept_with_its_first_line_and_raised(counting: Counting) -> None:
    counting.fails = True

    with pytest.raises(SourceError):
        counting()

    row = counting.kept()
    assert (row["status"], row["message"]) == ("failed", "tags.csv is torn")


def test_what_went_wrong_first_is_raised_though_it_cannot_be_kept(
    counting: Counting, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(store: Store, run: TaskRun) -> None:
        raise TableError("The disk is full.")

    monkeypatch.setattr("movie_lakehouse.job.task.record", full)
    counting.fails = True
    with pytest.raises(SourceError, match="torn"):
        counting()
    assert "failed, which ops.job_runs could not be told: The disk is full." in capsys.readouterr().err


def test_a_task_that_failed_is_not_skipped(counting: Counting) -> None:
    counting.fails = True
    with pytest.raises(SourceError):
        counting()
    counting.fails = False

    assert counting() == "succeeded"


def test_as_a_program_a_task_takes_its_settings_from_the_command_line(
    counting: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["counting", f"--lakehouse={counting.root}", "--run_id=of-the-workspace"])
    counting.task()

    assert counting.kept()["run_id"] == "of-the-workspace"


def test_as_a_program_a_failed_task_prints_one_line_and_exits_with_1(
    counting: Counting, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["counting", "--folds=none"])

    with pytest.raises(SystemExit) as ended:
        counting.task()

    assert ended.value.code == 1
    assert capsys.readouterr().err.startswith("counting: The parameter folds cannot be 'none'")
