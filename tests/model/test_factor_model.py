from math import isnan
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from movie_lakehouse.model.factor_model import FactorModel


@pytest.fixture(scope="module")
def model(spark: SparkSession) -> FactorModel:
    """Mean 3; user 1 with bias 0.5 and factors (1, 2); movie 7 with bias -0.25 and factors (0.5, 0.25)."""
    users = spark.sql("SELECT 1 AS user_id, float(0.5) AS bias, array(float(1), float(2)) AS factors")
    movies = spark.sql("SELECT 7 AS movie_id, float(-0.25) AS bias, array(float(0.5), float(0.25)) AS factors")
    return FactorModel(users, movies, 3.0)


def stars(model: FactorModel, *pairs: tuple[int, int]) -> dict[tuple[int, int], float]:
    """The prediction for each pair of a user and a movie."""
    rows = model.user_factors.sparkSession.createDataFrame(list(pairs), "user_id INT, movie_id INT")
    return {(row["user_id"], row["movie_id"]): row["prediction"] for row in model.transform(rows).collect()}


@pytest.fixture(scope="module")
def predictions(model: FactorModel) -> dict[tuple[int, int], float]:
    """Of users 1 and 2 for movies 7 and 8."""
    return stars(model, (1, 7), (1, 8), (2, 7), (2, 8))


@pytest.mark.parametrize(
    ("pair", "expected"),
    [((1, 7), 3 + 0.5 - 0.25 + 0.5 + 0.5), ((1, 8), 3.5), ((2, 7), 2.75), ((2, 8), 3.0)],
    ids=["both known", "cold movie", "cold user", "both cold"],
)
def test_every_row_gets_what_is_known_of_it(
    predictions: dict[tuple[int, int], float], pair: tuple[int, int], expected: float
) -> None:
    assert predictions[pair] == expected


def test_predictions_stay_within_the_scale(model: FactorModel) -> None:
    far = FactorModel(model.user_factors, model.movie_factors, 9.0)
    low = FactorModel(model.user_factors, model.movie_factors, -9.0)

    assert stars(far, (1, 7)) == {(1, 7): 5.0}
    assert stars(low, (1, 7)) == {(1, 7): 0.5}


def test_a_bias_that_is_no_number_is_not_taken_for_five_stars(model: FactorModel) -> None:
    broken = model.movie_factors.selectExpr("movie_id", "float('NaN') AS bias", "factors")

    assert isnan(stars(FactorModel(model.user_factors, broken, 3.0), (1, 7))[1, 7])


def test_factors_that_differ_in_number_predict_nothing(model: FactorModel) -> None:
    longer = model.movie_factors.selectExpr("movie_id", "bias", "array_append(factors, float(1)) AS factors")

    assert stars(FactorModel(model.user_factors, longer, 3.0), (1, 7)) == {(1, 7): None}


def test_a_saved_model_predicts_the_same_and_can_be_saved_over(
    model: FactorModel, predictions: dict[tuple[int, int], float], tmp_path: Path
) -> None:
    model.save(str(tmp_path / "model"))
    model.write().overwrite().save(str(tmp_path / "model"))

    loaded = FactorModel.load(str(tmp_path / "model"))

    assert loaded.uid == model.uid
    assert stars(loaded, *predictions) == predictions
