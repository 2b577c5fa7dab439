import importlib.util
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from pyspark import SparkContext
from pyspark.logger import PySparkLogger
from pyspark.ml.feature import StringIndexer
from pyspark.sql import SparkSession, is_remote

from movie_lakehouse.errors import SetupError
from movie_lakehouse.lakehouse import session as sessions
from movie_lakehouse.lakehouse.session import is_session_open, marked_work, open_session, started_session


def test_all_threads_of_a_process_get_its_one_session(spark: SparkSession) -> None:
    with ThreadPoolExecutor(4) as pool:
        opened = list(pool.map(lambda _: open_session(), range(4)))

    assert all(session is spark for session in opened)


def test_a_thread_that_asks_for_the_session_can_fit_models_and_look_into_them(spark: SparkSession) -> None:
    def labels() -> list[str]:
        frame = open_session().sql("SELECT 'Drama' AS genre")
        return list(StringIndexer(inputCol="genre").fit(frame).labels)

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(labels).result() == ["Drama"]


def test_times_are_utc(spark: SparkSession) -> None:
    assert spark.conf.get("spark.sql.session.timeZone") == "UTC"
    assert spark.sql("SELECT CAST(timestamp_seconds(0) AS STRING)").first() == ("1970-01-01 00:00:00",)


def test_without_delta_the_message_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)

    with pytest.raises(SetupError, match="no delta-spark: install this package with its extra local"):
        started_session()


@pytest.mark.parametrize("kind", ["SQL", "DataFrame"])
def test_what_spark_raises_it_does_not_log_as_well(spark: SparkSession, kind: str) -> None:
    assert not PySparkLogger.getLogger(f"{kind}QueryContextLogger").isEnabledFor(logging.ERROR)


def test_a_session_that_a_marked_block_opens_is_marked_from_then_on(
    spark: SparkSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    def marks() -> set[str]:
        return spark.getTags() if is_remote() else spark.sparkContext.getJobTags()

    monkeypatch.setattr(sessions._Opened, "session", None)
    monkeypatch.setattr(sessions, "started_session", lambda: spark)
    with marked_work("late"):
        assert not is_session_open()
        open_session()
        assert "late" in marks()
    assert "late" not in marks()


@pytest.fixture
def ended_jvm(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Makes the JVM of this process one that the machine has killed."""
    killed = SimpleNamespace(proc=SimpleNamespace(poll=lambda: -9))
    return lambda: monkeypatch.setattr(SparkContext, "_gateway", killed)


def test_a_session_whose_jvm_has_ended_is_told_of_and_not_used(ended_jvm: Callable[[], None]) -> None:
    ended_jvm()
    with pytest.raises(SetupError, match=r"Spark's JVM has ended \(exit status -9\)"):
        open_session()


def test_what_fails_because_the_jvm_ended_under_it_says_so(ended_jvm: Callable[[], None]) -> None:
    with pytest.raises(SetupError, match="JVM has ended"), marked_work("train"):
        ended_jvm()
        raise ConnectionRefusedError("Connection refused")
