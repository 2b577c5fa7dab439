"""ALS on 2,000 ratings by 60 users: what a model gives, and that it has learnt something."""

import pytest
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from movie_lakehouse.model.als import als_estimator, as_factor_model
from movie_lakehouse.model.factor_model import FactorModel
from movie_lakehouse.model.grid import Setting
from movie_lakehouse.model.split import random_split


@pytest.fixture(scope="module")
def sides(ratings: DataFrame) -> tuple[DataFrame, DataFrame]:
    return random_split(ratings, 0.2, seed=1)


@pytest.fixture(scope="module")
def model(sides: tuple[DataFrame, DataFrame]) -> FactorModel:
    """Fitted on the training part, with factors that are not negative."""
    als = als_estimator(Setting(3, 5, 0.05), nonnegative=True, seed=1, n_ratings=1_600)
    return as_factor_model(als.fit(sides[0]))


def test_factors_have_the_form_of_their_tables(model: FactorModel) -> None:
    assert model.user_factors.dtypes == [("user_id", "int"), ("bias", "float"), ("factors", "array<float>")]
    assert model.movie_factors.dtypes == [("movie_id", "int"), ("bias", "float"), ("factors", "array<float>")]


def test_there_are_as_many_factors_as_the_rank_none_negative_and_no_bias(model: FactorModel) -> None:
    factors = model.user_factors.unionAll(model.movie_factors)

    assert factors.agg(
        F.collect_set(F.size("factors")), F.min(F.array_min("factors")) >= 0, F.max("bias"), F.min("bias")
    ).first() == ([3], True, 0.0, 0.0)


def test_order_and_partitions_of_the_ratings_do_not_matter(
    model: FactorModel, sides: tuple[DataFrame, DataFrame]
) -> None:
    shuffled = sides[0].orderBy(F.rand(1)).repartition(3)
    als = als_estimator(Setting(3, 5, 0.05), nonnegative=True, seed=1, n_ratings=1_600)
    other = as_factor_model(als.fit(shuffled))

    factors, others = (dict(fitted.movie_factors.select("movie_id", "factors").collect()) for fitted in (model, other))

    assert factors.keys() == others.keys()
    assert all(factors[movie] == pytest.approx(others[movie], abs=1e-3) for movie in factors)


def test_held_out_ratings_are_predicted_better_than_by_their_mean(
    model: FactorModel, sides: tuple[DataFrame, DataFrame]
) -> None:
    known = sides[1].join(model.user_factors.select("user_id"), "user_id", "left_semi")
    warm = known.join(model.movie_factors.select("movie_id"), "movie_id", "left_semi")
    squared_error = F.pow(F.col("rating") - F.col("prediction"), 2)

    errors = model.transform(warm).agg(F.sqrt(F.avg(squared_error)), F.stddev_pop("rating")).first()

    assert errors is not None
    assert errors[0] < 0.85 * errors[1]
