"""What classic Spark and Delta can do and have no public name for: all use of their internals is here.

Whatever is asked for here is None on Connect, and with a Spark or a Delta that has other internals: who asks then does
it in the public way, to the same end.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession, is_remote

from movie_lakehouse.lakehouse.jvm_names import (
    DATASET,
    IDENTIFIER,
    IN_MEMORY_RELATION,
    KERNEL_TABLE,
    OPTION,
    RELATION,
    STORAGE_LEVEL,
)


def kept_in_memory(frame: DataFrame) -> tuple[DataFrame, Callable[[], object]] | None:
    """The frame's rows, kept in memory and on disk from their first use on, and what frees them.

    Left to itself, classic Spark compares each part of a question's plan, which goes back to the files, with the plans
    of all that is held, and after each write plans anew what was read from the table. Here the plan of who reads the
    rows begins at them.
    """
    if is_remote():
        return None
    spark: Any = frame.sparkSession
    try:
        relations = getattr(getattr(spark._jvm, IN_MEMORY_RELATION), "MODULE$")
        on_disk_too = getattr(spark._jvm, STORAGE_LEVEL).MEMORY_AND_DISK()
        unnamed = getattr(spark._jvm, OPTION).empty()
        made = relations.apply(on_disk_too, frame._jdf.queryExecution(), unnamed)
        # Without the order of the rows, by which Spark cannot join such a relation with itself.
        relation = made.copy(made.output(), made.cacheBuilder(), made.outputOrdering().take(0))
        getattr(relation, "statsOfPlanToCache_$eq")(made.statsOfPlanToCache())
        rows = frame._jdf.ofRows(spark._jsparkSession, relation)
    except (Py4JError, TypeError):
        return None
    return DataFrame(rows, spark), lambda: relation.cacheBuilder().clearCache(False)


def read_by_kernel(spark: SparkSession, folder: Path, version: int | None) -> DataFrame | None:
    """A Delta table's rows at a version, or at the newest as it is now, found in its log by Delta's Kernel.

    Delta itself puts three questions to Spark to find a new version's files, and one for those of a version that it
    knows, which for a small table take longer than its rows. The Kernel reads the log, and Spark the files named there.

    Returns:
        None, too, where the Kernel cannot read the table or has no such version: Delta says why.
    """
    if is_remote():
        return None
    known: Any = spark
    jvm = known._jvm
    try:
        name = getattr(jvm, IDENTIFIER).of(known._sc._gateway.new_array(jvm.String, 0), str(folder))
        newest = getattr(jvm, KERNEL_TABLE)(name, str(folder))
        table = newest if version is None else newest.withVersion(version)
        nowhere = getattr(jvm, OPTION).empty()
        relation = getattr(jvm, RELATION).create(table, nowhere, nowhere)
        rows = getattr(jvm, DATASET).ofRows(known._jsparkSession, relation)
    except (Py4JError, PySparkException, TypeError):
        return None
    return DataFrame(rows, spark)
