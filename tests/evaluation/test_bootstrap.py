from math import sqrt

import pytest
from pyspark.sql import Row, SparkSession

from movie_lakehouse.evaluation.bootstrap import bootstrap_intervals


def interval(spark: SparkSession, value: str, weight: str = "1") -> Row:
    """The interval of 400 users with this value and weight, expressions in their number."""
    users = spark.range(400).selectExpr(
        "'m' AS model", "'x' AS metric", "id AS user_id", f"{value} AS value", f"{weight} AS weight"
    )
    (found,) = bootstrap_intervals(users, n_resamples=200, seed=1).collect()
    return found


def test_the_interval_is_as_wide_as_the_standard_error_says(spark: SparkSession) -> None:
    found = interval(spark, "CAST(id % 2 AS DOUBLE)")
    standard_error = 0.5 / sqrt(400)

    assert (found["value"], found["n_users"]) == (0.5, 400)
    assert found["high"] - found["low"] == pytest.approx(2 * 1.96 * standard_error, rel=0.2)
    assert found["low"] < 0.5 < found["high"]


def test_a_value_that_all_share_has_no_spread(spark: SparkSession) -> None:
    found = interval(spark, "0.25D")

    assert (found["low"], found["high"]) == (pytest.approx(0.25), pytest.approx(0.25))


def test_a_user_counts_as_much_as_the_weight_says(spark: SparkSession) -> None:
    found = interval(spark, "CAST(id % 2 AS DOUBLE)", weight="IF(id % 2 = 1, 3, 1)")

    assert found["value"] == 0.75
    assert found["low"] < 0.75 < found["high"]


def test_a_single_user_has_a_value_and_no_interval(spark: SparkSession) -> None:
    one = spark.sql("SELECT 'm' AS model, 'x' AS metric, 7 AS user_id, 0.25D AS value, 3 AS weight")

    (found,) = bootstrap_intervals(one, n_resamples=20, seed=1).collect()

    assert (found["value"], found["low"], found["high"], found["n_users"]) == (0.25, None, None, 1)
