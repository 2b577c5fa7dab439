"""An evaluation kept beside what training has measured."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from job.conftest import SampleRun
from movie_lakehouse.errors import GateError
from movie_lakehouse.evaluation.report import Row
from movie_lakehouse.job.bundle import find_bundle
from movie_lakehouse.job.context import Context
from movie_lakehouse.job.evaluations import keep_evaluation
from movie_lakehouse.job.publications import newest_publication
from movie_lakehouse.job.runner import run_job
from movie_lakehouse.job.settings import settings_from
from movie_lakehouse.lakehouse.store import Store
from movie_lakehouse.lakehouse.tables import table_named

AT = "TIMESTAMP '2015-06-01 12:00:00'"
SUITES = Path(__file__).parents[2] / "expectations"
MEASURED: list[Row] = [("last", "bayes", "rmse", 0.8, 0.7, 0.9, 5), ("last", "bayes", "n_rows", 9.0, None, None, 5)]


def context_of(store: Store) -> Context:
    settings = settings_from({"lakehouse": "./unused", "expectations": str(SUITES)})
    return Context("evaluate", store, settings, datetime.now(UTC))


@pytest.fixture
def with_runs(store: Store) -> Store:
    """A lakehouse whose ratings are at version 0, and whose last published model was trained on them."""
    store.create(table_named("silver.ratings"))
    runs = store.spark.sql(
        f"""SELECT * FROM VALUES ('published', {AT}, '{{}}', 1L, map('silver.ratings', 0L), true, NULL),
        ('refused', {AT} + INTERVAL 1 DAY, '{{}}', 1L, map('silver.ratings', 0L), false, NULL)
        AS t(run_id, trained_at, best_params, seed, table_versions, promoted, fold_in)"""
    )
    store.append("gold.model_runs", runs)
    metrics = "VALUES ('published', 'als', 'random', 'rmse', 0.95D), ('published', 'bayes', 'last', 'rmse', 0.5D)"
    store.append(
        "gold.model_metrics", store.spark.sql(f"SELECT * FROM {metrics} AS t(run_id, model, split, metric, value)")
    )
    return store


def kept(store: Store) -> list[tuple[object, ...]]:
    return sorted(map(tuple, store.read("gold.model_metrics").collect()))


def test_metrics_and_their_bounds_go_under_the_published_run_in_place_of_the_same_ones(with_runs: Store) -> None:
    assert keep_evaluation(context_of(with_runs), MEASURED) == "published"

    assert kept(with_runs) == [
        ("published", "als", "random", "rmse", 0.95),
        ("published", "bayes", "last", "n_rows", 9.0),
        ("published", "bayes", "last", "rmse", 0.8),
        ("published", "bayes", "last", "rmse_high", 0.9),
        ("published", "bayes", "last", "rmse_low", 0.7),
    ]


def test_nothing_is_kept_where_the_published_model_has_not_seen_these_ratings(with_runs: Store) -> None:
    before = kept(with_runs)
    with_runs.append(
        "silver.ratings",
        with_runs.spark.sql(f"SELECT 1 AS user_id, 2 AS movie_id, 3.0D AS rating, {AT} AS rated_at"),
    )

    assert keep_evaluation(context_of(with_runs), MEASURED) is None
    assert kept(with_runs) == before


def test_an_evaluation_that_its_suite_refuses_is_not_kept(with_runs: Store) -> None:
    before = kept(with_runs)

    with pytest.raises(GateError, match="model_metrics"):
        keep_evaluation(context_of(with_runs), [("last", "bayes", "rmse", 99.0, None, None, 5)])

    assert kept(with_runs) == before


def test_an_evaluation_is_no_reason_to_train_again(sample_run: SampleRun, tmp_path: Path) -> None:
    own = sample_run.copied_to(tmp_path / "lakehouse")

    assert keep_evaluation(context_of(own.store), [("last", "bayes", "rmse", 0.8, 0.7, 0.9, 5)]) is not None
    outcome = run_job(find_bundle(None), overrides=own.parameters, only=["train"])

    assert own.store.version("gold.model_metrics") != sample_run.store.version("gold.model_metrics")
    assert [report.status for report in outcome.reports] == ["skipped"]


def test_people_query_an_evaluation_at_once_beside_the_tables_as_they_were(
    sample_run: SampleRun, tmp_path: Path
) -> None:
    store = sample_run.copied_to(tmp_path / "lakehouse").store
    before = newest_publication(store)

    run_id = keep_evaluation(context_of(store), MEASURED)

    after = newest_publication(store)
    assert before is not None
    assert after is not None
    assert (after.kind, after.of_run) == ("measured", run_id)
    assert after.tables == before.tables | {"gold.model_metrics": store.version("gold.model_metrics")}
