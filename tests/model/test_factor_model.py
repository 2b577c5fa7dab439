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


@pytest.mark.parametrize(
    ("user", "movie", "stars"),
    [(1, 7, 3 + 0.5 - 0.25 + 0.5 + 0.5), (1, 8, 3.5), (2, 7, 2.75), (2, 8, 3.0)],
    ids=["both known", "cold movie", "cold user", "both cold"],
)
def test_every_row_gets_what_is_known_of_it(
    spark: SparkSession, model: FactorModel, user: int, movie: int, stars: float
) -> None:
    rows = spark.createDataFrame([(user, movie)], "user_id INT, movie_id INT")

    assert model.transform(rows).select("prediction").collect() == [(stars,)]


def test_predictions_stay_within_the_scale(spark: SparkSession, model: FactorModel) -> None:
    far = FactorModel(model.user_factors, model.movie_factors, 9.0)
    low = FactorModel(model.user_factors, model.movie_factors, -9.0)
    rows = spark.createDataFrame([(1, 7)], "user_id INT, movie_id INT")

    assert far.transform(rows).select("prediction").first() == (5.0,)
    assert low.transform(rows).select("prediction").first() == (0.5,)


def test_a_saved_model_predicts_the_same_and_can_be_saved_over(
    spark: SparkSession, model: FactorModel, tmp_path: Path
) -> None:
    rows = spark.createDataFrame([(1, 7), (2, 7)], "user_id INT, movie_id INT")
    model.save(str(tmp_path / "model"))
    model.write().overwrite().save(str(tmp_path / "model"))

    loaded = FactorModel.load(str(tmp_path / "model"))

    assert loaded.uid == model.uid
    assert loaded.transform(rows).collect() == model.transform(rows).collect()
