from math import sqrt

import pytest
from pyspark.sql import Row, SparkSession

from movie_lakehouse.evaluation.bootstrap import bootstrap_intervals

USERS = """
    SELECT 'every second has one' AS model, id AS user_id, CAST(id % 2 AS DOUBLE) AS value, 1 AS weight FROM range(400)
    UNION ALL SELECT 'all alike', id, 0.25D, 1 FROM range(400)
    UNION ALL SELECT 'ones weigh three', id, CAST(id % 2 AS DOUBLE), IF(id % 2 = 1, 3, 1) FROM range(400)
    UNION ALL SELECT 'a single user', 7, 0.25D, 3
"""


@pytest.fixture(scope="module")
def intervals(spark: SparkSession) -> dict[str, Row]:
    """The interval of each model, whose users are made up above."""
    by_user = spark.sql(USERS).selectExpr("*", "'x' AS metric")
    return {row["model"]: row for row in bootstrap_intervals(by_user, n_resamples=200, seed=1).collect()}


def test_the_interval_is_as_wide_as_the_standard_error_says(intervals: dict[str, Row]) -> None:
    found = intervals["every second has one"]
    standard_error = 0.5 / sqrt(400)

    assert (found["value"], found["n_users"]) == (0.5, 400)
    assert found["high"] - found["low"] == pytest.approx(2 * 1.96 * standard_error, rel=0.2)
    assert found["low"] < 0.5 < found["high"]


def test_a_value_that_all_share_has_no_spread(intervals: dict[str, Row]) -> None:
    found = intervals["all alike"]

    assert (found["low"], found["high"]) == (pytest.approx(0.25), pytest.approx(0.25))


def test_a_user_counts_as_much_as_the_weight_says(intervals: dict[str, Row]) -> None:
    found = intervals["ones weigh three"]

    assert found["value"] == 0.75
    assert found["low"] < 0.75 < found["high"]


def test_a_single_user_has_a_value_and_no_interval(intervals: dict[str, Row]) -> None:
    found = intervals["a single user"]

    assert (found["value"], found["low"], found["high"], found["n_users"]) == (0.25, None, None, 1)
