"""Whether a frame that is held has its rows in memory."""

from pyspark.sql import DataFrame, is_remote


def is_kept(frame: DataFrame, held: DataFrame) -> bool:
    """Whether the rows of a frame are in memory, as ``materialised`` gave it: on classic Spark only this can tell."""
    if is_remote():
        return bool(frame.storageLevel.useMemory)
    return bool(held._jdf.queryExecution().analyzed().cacheBuilder().isCachedColumnBuffersLoaded())
