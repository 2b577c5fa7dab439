from functools import partial
from threading import Barrier

import pytest
from pyspark.sql import SparkSession

from movie_lakehouse.lakehouse.side_by_side import AT_ONCE, side_by_side


def test_answers_come_in_the_order_of_the_calls(spark: SparkSession) -> None:
    calls = [partial(spark.range(n).count) for n in range(AT_ONCE + 2)]
    assert side_by_side(spark, calls) == list(range(AT_ONCE + 2))


def test_calls_run_at_the_same_time(spark: SparkSession) -> None:
    """Each waits for the others: one after another they would wait for ever."""
    barrier = Barrier(AT_ONCE, timeout=30)
    assert sorted(side_by_side(spark, [barrier.wait] * AT_ONCE)) == list(range(AT_ONCE))


def test_the_rest_is_done_before_a_failure_is_raised(spark: SparkSession) -> None:
    done = []

    def fail() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        side_by_side(spark, [fail, partial(done.append, 1), partial(done.append, 2)])
    assert sorted(done) == [1, 2]


def test_nothing_to_do_is_done(spark: SparkSession) -> None:
    assert side_by_side(spark, []) == []
