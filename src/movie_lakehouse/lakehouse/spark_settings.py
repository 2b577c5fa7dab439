"""Spark's settings: what the library needs of any Spark that it starts itself, and what suits one machine."""

import os
from importlib.resources import files
from pathlib import Path
from typing import Final

from movie_lakehouse.lakehouse.jars import delta_jars

_SHARE_OF_MEMORY: Final = 0.25
_ENOUGH_MIB: Final = 2048
"""For the heap, at any size: what is too much for it Spark keeps on disk."""
_CONTAINERS_LIMIT: Final = Path("/sys/fs/cgroup/memory.max")
"""Where Linux tells a process in a container how many bytes of memory it may have, or ``max``."""


def is_one_machine(master: str) -> bool:
    """Whether a master is this process itself, and no cluster, be it a pretended one.

    >>> [is_one_machine(master) for master in ("local", "local[*]", "local-cluster[2,1,1024]", "spark://head:7077")]
    [True, True, False, False]
    """
    return master.partition("[")[0] == "local"


def settings_for(master: str, scratch: Path) -> dict[str, str]:
    """Spark's settings for a master, with a folder of this machine that goes with the process.

    A cluster's sizes are its own affair, in ``spark-defaults.conf``: partitions, executors and their memory, and the
    folder of checkpoints, which all of its machines must see.
    """
    return _needed(scratch) | (_of_one_machine(master, scratch) if is_one_machine(master) else _of_a_cluster())


def _needed(scratch: Path) -> dict[str, str]:
    """What library and driver need anywhere."""
    # As a URI, for it has no blanks: Java's options are split at them.
    logging = Path(str(files("movie_lakehouse.lakehouse") / "log4j2.properties")).as_uri()
    return {
        "spark.driver.extraClassPath": os.pathsep.join(map(str, delta_jars())),
        "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
        "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
        "spark.sql.session.timeZone": "UTC",
        # Delta's parser drops parameters that are substituted in the newer way (delta-io/delta#7640).
        "spark.sql.legacy.parameterSubstitution.constantsOnly": "true",
        "spark.sql.warehouse.dir": str(scratch / "warehouse"),
        # In a zone that is not UTC Delta works a table's state out once more at every commit, to compare.
        # Left alone, the parallel collector lets the young generation take a third of the heap before it looks for
        # garbage, and stops for all of the heap whenever the loaded classes outgrow a bound that begins at 21 MB.
        "spark.driver.extraJavaOptions": (
            "-Duser.timezone=UTC -Xss16m -XX:+UseParallelGC -XX:MaxNewSize=1g -XX:MetaspaceSize=512m"
            f" -Dlog4j2.configurationFile={logging}"
        ),
        "spark.driver.memory": f"{_driver_memory_mib()}m",
        "spark.driver.maxResultSize": "0",
        "spark.ui.showConsoleProgress": "false",
        # Left on, each column or frame that is made asks the JVM half a dozen things, for errors of SQL to name the
        # line of Python that made it; and loads IPython, in a deadlock with a thread that loads Great Expectations.
        "spark.python.sql.dataFrameDebugging.enabled": "false",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
    }


def cores_of(master: str) -> int:
    """How many of this machine's cores a local master takes.

    All that this process may use, too, where Spark is to say what is wrong with the master.

    >>> [cores_of(master) for master in ("local", "local[3]", "local[3,4]")]
    [1, 3, 3]
    >>> cores_of("local[*]") == cores_of("local[many]") <= os.cpu_count()
    True
    """
    named = master.partition("[")[2].rstrip("]").partition(",")[0] or "1"
    return int(named) if named.isdecimal() else _usable_cores()


def _usable_cores() -> int:
    """How many cores this process may use: some systems, by ``taskset`` or a container, can keep it from the others."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 2


def _of_one_machine(master: str, scratch: Path) -> dict[str, str]:
    """What suits the cores that Spark takes, and no more than those."""
    cores = str(cores_of(master))
    return {
        # ALS's lineage grows with its iterations: without checkpoints a cold JVM runs out of stack.
        "spark.checkpoint.dir": str(scratch / "checkpoints"),
        # Every hash table of every task begins with one page, of up to 64 MB by the heap, whatever it is to hold.
        "spark.buffer.pageSize": "2m",
        # Whether to filter one side of a join by the other's keys while it runs is asked of every plan, at a seventh of
        # the time that small ones take, and done for more than 10 GB on that side.
        "spark.sql.optimizer.runtime.bloomFilter.enabled": "false",
        # A plan made anew after each of its stages costs more than it saves: there are as many partitions as cores.
        "spark.sql.adaptive.enabled": "false",
        # The classes that Delta takes by itself start a process sixteen times a commit to ask where links lead: PySpark
        # lacks the library that would tell Hadoop. These, for local files, need not know; with the second, which is
        # named after streams, Delta writes the checksums of versions.
        "spark.delta.logStore.file.impl": "io.delta.storage.LocalLogStore",
        "spark.sql.streaming.checkpointFileManagerClass": (
            "org.apache.spark.sql.execution.streaming.checkpointing.FileSystemBasedCheckpointFileManager"
        ),
        # Delta would list a version's files in its checksum, too, where no reader looks for them: of a new table by a
        # question, which takes half of the time that it takes to make one.
        "spark.databricks.delta.allFilesInCrc.enabled": "false",
        "spark.ui.enabled": "false",
        "spark.default.parallelism": cores,
        "spark.sql.shuffle.partitions": cores,
        "spark.databricks.delta.snapshotPartitions": cores,
        "spark.sql.sources.parallelPartitionDiscovery.parallelism": cores,
    }


def _of_a_cluster() -> dict[str, str]:
    """What executors elsewhere need of this machine: the driver sends them the JARs."""
    return {
        "spark.jars": ",".join(map(str, delta_jars())),
        # An executor's tasks walk the lineage of ALS recursively, as the driver does. These options go before the
        # cluster's own extraJavaOptions.
        "spark.executor.defaultJavaOptions": "-Xss16m",
    }


def _driver_memory_mib() -> int:
    """A ceiling for the JVM's heap in MiB: a quarter of the memory, for Python's workers take more of it.

    Where that is little, enough for any size of data, but no more than half.
    """
    memory = _memory() // 2**20
    return max(int(memory * _SHARE_OF_MEMORY), min(memory // 2, _ENOUGH_MIB))


def _memory() -> int:
    """This machine's memory in bytes, or what of it this process's container may have."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        limit = _CONTAINERS_LIMIT.read_text(encoding="ascii").strip()
    except OSError:
        return memory
    return min(memory, int(limit)) if limit.isdecimal() else memory
