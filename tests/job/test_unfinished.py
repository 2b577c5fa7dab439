"""A training that was broken off while it published: what it has left goes when the next one publishes."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from movie_lakehouse.job.history import JOB_RUNS, Status
from movie_lakehouse.job.unfinished import forget_unfinished_runs
from movie_lakehouse.lakehouse.store import Store
from support.frames import sound_row
from support.tiny_lakehouse import write_table

MONDAY = datetime(2015, 6, 1, 12, tzinfo=UTC)
METRICS, RUNS = "gold.model_metrics", "gold.model_runs"


class Trainings:
    """A lakehouse in which trainings leave what they leave."""

    def __init__(self, store: Store, root: Path) -> None:
        self.store = store
        self._root = root

    def score(self, run_id: str) -> None:
        self._append(METRICS, run_id=run_id)

    def publish(self, run_id: str, day: int) -> None:
        self.score(run_id)
        self._append(RUNS, run_id=run_id, trained_at=MONDAY + timedelta(days=day))

    def end(self, run_id: str, day: int, status: Status = "succeeded") -> None:
        self._append(JOB_RUNS, run_id=run_id, task="train", status=status, ended_at=MONDAY + timedelta(days=day))

    def left(self) -> tuple[list[str], list[str]]:
        """The runs that gold.model_metrics has, and those that gold.model_runs has."""
        found = (self.store.rows(name, "SELECT run_id FROM {table} ORDER BY run_id") for name in (METRICS, RUNS))
        metrics, runs = ([row["run_id"] for row in rows] for rows in found)
        return metrics, runs

    def _append(self, table: str, **row: Any) -> None:
        write_table(self._root, table, [sound_row(table, **row)], mode="append")


@pytest.fixture
def trainings(store: Store, tmp_path: Path) -> Trainings:
    """One training that has ended as it should."""
    made = Trainings(store, tmp_path / "lakehouse")
    made.publish("monday", 0)
    made.end("monday", 0)
    return made


def test_nothing_is_dropped_where_every_training_has_ended(trainings: Trainings) -> None:
    trainings.publish("refused", 1)
    trainings.end("refused", 1, "refused")
    before = trainings.store.versions([METRICS, RUNS])

    forget_unfinished_runs(trainings.store, "wednesday")

    assert trainings.store.versions([METRICS, RUNS]) == before


def test_scores_of_a_run_that_did_not_come_to_its_row_in_model_runs_are_dropped(trainings: Trainings) -> None:
    trainings.score("killed")
    forget_unfinished_runs(trainings.store, "wednesday")
    assert trainings.left() == (["monday"], ["monday"])


@pytest.mark.parametrize("status", [None, "failed"])
def test_a_run_that_wrote_all_and_did_not_say_that_it_had_is_dropped(
    trainings: Trainings, status: Status | None
) -> None:
    trainings.publish("killed", 1)
    if status is not None:
        trainings.end("killed", 1, status)
    forget_unfinished_runs(trainings.store, "wednesday")
    assert trainings.left() == (["monday"], ["monday"])


def test_what_an_earlier_attempt_of_the_same_run_has_left_is_dropped(trainings: Trainings) -> None:
    trainings.publish("tuesday", 1)
    forget_unfinished_runs(trainings.store, "tuesday")
    assert trainings.left() == (["monday"], ["monday"])


def test_older_runs_stay_whatever_job_runs_says_of_them(trainings: Trainings) -> None:
    trainings.publish("long-ago", -9)
    forget_unfinished_runs(trainings.store, "tuesday")
    assert trainings.left() == (["long-ago", "monday"], ["long-ago", "monday"])
