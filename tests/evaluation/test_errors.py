"""Errors with intervals say the same as errors without."""

import pytest
from pyspark.sql import DataFrame, Row, SparkSession

from movie_lakehouse.evaluation.errors import error_metrics
from movie_lakehouse.model.metrics import rating_errors

FORM = "model STRING, user_id INT, rating DOUBLE, prediction DOUBLE, is_cold BOOLEAN"
ROWS = [("m", 1, 4.0, 3.0, False), ("m", 1, 2.0, 4.0, False), ("m", 2, 5.0, 4.5, False), ("m", 3, 1.0, 3.0, True)]


@pytest.fixture(scope="module")
def predictions(spark: SparkSession) -> DataFrame:
    return spark.createDataFrame(ROWS, FORM)


@pytest.fixture(scope="module")
def errors(predictions: DataFrame) -> dict[str, Row]:
    """By metric."""
    return {row["metric"]: row for row in error_metrics(predictions, seed=1).collect()}


def test_values_are_those_over_all_rows_however_many_each_user_has(
    predictions: DataFrame, errors: dict[str, Row]
) -> None:
    found = {metric: row["value"] for metric, row in errors.items()}
    (whole,) = rating_errors(predictions).collect()

    wanted = {name: whole[name] for name in ("rmse", "mae", "rmse_warm", "mae_warm", "n_rows")}
    assert found == pytest.approx(wanted | {"cold_share": 1 / 4})


def test_who_has_only_cold_rows_does_not_count_among_the_warm(errors: dict[str, Row]) -> None:
    assert (errors["rmse"]["n_users"], errors["rmse_warm"]["n_users"]) == (3, 2)


def test_the_interval_of_a_root_is_in_stars(errors: dict[str, Row]) -> None:
    rmse = errors["rmse"]

    assert 0.5 <= rmse["low"] <= rmse["value"] <= rmse["high"] <= 2.0
