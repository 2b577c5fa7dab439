"""An evaluation kept beside what training has measured."""

from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from job.conftest import SampleRun
from movie_lakehouse.errors import GateError
from movie_lakehouse.evaluation.report import Row
from movie_lakehouse.job.bundle import find_bundle
from movie_lakehouse.job.context import Context
from movie_lakehouse.job.evaluations import METRICS, RATINGS, keep_evaluation
from movie_lakehouse.job.publications import newest_publication
from movie_lakehouse.job.runner import run_job
from movie_lakehouse.job.settings import settings_from
from movie_lakehouse.lakehouse.store import Store
from support.frames import ARRIVAL, sound_row
from support.tiny_lakehouse import write_table

SUITES = Path(__file__).parents[2] / "expectations"
MEASURED: list[Row] = [("last", "bayes", "rmse", 0.8, 0.7, 0.9, 5), ("last", "bayes", "n_rows", 9.0, None, None, 5)]
TRAINED = [
    {"run_id": "published", "trained_at": ARRIVAL, "promoted": True},
    {"run_id": "refused", "trained_at": ARRIVAL.replace(year=2021), "promoted": False},
]
SCORED = [
    {"run_id": "published", "model": "als", "split": "random", "metric": "rmse", "value": 0.95},
    {"run_id": "published", "model": "bayes", "split": "last", "metric": "rmse", "value": 0.5},
]


def context_of(store: Store) -> Context:
    settings = settings_from({"lakehouse": "./unused", "expectations": str(SUITES)})
    return Context("evaluate", store, settings, datetime.now(UTC))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A lakehouse whose ratings are at version 0, and whose last published model was trained on them."""
    root = tmp_path / "lakehouse"
    runs = [sound_row("gold.model_runs", table_versions={RATINGS: 0}, **run) for run in TRAINED]
    for name, rows in {RATINGS: [], "gold.model_runs": runs, METRICS: SCORED, "ops.validation_results": []}.items():
        write_table(root, name, rows)
    return root


@pytest.fixture
def with_runs(store: Store, root: Path) -> Store:
    """Its tables."""
    return store


def kept(store: Store) -> list[tuple[object, ...]]:
    return sorted(tuple(row.values()) for row in store.rows(METRICS, "SELECT * FROM {table}"))


def test_metrics_and_their_bounds_go_under_the_published_run_in_place_of_the_same_ones(with_runs: Store) -> None:
    assert keep_evaluation(context_of(with_runs), MEASURED) == "published"

    assert kept(with_runs) == [
        ("published", "als", "random", "rmse", 0.95),
        ("published", "bayes", "last", "n_rows", 9.0),
        ("published", "bayes", "last", "rmse", 0.8),
        ("published", "bayes", "last", "rmse_high", 0.9),
        ("published", "bayes", "last", "rmse_low", 0.7),
    ]


def test_nothing_is_kept_where_the_published_model_has_not_seen_these_ratings(with_runs: Store, root: Path) -> None:
    before = kept(with_runs)
    write_table(root, RATINGS, [sound_row(RATINGS)], mode="append")

    assert keep_evaluation(context_of(with_runs), MEASURED) is None
    assert kept(with_runs) == before


def test_an_evaluation_that_its_suite_refuses_is_not_kept(with_runs: Store) -> None:
    before = kept(with_runs)

    with pytest.raises(GateError, match="model_metrics"):
        keep_evaluation(context_of(with_runs), [("last", "bayes", "rmse", 99.0, None, None, 5)])

    assert kept(with_runs) == before


class Evaluated(NamedTuple):
    """A copy of the sample's lakehouse, and the run under which an evaluation was kept in it, None where it was not."""

    own: SampleRun
    run_id: str | None


@pytest.fixture(scope="module")
def evaluated(sample_run: SampleRun, tmp_path_factory: pytest.TempPathFactory) -> Evaluated:
    own = sample_run.copied_to(tmp_path_factory.mktemp("evaluated") / "lakehouse")
    return Evaluated(own, keep_evaluation(context_of(own.store), MEASURED))


def test_an_evaluation_is_no_reason_to_train_again(sample_run: SampleRun, evaluated: Evaluated) -> None:
    own = evaluated.own

    outcome = run_job(find_bundle(None), overrides=own.parameters, only=["train"])

    assert evaluated.run_id is not None
    assert own.store.version(METRICS) != sample_run.store.version(METRICS)
    assert [report.status for report in outcome.reports] == ["skipped"]


def test_people_query_an_evaluation_at_once_beside_the_tables_as_they_were(
    sample_run: SampleRun, evaluated: Evaluated
) -> None:
    store = evaluated.own.store
    before, after = newest_publication(sample_run.store), newest_publication(store)
    assert before is not None
    assert after is not None
    assert (after.kind, after.of_run) == ("measured", evaluated.run_id)
    assert after.tables == before.tables | {METRICS: store.version(METRICS)}
