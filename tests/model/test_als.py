"""ALS on 2,000 ratings by 60 users: what a model gives, and that it has learnt something."""

import pytest
from pyspark.ml.recommendation import ALSModel
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from movie_lakehouse.model.als import als_estimator, movie_factors, user_factors
from movie_lakehouse.model.grid import Setting
from movie_lakehouse.model.metrics import rating_errors
from movie_lakehouse.model.predict import predict_held_out
from movie_lakehouse.model.split import random_split


@pytest.fixture(scope="module")
def sides(ratings: DataFrame) -> tuple[DataFrame, DataFrame]:
    return random_split(ratings, 0.2, seed=1)


@pytest.fixture(scope="module")
def model(sides: tuple[DataFrame, DataFrame]) -> ALSModel:
    """Fitted on the training part, with factors that are not negative."""
    return als_estimator(Setting(3, 5, 0.05), nonnegative=True, seed=1, n_ratings=1_600).fit(sides[0])


def test_factors_have_the_form_of_their_tables(model: ALSModel) -> None:
    assert user_factors(model).dtypes == [("user_id", "int"), ("bias", "float"), ("factors", "array<float>")]
    assert movie_factors(model).dtypes == [("movie_id", "int"), ("bias", "float"), ("factors", "array<float>")]


def test_there_are_as_many_factors_as_the_rank_none_negative_and_no_bias(model: ALSModel) -> None:
    factors = user_factors(model).unionAll(movie_factors(model))

    assert factors.agg(
        F.collect_set(F.size("factors")), F.min(F.array_min("factors")) >= 0, F.max("bias"), F.min("bias")
    ).first() == ([3], True, 0.0, 0.0)


def test_order_and_partitions_of_the_ratings_do_not_matter(model: ALSModel, sides: tuple[DataFrame, DataFrame]) -> None:
    shuffled = sides[0].orderBy(F.rand(1)).repartition(3)
    other = als_estimator(Setting(3, 5, 0.05), nonnegative=True, seed=1, n_ratings=1_600).fit(shuffled)

    factors, others = (dict(movie_factors(fitted).select("movie_id", "factors").collect()) for fitted in (model, other))

    assert factors.keys() == others.keys()
    assert all(factors[movie] == pytest.approx(others[movie], abs=1e-3) for movie in factors)


def test_held_out_ratings_are_predicted_better_than_by_their_mean(
    model: ALSModel, sides: tuple[DataFrame, DataFrame]
) -> None:
    errors = rating_errors(predict_held_out(model, sides[1])).first()
    spread = sides[1].agg(F.stddev_pop("rating")).first()

    assert errors is not None
    assert spread is not None
    assert errors["rmse"] < 0.85 * spread[0]


def test_a_user_or_movie_that_training_lacks_is_cold_and_no_row_is_lost(model: ALSModel, ratings: DataFrame) -> None:
    known = ratings.limit(1)
    held_out = known.union(known.selectExpr("0", "movie_id", "4.0")).union(known.selectExpr("user_id", "0", "3.0"))

    rows = predict_held_out(model, held_out).collect()

    assert {
        (row["user_id"] > 0 and row["movie_id"] > 0, row["is_cold"], row["prediction"] is None) for row in rows
    } == {
        (True, False, False),
        (False, True, True),
    }
    assert len(rows) == 3
