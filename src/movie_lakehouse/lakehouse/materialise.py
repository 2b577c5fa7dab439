"""The one place that holds a computed frame for several readers.

Classic Spark and Spark Connect keep it in memory and on disk. Serverless compute refuses to (PERSIST is not supported
there): the frame is then computed again by each reader, which is slower and gives the same rows.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from pyspark.errors import PySparkException
from pyspark.sql import DataFrame


@contextmanager
def materialised(frame: DataFrame) -> Iterator[DataFrame]:
    """Give a frame that is computed once, at its first use, and freed when the block ends."""
    try:
        held = frame.persist()
    except PySparkException as error:
        if "SERVERLESS" not in str(error).upper():
            raise
        yield frame
        return
    try:
        yield held
    finally:
        held.unpersist()
