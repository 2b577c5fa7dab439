from math import sqrt

import pytest
from pyspark.sql import Row, SparkSession

from movie_lakehouse.model.metrics import rating_errors

FORM = "model STRING, rating DOUBLE, prediction DOUBLE, is_cold BOOLEAN"


def errors_of(spark: SparkSession, *rows: tuple[str, float, float, bool]) -> Row:
    (errors,) = rating_errors(spark.createDataFrame(list(rows), FORM)).collect()
    return errors


def test_errors_are_those_of_all_rows_and_of_the_warm_ones(spark: SparkSession) -> None:
    errors = errors_of(spark, ("m", 4.0, 3.0, False), ("m", 2.0, 2.0, False), ("m", 1.0, 4.0, True))

    assert errors["rmse"] == pytest.approx(sqrt((1 + 0 + 9) / 3))
    assert errors["mae"] == pytest.approx((1 + 0 + 3) / 3)
    assert errors["rmse_warm"] == pytest.approx(sqrt((1 + 0) / 2))
    assert errors["mae_warm"] == pytest.approx((1 + 0) / 2)
    assert (errors["n_rows"], errors["n_cold"]) == (3, 1)


def test_without_a_warm_row_there_is_no_error_of_warm_rows(spark: SparkSession) -> None:
    errors = errors_of(spark, ("m", 5.0, 4.0, True))

    assert (errors["rmse"], errors["rmse_warm"], errors["mae_warm"]) == (1.0, None, None)


def test_every_model_has_its_own_errors(spark: SparkSession) -> None:
    frame = spark.createDataFrame([("a", 5.0, 4.0, False), ("b", 5.0, 3.0, False)], FORM)

    assert dict(rating_errors(frame).select("model", "rmse").collect()) == {"a": 1.0, "b": 2.0}
