"""A training that was broken off while it published: what it has left goes when the next one publishes."""

from datetime import UTC, datetime, timedelta

import pytest

from movie_lakehouse.job.history import Status, TaskRun, record
from movie_lakehouse.job.unfinished import forget_unfinished_runs
from movie_lakehouse.lakehouse.store import Store
from movie_lakehouse.lakehouse.tables import table_named

MONDAY = datetime(2015, 6, 1, 12, tzinfo=UTC)
METRICS, RUNS = "gold.model_metrics", "gold.model_runs"


class Trainings:
    """A lakehouse in which trainings leave what they leave."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def score(self, run_id: str) -> None:
        columns = f"'{run_id}' AS run_id, 'als' AS model, 'random' AS split, 'rmse' AS metric, 0.9D AS value"
        self.store.append(METRICS, self.store.spark.sql(f"SELECT {columns}"))

    def publish(self, run_id: str, day: int) -> None:
        self.score(run_id)
        row = (run_id, MONDAY + timedelta(days=day), "{}", 1, {}, True, None)
        self.store.append(RUNS, self.store.spark.createDataFrame([row], table_named(RUNS).row_schema))

    def end(self, run_id: str, day: int, status: Status = "succeeded") -> None:
        at = MONDAY + timedelta(days=day)
        record(self.store, TaskRun(run_id, "train", status, at, at, {}, {}, {}, "0"))

    def left(self) -> tuple[list[str], list[str]]:
        """The runs that gold.model_metrics has, and those that gold.model_runs has."""
        metrics, runs = (sorted(row["run_id"] for row in self.store.read(name).collect()) for name in (METRICS, RUNS))
        return metrics, runs


@pytest.fixture
def trainings(store: Store) -> Trainings:
    """One training that has ended as it should."""
    made = Trainings(store)
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


def test_older_runs_stay_whatever_job_runs_says_of_them(store: Store) -> None:
    trainings = Trainings(store)
    trainings.publish("long-ago", -9)
    trainings.publish("monday", 0)
    trainings.end("monday", 0)
    forget_unfinished_runs(store, "tuesday")
    assert trainings.left() == (["long-ago", "monday"], ["long-ago", "monday"])
