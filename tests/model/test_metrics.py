from math import sqrt

import pytest
from pyspark.sql import SparkSession

from movie_lakehouse.model.metrics import rating_errors

FORM = "rating DOUBLE, prediction DOUBLE, is_cold BOOLEAN"


def test_errors_are_those_of_the_rows_with_a_prediction(spark: SparkSession) -> None:
    predictions = spark.createDataFrame(
        [(4.0, 3.0, False), (2.0, 2.0, False), (1.0, 4.0, False), (5.0, None, True), (5.0, float("nan"), True)], FORM
    )

    errors = rating_errors(predictions).first()

    assert errors is not None
    assert errors["rmse"] == pytest.approx(sqrt((1 + 0 + 9) / 3))
    assert errors["mae"] == pytest.approx((1 + 0 + 3) / 3)
    assert (errors["n_scored"], errors["n_cold"]) == (3, 2)


def test_without_any_prediction_there_is_no_error_to_speak_of(spark: SparkSession) -> None:
    errors = rating_errors(spark.createDataFrame([(5.0, None, True)], FORM)).first()

    assert errors is not None
    assert errors.asDict() == {"rmse": None, "mae": None, "n_scored": 0, "n_cold": 1}
