from typing import Any

import pytest
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from movie_lakehouse.lakehouse.materialise import materialised
from movie_lakehouse.lakehouse.store import Store
from support.frames import sound_row, table_frame
from support.held_frame import is_kept

TAGS = "silver.tags"


class OfOtherInternals:
    """A frame of a Spark that lacks what it is first asked for; it stands for its own session too."""

    def __init__(self) -> None:
        self.sparkSession = self
        self.is_held = False

    def persist(self) -> Any:
        self.is_held = True
        return self

    def unpersist(self) -> None:
        self.is_held = False

    @property
    def _jvm(self) -> Any:
        raise Py4JError("org.apache.spark.sql.execution.columnar.InMemoryRelation$ does not exist in the JVM")


class Refusing(OfOtherInternals):
    """A frame whose compute refuses to hold it; it stands for its catalogue too."""

    def __init__(self, message: str) -> None:
        super().__init__()
        self._message = message
        self.catalog = self

    def createOrReplaceTempView(self, name: str) -> None:  # noqa: N802
        """Nothing is kept."""

    def dropTempView(self, name: str) -> None:  # noqa: N802
        """Nothing was kept."""

    def table(self, name: str) -> "Refusing":
        return self

    def persist(self) -> Any:
        raise PySparkException(self._message)


def lengthened(frame: DataFrame) -> DataFrame:
    """The frame after forty steps that leave it as it is, which Connect sends as eighty levels."""
    for step in range(40):
        frame = frame.where(F.col("id") > -step)
    return frame


def test_a_frame_is_held_within_the_block_and_freed_after_it(spark: SparkSession) -> None:
    frame = spark.range(3)

    with materialised(frame) as held:
        assert held.count() == 3
        assert is_kept(frame, held)

    assert not is_kept(frame, held)


def test_a_frame_is_freed_when_the_block_fails(spark: SparkSession) -> None:
    frame = spark.range(4)

    with pytest.raises(ValueError, match="on purpose"), materialised(frame) as held:
        held.count()
        raise ValueError("on purpose")

    assert not is_kept(frame, held)


def test_a_held_frame_is_computed_once(spark: SparkSession) -> None:
    moments = spark.range(3).withColumn("moment", F.expr("java_method('java.lang.System', 'nanoTime')"))

    with materialised(moments) as held:
        assert held.collect() == held.collect()


@pytest.mark.classic
def test_on_classic_spark_it_stays_what_it_was_when_its_table_is_written(store: Store) -> None:
    """Where Delta itself reads, Spark would plan it anew, and compute it again, with the rows that were written."""
    first, second = (table_frame(store.spark, TAGS, [sound_row(TAGS, movie_id=movie)]) for movie in (1, 2))
    store.append(TAGS, first)

    with materialised(store.spark.read.table(store.place.identifier(TAGS)).select("movie_id")) as held:
        assert held.collect() == [(1,)]
        store.append(TAGS, second)
        assert held.collect() == [(1,)]


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
def test_where_a_spark_has_other_internals_the_frame_is_held_as_spark_holds_it() -> None:
    frame: Any = OfOtherInternals()

    with materialised(frame) as held:
        assert held is frame
        assert frame.is_held
    assert not frame.is_held


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
