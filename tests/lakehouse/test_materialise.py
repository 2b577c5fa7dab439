from typing import Any

import pytest
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from movie_lakehouse.lakehouse.materialise import materialised


class Refusing:
    """A frame whose compute refuses to hold it; it stands for its own session and catalogue too."""

    def __init__(self, message: str) -> None:
        self._message = message
        self.sparkSession = self.catalog = self

    def createOrReplaceTempView(self, name: str) -> None:  # noqa: N802
        """Nothing is kept."""

    def dropTempView(self, name: str) -> None:  # noqa: N802
        """Nothing was kept."""

    def table(self, name: str) -> "Refusing":
        return self

    def persist(self) -> Any:
        raise PySparkException(self._message)


class OfOtherInternals:
    """A frame of a Spark that has no such method as it is asked for; it stands for its own session too."""

    def __init__(self) -> None:
        self.sparkSession = self

    def persist(self) -> "OfOtherInternals":
        return self

    def unpersist(self) -> None:
        """Nothing was held."""

    @property
    def _jsparkSession(self) -> Any:  # noqa: N802
        raise Py4JError("Method cacheManager([]) does not exist")


def lengthened(frame: DataFrame) -> DataFrame:
    """The frame after forty steps that leave it as it is, which Connect sends as eighty levels."""
    for step in range(40):
        frame = frame.where(F.col("id") > -step)
    return frame


def test_a_frame_is_held_within_the_block_and_freed_after_it(spark: SparkSession) -> None:
    frame = spark.range(3)

    with materialised(frame) as held:
        assert frame.storageLevel.useMemory
        assert held.count() == 3

    assert not frame.storageLevel.useMemory


def test_a_frame_is_freed_when_the_block_fails(spark: SparkSession) -> None:
    frame = spark.range(4)

    with pytest.raises(ValueError, match="on purpose"), materialised(frame):
        raise ValueError("on purpose")

    assert not frame.storageLevel.useMemory


def test_the_plans_of_a_held_frames_readers_begin_anew(spark: SparkSession) -> None:
    """A plan of more than a hundred levels cannot be sent to a Connect server."""
    with materialised(lengthened(spark.range(1, 4))) as once, materialised(lengthened(once)) as twice:
        assert lengthened(twice).count() == 3


@pytest.mark.classic
def test_on_classic_spark_they_begin_at_what_is_held(spark: SparkSession) -> None:
    with materialised(lengthened(spark.range(1, 4))) as held:
        assert held._jdf.queryExecution().analyzed().nodeName().startswith("InMemoryRelation")


def test_a_held_frame_can_be_joined_with_itself_and_with_what_it_was_made_of(spark: SparkSession) -> None:
    frame = spark.range(3).withColumn("half", F.col("id") / 2)

    with materialised(frame) as held:
        assert held.join(held.withColumnRenamed("half", "other"), "id").count() == 3
        assert held.join(frame.withColumnRenamed("half", "other"), "id").count() == 3


@pytest.mark.classic
def test_where_a_spark_has_other_internals_the_frame_is_read_by_its_own_plan() -> None:
    frame: Any = OfOtherInternals()

    with materialised(frame) as held:
        assert held is frame


def test_a_held_frame_leaves_no_view_behind(spark: SparkSession) -> None:
    before = len(spark.catalog.listTables())

    with materialised(spark.range(3)) as held:
        held.count()

    assert len(spark.catalog.listTables()) == before


def test_where_serverless_compute_refuses_to_hold_it_the_frame_is_given_as_it_is() -> None:
    frame: Any = Refusing("[NOT_SUPPORTED_WITH_SERVERLESS] PERSIST TABLE is not supported on serverless compute.")

    with materialised(frame) as given:
        assert given is frame


def test_any_other_refusal_is_an_error() -> None:
    frame: Any = Refusing("[INTERNAL_ERROR] no space left")

    with pytest.raises(PySparkException, match="no space left"), materialised(frame):
        pass
