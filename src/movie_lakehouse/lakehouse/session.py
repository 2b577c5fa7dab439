"""Sessions, built by entry points and by nothing else. All that only a classic local Spark has stays in this module."""

import logging
import os
import shutil
import sys
import tempfile
import warnings
from atexit import register
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from threading import Lock

from pyspark import inheritable_thread_target
from pyspark.sql import SparkSession, is_remote

from movie_lakehouse.errors import SetupError
from movie_lakehouse.lakehouse.jars import delta_jars
from movie_lakehouse.lakehouse.java import java_environment
from movie_lakehouse.lakehouse.jvm_notices import without_notices

_SHARE_OF_MEMORY = 0.5


class _Opened:
    """The process's session: tasks that run side by side in threads share it."""

    lock = Lock()
    session: SparkSession | None = None


def open_session() -> SparkSession:
    """The session of this process: Databricks' own there, a local one elsewhere; opened once.

    ``SPARK_REMOTE`` (Spark's own variable) makes it a Spark Connect session: ``SPARK_REMOTE='local[2]'``.

    Raises:
        SetupError: delta-spark, Java or the Delta JARs are missing.
    """
    with _Opened.lock:
        if _Opened.session is None:
            on_databricks = "DATABRICKS_RUNTIME_VERSION" in os.environ
            _Opened.session = SparkSession.builder.getOrCreate() if on_databricks else local_session()
        _make_active(_Opened.session)
        return _Opened.session


def _make_active(session: SparkSession) -> None:
    """Make it this thread's own: on Connect Spark ML takes no other, and only the thread that built it has it."""
    if is_remote():
        inheritable_thread_target(session)(lambda: None)()


def local_session() -> SparkSession:
    """A Spark on this machine's cores with Delta, started without network: classic, or Connect by SPARK_REMOTE."""
    _set_environment()
    _quiet_errors()
    scratch = _scratch_folder()
    builder = SparkSession.builder.appName("movie_lakehouse")
    remote = os.environ.get("SPARK_REMOTE")
    builder = builder.remote(remote) if remote else builder.master(os.environ.get("SPARK_MASTER", "local[*]"))
    for key, value in _settings(scratch).items():
        builder = builder.config(key, value)
    with without_notices(), warnings.catch_warnings():
        # A Connect client tries to set the server's static settings again and warns that it cannot.
        warnings.filterwarnings("ignore", message="Failed to set")
        return builder.getOrCreate()


@contextmanager
def marked_work(spark: SparkSession, tag: str) -> Iterator[None]:
    """Mark the Spark work that this thread does within the block, so that another thread can stop it."""
    if is_remote():
        add, remove = spark.addTag, spark.removeTag
    else:
        add, remove = spark.sparkContext.addJobTag, spark.sparkContext.removeJobTag
    add(tag)
    try:
        yield
    finally:
        remove(tag)


def unmarked(work: Callable[[], None]) -> None:
    """Do work that no mark of this thread reaches, in one of its own: what is stopped can still say that it was.

    Raises:
        Exception: whatever the work raises.
    """
    with ThreadPoolExecutor(1) as pool:
        pool.submit(work).result()


def stop_marked_work(spark: SparkSession, tag: str) -> None:
    """End what is so marked with an error in its own thread; what is only being planned goes on.

    A classic session's own tags are no help: it interrupts only what the asking thread has tagged.
    """
    if is_remote():
        spark.interruptTag(tag)
    else:
        spark.sparkContext.cancelJobsWithTag(tag)


def _set_environment() -> None:
    """Point Spark's scripts at this Java, and its Python workers at this interpreter."""
    if not _has_delta():
        raise SetupError("This Python has no delta-spark; install the package with its extra: movie-lakehouse[local].")
    os.environ |= java_environment()
    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")


def _quiet_errors() -> None:
    """Keep Spark from logging errors of SQL as JSON with both stack traces: they are raised, and told in a line."""
    from pyspark.logger import PySparkLogger

    PySparkLogger.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL)


def _has_delta() -> bool:
    """Whether delta-spark is installed, without importing it."""
    from importlib.util import find_spec

    return find_spec("delta") is not None


def _scratch_folder() -> Path:
    """A folder for checkpoints and Spark's warehouse that goes with the process."""
    scratch = Path(tempfile.mkdtemp(prefix="movie_lakehouse_"))
    register(shutil.rmtree, scratch, ignore_errors=True)
    return scratch


def _settings(scratch: Path) -> dict[str, str]:
    """Spark's settings on one machine; those of a cluster are the cluster's own affair."""
    class_path = os.pathsep.join(str(jar) for jar in delta_jars())
    cores = str(os.cpu_count() or 2)
    logging = files("movie_lakehouse.lakehouse") / "log4j2.properties"
    return {
        "spark.driver.extraClassPath": class_path,
        "spark.executor.extraClassPath": class_path,
        "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
        "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
        "spark.sql.session.timeZone": "UTC",
        # Delta's parser drops parameters that are substituted in the newer way (delta-io/delta#7640).
        "spark.sql.legacy.parameterSubstitution.constantsOnly": "true",
        "spark.sql.warehouse.dir": str(scratch / "warehouse"),
        # ALS's lineage grows with its iterations: without checkpoints a cold JVM runs out of stack.
        "spark.checkpoint.dir": str(scratch / "checkpoints"),
        # Left alone, this collector lets the young generation take a third of the heap before it looks for garbage, and
        # stops for all of the heap whenever the loaded classes outgrow a bound that begins at 21 MB.
        "spark.driver.extraJavaOptions": (
            "-Xss16m -XX:+UseParallelGC -XX:MaxNewSize=1g -XX:MetaspaceSize=512m "
            f"-Dlog4j2.configurationFile=file:{logging}"
        ),
        # Every hash table of every task begins with one page, of up to 64 MB by the heap, whatever it is to hold.
        "spark.buffer.pageSize": "2m",
        # A plan made anew after each of its stages costs more than it saves: there are as many partitions as cores.
        "spark.sql.adaptive.enabled": "false",
        "spark.driver.memory": f"{_driver_memory_mib()}m",
        "spark.driver.maxResultSize": "0",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.default.parallelism": cores,
        "spark.sql.shuffle.partitions": os.environ.get("MOVIE_LAKEHOUSE_SHUFFLE_PARTITIONS", cores),
        "spark.databricks.delta.snapshotPartitions": cores,
        "spark.sql.sources.parallelPartitionDiscovery.parallelism": cores,
        "spark.sql.execution.arrow.pyspark.enabled": "true",
    }


def _driver_memory_mib() -> int:
    """Half of this machine's memory in MiB: a ceiling for the JVM's heap, the rest being for Python's workers."""
    page_size, pages = os.sysconf("SC_PAGE_SIZE"), os.sysconf("SC_PHYS_PAGES")
    return int(page_size * pages * _SHARE_OF_MEMORY / 2**20)
