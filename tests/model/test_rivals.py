import pytest
from pyspark.sql import DataFrame, SparkSession

from movie_lakehouse.model.biases import fit_biases
from movie_lakehouse.model.factor_model import FactorModel
from movie_lakehouse.model.rivals import one_row_a_model, rival_predictions, with_bias_where_cold

FORM = "user_id INT, movie_id INT, rating DOUBLE"


@pytest.fixture(scope="module")
def rivals(spark: SparkSession) -> DataFrame:
    """A held-out rating of known user and movie, and one of an unknown movie; the model always says 2."""
    train = spark.createDataFrame([(1, 1, 5.0), (2, 1, 3.0), (2, 2, 1.0)], FORM)
    held_out = spark.createDataFrame([(1, 2, 4.0), (1, 9, 4.0)], FORM)
    factors = "float(0) AS bias, array(float(0)) AS factors"
    model = FactorModel(
        spark.sql(f"SELECT 1 AS user_id, {factors}"), spark.sql(f"SELECT 2 AS movie_id, {factors}"), 2.0
    )
    return rival_predictions(held_out, fit_biases(train), {"model": model})


def test_every_rival_predicts_every_held_out_rating(rivals: DataFrame) -> None:
    rows = {(row["movie_id"], row["model"]): row["prediction"] for row in one_row_a_model(rivals).collect()}

    assert {key: rows[key] for key in [(2, "mean"), (9, "mean"), (2, "model"), (9, "model")]} == {
        (2, "mean"): 3.0,
        (9, "mean"): 3.0,
        (2, "model"): 2.0,
        (9, "model"): 2.0,
    }
    # Movie 1 deviates by 2 / (2 + 3), movie 2 by -2 / (1 + 3); user 1 by what is left, (2 - 0.4) / (1 + 5).
    assert rows[2, "bias"] == pytest.approx(3 - 0.5 + 1.6 / 6)
    assert rows[9, "bias"] == pytest.approx(3 + 1.6 / 6)


def test_a_row_is_cold_where_training_lacks_its_movie(rivals: DataFrame) -> None:
    assert dict(rivals.select("movie_id", "is_cold").collect()) == {2: False, 9: True}


def test_a_model_without_biases_takes_theirs_on_cold_rows(rivals: DataFrame) -> None:
    filled = {row["movie_id"]: row for row in with_bias_where_cold(rivals, "model").collect()}

    assert filled[2]["model"] == 2.0
    assert filled[9]["model"] == filled[9]["bias"]
