import time
from collections.abc import Sequence

import pytest
from bundle_folder import Events, planned
from py4j.protocol import Py4JNetworkError
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from movie_lakehouse.job.attempt import run_task
from movie_lakehouse.job.interrupt import SparkInterrupter
from movie_lakehouse.lakehouse.session import unmarked


def test_the_spark_work_of_a_task_is_stopped_and_the_session_lives_on(spark: SparkSession) -> None:
    """It takes as long as a task needs to be surely under way, and no longer: the query alone would take hours."""
    ended: list[BaseException] = []

    def endless(argv: Sequence[str]) -> None:
        try:
            spark.sql("SELECT bit_xor(a.id + b.id) FROM range(1000000000) a CROSS JOIN range(1000000) b").collect()
        except Exception as error:
            ended.append(error)
            raise

    started = time.monotonic()
    report = run_task(planned("endless", timeout=2), endless, SparkInterrupter(), Events())
    assert "more than the 2 s" in str(report.error)
    assert time.monotonic() - started < 20
    assert "cancel" in str(ended[0]).lower()
    assert spark.range(3).count() == 3


def test_work_that_is_not_marked_is_not_stopped(spark: SparkSession) -> None:
    interrupter = SparkInterrupter()
    with interrupter.marked("one"):
        interrupter.interrupt("other")
        assert spark.range(3).count() == 3


def test_unmarked_work_of_a_marked_thread_is_not_stopped(spark: SparkSession) -> None:
    """A task that is stopped says in a table that it was."""
    ended: list[int] = []

    def stopped(argv: Sequence[str]) -> None:
        try:
            spark.sql("SELECT bit_xor(a.id + b.id) FROM range(1000000000) a CROSS JOIN range(1000000) b").collect()
        finally:
            slowly = spark.range(4).repartition(2).groupBy(F.pmod("id", F.lit(2))).count()
            unmarked(lambda: ended.extend(slowly.count() for _ in range(3)))

    run_task(planned("stopped", timeout=2), stopped, SparkInterrupter(), Events())
    assert ended == [2] * 3


def test_a_spark_that_the_same_signal_has_ended_has_nothing_left_to_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_: str) -> None:
        raise Py4JNetworkError("Answer from Java side is empty")

    monkeypatch.setattr("movie_lakehouse.job.interrupt.stop_marked_work", gone)
    SparkInterrupter().interrupt("train")
