"""Several Bayesian models fitted side by side, a task each."""

from collections.abc import Iterator

import numpy as np
import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from movie_lakehouse.lakehouse.materialise import materialised
from movie_lakehouse.model.bayes.on_spark import BayesSettings, fit_side_by_side
from movie_lakehouse.model.bayes.stored import whole_covariances
from movie_lakehouse.model.published import of_fits

SETTINGS = BayesSettings(rank=2, n_features=4, n_sweeps=5, seed=1)


@pytest.fixture(scope="module")
def movies(spark: SparkSession) -> DataFrame:
    """Every second movie of the ratings, and one that nobody rated."""
    columns = ["CAST(id AS INT) AS movie_id", "CAST(1990 AS INT) AS release_year", "array('Drama') AS genres"]
    return spark.range(2, 202, 2).union(spark.range(5000, 5001)).selectExpr(*columns)


@pytest.fixture(scope="module")
def fitted(ratings: DataFrame, movies: DataFrame) -> Iterator[DataFrame]:
    parts = {"half": ratings.where("user_id <= 30"), "all": ratings}
    with materialised(fit_side_by_side(parts, movies, SETTINGS, parallelism=2)) as held:
        yield held


def test_each_model_knows_the_users_of_its_part_and_every_movie(fitted: DataFrame) -> None:
    users = fitted.where("side = 'user'").groupBy("fit").agg(F.max("id").alias("last"))
    strangers = fitted.where("side = 'movie' AND id = 5000").select("fit")

    assert dict(users.collect()) == {"half": 30, "all": 60}
    assert sorted(row["fit"] for row in strangers.collect()) == ["all", "half"]


def test_a_model_depends_neither_on_the_order_of_the_ratings_nor_on_whether_others_are_fitted_meanwhile(
    fitted: DataFrame, ratings: DataFrame, movies: DataFrame
) -> None:
    shuffled = ratings.orderBy(F.rand(3)).repartition(3)
    one_after_another = {"half": ratings.where("user_id <= 30"), "all": shuffled}
    again = fit_side_by_side(one_after_another, movies, SETTINGS, parallelism=1)

    biases, others = (
        dict(frame.where("fit = 'all' AND side = 'movie'").select("id", "bias").collect()) for frame in (fitted, again)
    )

    assert biases == others


def test_a_published_model_predicts_better_than_the_mean(fitted: DataFrame, ratings: DataFrame) -> None:
    published = of_fits(fitted, {})["half"]
    held_out = published.model.transform(ratings.where("user_id > 30"))

    errors = held_out.agg(F.avg(F.pow(F.col("rating") - F.col("prediction"), 2)), F.var_pop("rating")).first()

    assert errors is not None
    assert errors[0] < errors[1]


def test_a_movies_covariance_is_whole_again_from_its_triangle(fitted: DataFrame) -> None:
    row = fitted.where("side = 'movie'").first()
    assert row is not None

    (covariance,) = whole_covariances(np.array([row["covariance"]]), size=3)

    assert np.array_equal(covariance, covariance.T)
    assert (np.linalg.eigvalsh(covariance) > 0).all()
