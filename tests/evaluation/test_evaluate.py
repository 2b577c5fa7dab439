"""The whole evaluation of newcomers, who are folded in with what they rated so far."""

from pathlib import Path

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from movie_lakehouse.evaluation.evaluate import evaluate
from movie_lakehouse.evaluation.sides import Sides
from movie_lakehouse.lakehouse.materialise import holding
from movie_lakehouse.model.grid import PRESETS
from movie_lakehouse.model.split import is_held_out
from movie_lakehouse.model.training import TrainingSettings
from movie_lakehouse.sources import SampleSpec, generate_sample

SPEC = SampleSpec(n_users=60, n_movies=100, n_ratings=2_000, n_factors=2, noise=0.3, seed=7, dirty=False)
SETTINGS = TrainingSettings(PRESETS["single"], 2, nonnegative=True, seed=1, parallelism=1)
Metrics = dict[tuple[str, str], float]


@pytest.fixture(scope="module")
def metrics(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Metrics:
    """By model and metric; forty users were trained on, and a fifth of the ratings of twenty others is predicted."""
    folder = tmp_path_factory.mktemp("evaluated") / "sample"
    generate_sample(SPEC, folder)
    form = "user_id INT, movie_id INT, rating DOUBLE, timestamp BIGINT"
    ratings = spark.read.csv(str(Path(folder, "ratings.csv")), header=True, schema=form).coalesce(1)
    is_new, is_last = F.col("user_id") > 40, is_held_out(0.2, seed=1)
    sides = Sides.of(ratings.where(~is_new), ratings.where(is_new & is_last), ratings.where(is_new & ~is_last))
    columns = ["movie_id", "CAST(NULL AS INT) AS release_year", "CAST(array() AS ARRAY<STRING>) AS genres"]
    movies = ratings.select("movie_id").distinct().selectExpr(*columns)
    with holding() as hold:
        rows = evaluate(sides, movies, SETTINGS, 5, hold).collect()
    return {(row["model"], row["metric"]): row["value"] for row in rows}


@pytest.mark.slow  # every contender is trained
def test_a_newcomers_own_ratings_help_to_predict_the_others(metrics: Metrics) -> None:
    assert metrics["bayes", "rmse"] < metrics["bias", "rmse"] < metrics["mean", "rmse"]


@pytest.mark.slow  # the same
def test_newcomers_are_folded_into_als_as_they_are_into_the_published_model(metrics: Metrics) -> None:
    assert metrics["als", "rmse"] < metrics["mean", "rmse"]
    assert metrics["als", "rmse"] != pytest.approx(metrics["bias", "rmse"])


@pytest.mark.slow  # the same
def test_newcomers_lists_are_judged_whoever_makes_them(metrics: Metrics) -> None:
    judged = {model for model, metric in metrics if metric == "ndcg"}
    assert judged == {"ranking", "ease", "popularity", "bayes", "als"}
    assert metrics["ranking", "ndcg"] > 0
