from typing import Any

import pytest
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from movie_lakehouse.lakehouse.materialise import materialised


class Refusing:
    """A frame whose compute refuses to hold it."""

    def __init__(self, message: str) -> None:
        self._message = message

    def persist(self) -> Any:
        raise PySparkException(self._message)


def test_a_frame_is_held_within_the_block_and_freed_after_it(spark: SparkSession) -> None:
    frame = spark.range(3)

    with materialised(frame) as held:
        assert held.storageLevel.useMemory
        assert held.count() == 3

    assert not frame.storageLevel.useMemory


def test_a_frame_is_freed_when_the_block_fails(spark: SparkSession) -> None:
    frame = spark.range(4)

    with pytest.raises(ValueError, match="on purpose"), materialised(frame):
        raise ValueError("on purpose")

    assert not frame.storageLevel.useMemory


def test_where_serverless_compute_refuses_to_hold_it_the_frame_is_given_as_it_is() -> None:
    frame: Any = Refusing("[NOT_SUPPORTED_WITH_SERVERLESS] PERSIST TABLE is not supported on serverless compute.")

    with materialised(frame) as given:
        assert given is frame


def test_any_other_refusal_is_an_error() -> None:
    frame: Any = Refusing("[INTERNAL_ERROR] no space left")

    with pytest.raises(PySparkException, match="no space left"), materialised(frame):
        pass
