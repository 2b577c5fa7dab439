"""A training on the sample: what is held out, and who is scored on it."""

from datetime import UTC, datetime

import pytest
from pyspark.sql import functions as F

from job.conftest import SampleRun
from movie_lakehouse.job.context import Context
from movie_lakehouse.job.settings import settings_from
from movie_lakehouse.job.trial import try_out
from movie_lakehouse.lakehouse.materialise import holding


def context_of(run: SampleRun, **settings: str) -> Context:
    return Context("train", run.store, settings_from(run.parameters | settings), datetime.now(UTC))


@pytest.mark.slow  # models are searched and fitted
def test_plain_als_is_a_baseline_of_als_on_what_biases_leave(sample_run: SampleRun) -> None:
    with holding() as hold:
        trial = try_out(context_of(sample_run, model="biased_als", ranking="rating"), hold)

        scored = {row["model"] for row in trial.errors.where("rmse IS NOT NULL").collect()}

    assert scored == {"mean", "bias", "als", "biased_als"}


@pytest.mark.slow  # the same
def test_the_last_ratings_of_those_who_rated_after_the_cut_off_are_held_out(sample_run: SampleRun) -> None:
    # Of the newest three fifths more than thirty users have some; of the newest fifth they do not.
    with holding() as hold:
        trial = try_out(context_of(sample_run, test_fraction="0.6", model="als", ranking="rating"), hold)
        timed = sample_run.store.read("silver.ratings").select("user_id", "movie_id", "rated_at")
        held_out = trial.rivals.select("user_id", "movie_id", F.lit(True).alias("is_held_out"))
        both = timed.join(held_out, ["user_id", "movie_id"], "left").where(
            F.col("user_id").isin([row["user_id"] for row in held_out.select("user_id").distinct().collect()])
        )
        by_user = both.groupBy("user_id").agg(
            F.min(F.when(F.col("is_held_out"), F.col("rated_at"))).alias("first_held_out"),
            F.max(F.when(F.col("is_held_out").isNull(), F.col("rated_at"))).alias("last_known"),
        )

        assert trial.split == "cut-off"
        assert by_user.where("last_known > first_held_out").isEmpty()


def test_few_users_after_the_cut_off_leave_the_decision_to_a_random_share(sample_run: SampleRun) -> None:
    runs = sample_run.store.read("gold.model_runs").select(F.get_json_object("best_params", "$.split").alias("split"))
    splits = sample_run.store.read("gold.model_metrics").select("split").distinct()

    assert {row["split"] for row in runs.collect()} == {row["split"] for row in splits.collect()} == {"random"}
