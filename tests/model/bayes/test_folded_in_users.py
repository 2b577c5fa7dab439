"""Users folded in with Spark, against what the fit itself says of them."""

from collections.abc import Iterator

import numpy as np
import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from movie_lakehouse.gold.recommendations import best_movies
from movie_lakehouse.lakehouse.materialise import holding
from movie_lakehouse.model import user_blocks
from movie_lakehouse.model.bayes.folded_in import fold_in_users
from movie_lakehouse.model.bayes.on_spark import BayesSettings, fit_side_by_side
from movie_lakehouse.model.factor_model import FactorModel
from movie_lakehouse.model.metrics import root_mean_squared_error
from movie_lakehouse.model.published import PublishedModel, of_fits
from movie_lakehouse.model.split import is_held_out

SETTINGS = BayesSettings(rank=2, n_features=4, n_sweeps=30, seed=1)


@pytest.fixture(scope="module")
def train(ratings: DataFrame) -> DataFrame:
    return ratings.where(~is_held_out(0.2, seed=1))


@pytest.fixture(scope="module")
def fitted(ratings: DataFrame, train: DataFrame) -> Iterator[PublishedModel]:
    """The model that has seen four in five ratings of each user."""
    columns = ["movie_id", "CAST(NULL AS INT) AS release_year", "array() AS genres"]
    movies = ratings.select("movie_id").distinct().selectExpr(*columns)
    with holding() as hold:
        yield of_fits(hold(fit_side_by_side({"train": train}, movies, SETTINGS, parallelism=1)), {})["train"]


@pytest.fixture(scope="module")
def folded(fitted: PublishedModel, train: DataFrame) -> Iterator[FactorModel]:
    """The same model, every user a stranger that was folded in."""
    assert fitted.fold_in is not None
    with holding() as hold:
        users = hold(fold_in_users(train, fitted.movie_factors, fitted.fold_in))
        yield FactorModel(users, fitted.model.movie_factors, fitted.model.getOrDefault(fitted.model.mean))


def lists_of(model: FactorModel, train: DataFrame) -> dict[int, set[int]]:
    """Each user's ten best unseen movies."""
    mean = model.getOrDefault(model.mean)
    rows = best_movies(model.user_factors, model.movie_factors, train, 10, mean=mean).groupBy("user_id")
    return {row[0]: set(row[1]) for row in rows.agg(F.collect_set("movie_id")).collect()}


def test_the_error_on_held_out_ratings_is_that_of_the_fitted_factors_within_one_percent(
    fitted: PublishedModel, folded: FactorModel, ratings: DataFrame
) -> None:
    held_out = ratings.where(is_held_out(0.2, seed=1))

    errors = [
        model.transform(held_out).agg(root_mean_squared_error("rating", "prediction")).first()
        for model in (fitted.model, folded)
    ]

    assert errors[0] is not None
    assert errors[1] is not None
    assert errors[1][0] == pytest.approx(errors[0][0], rel=0.01)


def test_a_known_users_list_is_that_of_the_fitted_factors(
    fitted: PublishedModel, folded: FactorModel, train: DataFrame
) -> None:
    known, strangers = lists_of(fitted.model, train), lists_of(folded, train)

    assert known.keys() == strangers.keys()
    assert np.mean([len(known[user] & strangers[user]) for user in known]) >= 8


def test_blocks_of_users_give_what_one_block_gives(
    fitted: PublishedModel, folded: FactorModel, train: DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert fitted.fold_in is not None
    monkeypatch.setattr(user_blocks, "RATINGS_A_BLOCK", 500)

    in_blocks = fold_in_users(train, fitted.movie_factors, fitted.fold_in)

    one, many = (sorted((row[0], row[1]) for row in frame.collect()) for frame in (folded.user_factors, in_blocks))
    assert [user for user, _ in many] == [user for user, _ in one]
    assert [bias for _, bias in many] == pytest.approx([bias for _, bias in one], abs=1e-5)


def test_a_movie_that_the_model_lacks_does_not_count(
    spark: SparkSession, fitted: PublishedModel, folded: FactorModel, train: DataFrame
) -> None:
    assert fitted.fold_in is not None
    stranger = train.where("user_id = 7").unionByName(
        spark.createDataFrame([(7, 10**6, 0.5)], "user_id INT, movie_id INT, rating DOUBLE")
    )

    (row,) = fold_in_users(stranger, fitted.movie_factors, fitted.fold_in).collect()

    known = folded.user_factors.where("user_id = 7").first()
    assert known is not None
    assert row["factors"] == pytest.approx(known["factors"], abs=1e-5)
