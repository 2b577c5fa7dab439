"""A model that may not be published: what people query stays, what was measured is kept, and the job says so."""

import pytest
from pyspark.sql import functions as F

from job.conftest import SampleRun
from movie_lakehouse.errors import NotPromotedError
from movie_lakehouse.job.bundle import find_bundle
from movie_lakehouse.job.publications import newest_publication
from movie_lakehouse.job.report import JobOutcome
from movie_lakehouse.job.runner import run_job
from movie_lakehouse.lakehouse.store import Store

# So much regularisation leaves factors hardly anything to say.
GRID = '{"rank": [10], "max_iter": [5], "reg_param": [1.0]}'
BAD = {"tracking": "off", "model": "als", "ranking": "rating", "grid": GRID}
PUBLISHED = [f"gold.{name}" for name in ("user_factors", "movie_factors", "rating_predictions", "user_recommendations")]


Refused = tuple[JobOutcome, Store, dict[str, int]]


@pytest.fixture(scope="module")
def refused(sample_run: SampleRun, tmp_path_factory: pytest.TempPathFactory) -> Refused:
    """The outcome of training a bad model in a copy of the sample's lakehouse, the copy, and its versions before."""
    own = sample_run.copied_to(tmp_path_factory.mktemp("refused") / "lakehouse")
    before = own.store.versions(PUBLISHED)
    return run_job(find_bundle(None), overrides=own.parameters | BAD, from_task="train"), own.store, before


def test_the_job_ends_as_refused_and_nothing_after_it_is_run(refused: Refused) -> None:
    outcome, _, _ = refused
    assert isinstance(outcome.error, NotPromotedError)
    assert {report.task: report.status for report in outcome.reports} == {
        "train": "refused",
        "recommend": "not run",
        "similarity": "not run",
        "summarise": "not run",
        "publish": "not run",
    }


def test_the_tables_that_people_query_stay_as_they_were(refused: Refused) -> None:
    _, store, before = refused
    assert store.versions(PUBLISHED) == before


def test_what_the_model_scored_is_kept_and_marked_as_not_promoted(refused: Refused) -> None:
    outcome, store, _ = refused
    of_the_run = F.col("run_id") == outcome.plan.run_id
    assert [row["promoted"] for row in store.read("gold.model_runs").where(of_the_run).collect()] == [False]
    assert (
        not store.read("gold.model_metrics").where(of_the_run & F.expr("model = 'als' AND metric = 'rmse'")).isEmpty()
    )


def test_people_query_what_it_scored_beside_the_tables_as_they_were(refused: Refused) -> None:
    outcome, store, before = refused
    newest = newest_publication(store)
    assert newest is not None
    runs = store.read("gold.model_runs", newest.tables["gold.model_runs"])
    assert newest.kind == "measured"
    assert not runs.where(F.col("run_id") == outcome.plan.run_id).isEmpty()
    assert {name: newest.tables[name] for name in PUBLISHED} == before


def test_the_run_is_kept_as_refused_with_the_reason(refused: Refused) -> None:
    outcome, store, _ = refused
    (row,) = store.read("ops.job_runs").where(F.col("run_id") == outcome.plan.run_id).collect()
    assert (row["task"], row["status"]) == ("train", "refused")
    assert "RMSE on held-out ratings" in row["message"]
