from math import sqrt

import pytest
from pyspark.sql import Row, SparkSession

from movie_lakehouse.model.metrics import rating_errors

FORM = "model STRING, rating DOUBLE, prediction DOUBLE, is_cold BOOLEAN"
ROWS = [
    ("warm and cold", 4.0, 3.0, False),
    ("warm and cold", 2.0, 2.0, False),
    ("warm and cold", 1.0, 4.0, True),
    ("cold", 5.0, 4.0, True),
    ("warm", 5.0, 3.0, False),
]


@pytest.fixture(scope="module")
def by_model(spark: SparkSession) -> dict[str, Row]:
    """The errors of each model."""
    return {row["model"]: row for row in rating_errors(spark.createDataFrame(ROWS, FORM)).collect()}


def test_errors_are_those_of_all_rows_and_of_the_warm_ones(by_model: dict[str, Row]) -> None:
    errors = by_model["warm and cold"]

    assert errors["rmse"] == pytest.approx(sqrt((1 + 0 + 9) / 3))
    assert errors["mae"] == pytest.approx((1 + 0 + 3) / 3)
    assert errors["rmse_warm"] == pytest.approx(sqrt((1 + 0) / 2))
    assert errors["mae_warm"] == pytest.approx((1 + 0) / 2)
    assert (errors["n_rows"], errors["n_cold"]) == (3, 1)


def test_without_a_warm_row_there_is_no_error_of_warm_rows(by_model: dict[str, Row]) -> None:
    errors = by_model["cold"]

    assert (errors["rmse"], errors["rmse_warm"], errors["mae_warm"]) == (1.0, None, None)


def test_every_model_has_its_own_errors(by_model: dict[str, Row]) -> None:
    assert len(by_model) == 3
    assert (by_model["cold"]["rmse"], by_model["warm"]["rmse"]) == (1.0, 2.0)
