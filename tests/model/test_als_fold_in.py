"""Users folded into ALS: a fit's own half-step, so that a known user comes out as fitted."""

from collections.abc import Iterator

import pytest
from pyspark.sql import DataFrame, SparkSession

from movie_lakehouse.lakehouse.materialise import holding
from movie_lakehouse.model.factor_model import FactorModel
from movie_lakehouse.model.grid import PRESETS
from movie_lakehouse.model.training import Family, TrainingSettings, fit_setting

RATED = "user_id INT, movie_id INT, rating DOUBLE"
(SETTING,) = PRESETS["single"].settings()


def settings_of(family: Family, *, nonnegative: bool = True) -> TrainingSettings:
    return TrainingSettings(PRESETS["single"], 2, nonnegative, seed=1, parallelism=1, family=family)


@pytest.fixture(scope="module", params=["nonnegative als", "als", "biased_als"])
def fitted(request: pytest.FixtureRequest, ratings: DataFrame) -> Iterator[tuple[FactorModel, TrainingSettings]]:
    """A fitted model of each kind, its tables held."""
    kind = request.param
    settings = settings_of("biased_als" if kind == "biased_als" else "als", nonnegative=kind.startswith("non"))
    model = fit_setting(ratings, SETTING, settings)
    with holding() as hold:
        yield FactorModel(hold(model.user_factors), hold(model.movie_factors), model.getOrDefault(model.mean)), settings


def rows_of(model: FactorModel) -> dict[int, list[float]]:
    """Each user's bias and factors."""
    return {row["user_id"]: [row["bias"], *row["factors"]] for row in model.user_factors.collect()}


def test_a_known_users_ratings_give_the_fitted_row(
    fitted: tuple[FactorModel, TrainingSettings], ratings: DataFrame
) -> None:
    model, settings = fitted

    folded, known = rows_of(settings.fold_in(SETTING).fold_in(model, ratings)), rows_of(model)

    assert folded.keys() == known.keys()
    for user, row in known.items():
        assert folded[user] == pytest.approx(row, abs=2e-3), user


def test_who_rated_nothing_that_the_model_knows_is_left_out(
    spark: SparkSession, fitted: tuple[FactorModel, TrainingSettings], ratings: DataFrame
) -> None:
    model, settings = fitted
    (known,) = ratings.agg({"movie_id": "min"}).collect()[0]
    strangers = spark.createDataFrame([(900, known, 4.0), (900, 10**6, 1.0), (901, 10**6, 5.0)], RATED)
    fold_in = settings.fold_in(SETTING)

    assert list(rows_of(fold_in.fold_in(model, strangers))) == [900]
    assert list(rows_of(fold_in.fold_in(model, strangers.where("user_id = 901")))) == []
