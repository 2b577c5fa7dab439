"""The one place that holds a computed frame for several readers.

Classic Spark and Spark Connect keep it in memory and on disk. Serverless compute refuses to (PERSIST is not supported
there): the frame is then computed again by each reader, which is slower and gives the same rows.

The plans of a held frame's readers begin anew. On classic Spark they begin at what is held, which stays as it is when a
table is written that it was read from. A Connect client sends its whole plan with each question, and protobuf takes no
more than a hundred levels of one: there a held frame goes by the name of a temporary view.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from uuid import uuid4

from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, is_remote

from movie_lakehouse.lakehouse.internals import kept_in_memory

Hold = Callable[[DataFrame], DataFrame]
"""Gives a frame that is computed once, for as long as its block lasts."""


@contextmanager
def materialised(frame: DataFrame) -> Iterator[DataFrame]:
    """Give a frame that is computed once, at its first use, and freed when the block ends."""
    with _with_short_plan(frame) as short:
        held, free = _held(short)
        try:
            yield held
        finally:
            free()


@contextmanager
def holding() -> Iterator[Hold]:
    """Give what holds frames, one after another, until the block ends."""
    with ExitStack() as stack:
        yield lambda frame: stack.enter_context(materialised(frame))


def short(frame: DataFrame) -> DataFrame:
    """The rows of a frame of a handful, however much data it was made of: its readers do not carry its plan along."""
    return frame.sparkSession.createDataFrame(frame.collect(), frame.schema)


def _held(frame: DataFrame) -> tuple[DataFrame, Callable[[], object]]:
    """The frame as it is kept here, and what frees it."""
    if kept := kept_in_memory(frame):
        return kept
    try:
        held = frame.persist()
    except PySparkException as error:
        if "SERVERLESS" not in str(error).upper():
            raise
        return frame, lambda: None
    return held, held.unpersist


@contextmanager
def _with_short_plan(frame: DataFrame) -> Iterator[DataFrame]:
    """The frame by a name of its own on Connect, as it is on classic Spark, where its readers do not see its plan."""
    if not is_remote():
        yield frame
        return
    spark, name = frame.sparkSession, f"held_{uuid4().hex}"
    frame.createOrReplaceTempView(name)
    try:
        yield spark.table(name)
    finally:
        spark.catalog.dropTempView(name)
