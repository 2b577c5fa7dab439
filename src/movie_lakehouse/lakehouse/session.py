"""Sessions, built by entry points and by nothing else."""

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
from pathlib import Path
from threading import Lock, local

from pyspark import SparkContext, inheritable_thread_target
from pyspark.sql import SparkSession, is_remote

from movie_lakehouse.errors import SetupError
from movie_lakehouse.lakehouse.jars import spark_home
from movie_lakehouse.lakehouse.java import java_environment
from movie_lakehouse.lakehouse.jvm_names import look_up_once
from movie_lakehouse.lakehouse.jvm_notices import without_notices
from movie_lakehouse.lakehouse.spark_settings import is_one_machine, settings_for


class _Opened:
    """The process's session: tasks that run side by side in threads share it."""

    lock = Lock()
    session: SparkSession | None = None


class _Mark(local):
    """This thread's mark for its Spark work, which may come before there is a session."""

    tag: str | None = None


_MARK = _Mark()


def is_session_open() -> bool:
    """Whether something in this process has needed the session already."""
    return _Opened.session is not None


def open_session() -> SparkSession:
    """The session of this process: Databricks' own there, one of this machine or of a cluster elsewhere; opened once.

    Spark's own variables choose: ``SPARK_REMOTE='local[2]'`` makes it a Spark Connect session, and
    ``SPARK_MASTER='spark://HOST:7077'`` one of a standalone cluster.

    Raises:
        SetupError: delta-spark, Java or the Delta JARs are missing, or the session's JVM has ended.
    """
    with _Opened.lock:
        if _Opened.session is None:
            on_databricks = "DATABRICKS_RUNTIME_VERSION" in os.environ
            _Opened.session = SparkSession.builder.getOrCreate() if on_databricks else started_session()
        _refuse_ended()
        _make_active(_Opened.session)
        if _MARK.tag is not None:
            _mark(_Opened.session, _MARK.tag)
        return _Opened.session


def _refuse_ended() -> None:
    """Say that the JVM which this process has started is gone: a client of it is told that a connection is refused.

    Raises:
        SetupError: it has ended.
    """
    process = getattr(SparkContext._gateway, "proc", None)
    if process is not None and process.poll() is not None:
        raise SetupError(
            f"Spark's JVM has ended (exit status {process.poll()}), which a machine out of memory may be the cause of; "
            "run again: what has succeeded is not done again."
        )


def _make_active(session: SparkSession) -> None:
    """Make it this thread's own: on Connect Spark ML takes no other, and only the thread that built it has it."""
    if is_remote():
        inheritable_thread_target(session)(lambda: None)()


def started_session() -> SparkSession:
    """A Spark with Delta whose driver is this process: on this machine's cores unless SPARK_MASTER names a cluster.

    Raises:
        SetupError: delta-spark, Java or the Delta JARs are missing.
    """
    remote = os.environ.get("SPARK_REMOTE")
    master = remote or os.environ.get("SPARK_MASTER", "local[*]")
    _set_environment(on_cluster=not is_one_machine(master))
    _quiet_errors()
    scratch = _scratch_folder()
    builder = SparkSession.builder.appName("movie_lakehouse")
    builder = builder.remote(remote) if remote else builder.master(master)
    for key, value in settings_for(master, scratch).items():
        builder = builder.config(key, value)
    with without_notices(), warnings.catch_warnings():
        # A Connect client tries to set the server's static settings again and warns that it cannot.
        warnings.filterwarnings("ignore", message="Failed to set")
        session = builder.getOrCreate()
    if not remote:
        look_up_once(session.sparkContext._jvm)
    return session


@contextmanager
def marked_work(tag: str) -> Iterator[None]:
    """Mark the Spark work that this thread does within the block, so that another thread can stop it.

    Where the session is opened within the block it is so marked from then on.

    Raises:
        SetupError: the session's JVM has ended, before or within the block.
    """
    _refuse_ended()
    _MARK.tag = tag
    if _Opened.session is not None:
        _mark(_Opened.session, tag)
    try:
        yield
    finally:
        _MARK.tag = None
        _refuse_ended()
        if _Opened.session is not None:
            _unmark(_Opened.session, tag)


def _mark(spark: SparkSession, tag: str) -> None:
    """Mark what this thread does from here on."""
    (spark.addTag if is_remote() else spark.sparkContext.addJobTag)(tag)


def _unmark(spark: SparkSession, tag: str) -> None:
    """Take the mark off again."""
    (spark.removeTag if is_remote() else spark.sparkContext.removeJobTag)(tag)


def unmarked(work: Callable[[], None]) -> None:
    """Do work that no mark of this thread reaches, in one of its own: what is stopped can still say that it was.

    Raises:
        Exception: whatever the work raises.
    """
    with ThreadPoolExecutor(1) as pool:
        pool.submit(work).result()


def stop_marked_work(tag: str) -> None:
    """End what is so marked with an error in its own thread; what is only being planned goes on.

    A classic session's own tags are no help: it interrupts only what the asking thread has tagged.
    """
    if (spark := _Opened.session) is None:
        return
    if is_remote():
        spark.interruptTag(tag)
    else:
        spark.sparkContext.cancelJobsWithTag(tag)


def _set_environment(*, on_cluster: bool) -> None:
    """Point Spark's scripts at this Java, and its Python workers at this interpreter, or at the cluster's.

    Executors elsewhere reach the driver by an address of this machine's that others see, which Spark finds itself.
    """
    if not _has_delta():
        raise SetupError("This Python has no delta-spark: install this package with its extra local.")
    os.environ |= java_environment()
    # Where it is unset Spark's scripts ask this interpreter for it, in a line that a blank in its path would break.
    os.environ.setdefault("SPARK_HOME", str(spark_home()))
    os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    if on_cluster:
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    else:
        os.environ["PYSPARK_PYTHON"] = sys.executable
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")


def _quiet_errors() -> None:
    """Keep Spark from logging errors as JSON with both stack traces: they are raised, and told in a line."""
    from pyspark.logger import PySparkLogger

    for name in ("SQLQueryContextLogger", "DataFrameQueryContextLogger"):
        PySparkLogger.getLogger(name).setLevel(logging.CRITICAL)


def _has_delta() -> bool:
    """Whether delta-spark is installed, without importing it."""
    from importlib.util import find_spec

    return find_spec("delta") is not None


def _scratch_folder() -> Path:
    """A folder for what Spark keeps on this machine that goes with the process."""
    scratch = Path(tempfile.mkdtemp(prefix="movie_lakehouse_"))
    register(shutil.rmtree, scratch, ignore_errors=True)
    return scratch
