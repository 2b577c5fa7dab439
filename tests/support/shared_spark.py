"""One Spark for all processes of a test run: it is started once, and what one of them has made it learn serves all."""

import os
from pathlib import Path

import pytest
from pyspark import SparkConf, SparkContext
from pyspark.java_gateway import launch_gateway
from pyspark.sql import SparkSession

from movie_lakehouse.lakehouse import session
from movie_lakehouse.lakehouse.spark_settings import settings_for

SHARED = "MOVIE_LAKEHOUSE_TESTS_SPARK"
"""The variable that tells processes where the run's Spark is: its port, its secret and its number as a process."""

JOIN = f"""
import os, sys

sys.path.append({str(Path(__file__).parents[1])!r})
from support.shared_spark import SHARED, join_shared_spark

if SHARED in os.environ:
    join_shared_spark()
"""
"""What another process does first to have a session of the run's Spark, where processes share one."""

OPTIONS = {
    "spark.driver.defaultJavaOptions": "-XX:ReservedCodeCacheSize=512m -XX:-DoEscapeAnalysis -XX:MaxInlineLevel=6"
    " -XX:InlineSmallCode=1000 -XX:-UseCodeCacheFlushing"
}
"""It lives for minutes, so that Java's second compiler is worth having, other than in the tests' other Sparks. But most
of its code runs a few thousand times: to inline much, and to look for objects that need no heap, costs more than it
saves. Nor is there a need to look for code that nobody runs any more: there is room for all."""


def share_spark(cores: int) -> None:
    """Start a Spark for processes that this one will start: each of its questions takes one of so many cores."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(session, "settings_for", lambda _, scratch: settings_for("local[1]", scratch) | OPTIONS)
        patched.setenv("SPARK_MASTER", f"local[{cores}]")
        gateway = session.started_session().sparkContext._gateway
    assert gateway is not None
    where = gateway.gateway_parameters
    os.environ[SHARED] = f"{where.port} {where.auth_token} {gateway.proc.pid}"


def shared_spark() -> int | None:
    """The number of the run's Spark as a process, where processes share one."""
    return int(os.environ[SHARED].split()[2]) if SHARED in os.environ else None


def join_shared_spark() -> None:
    """Let this process's session be one of the run's Spark, as a notebook's is of its cluster's.

    It has views and settings of its own, and it is what whoever builds a session here will get.
    """
    port, secret, _ = os.environ[SHARED].split()
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PYSPARK_GATEWAY_PORT", port)
        patched.setenv("PYSPARK_GATEWAY_SECRET", secret)
        gateway = launch_gateway()
    jvm = gateway.jvm
    started = jvm.org.apache.spark.SparkContext.getOrCreate()
    context = SparkContext(
        conf=SparkConf(_jconf=started.conf()),
        gateway=gateway,
        jsc=jvm.org.apache.spark.api.java.JavaSparkContext.fromSparkContext(started),
    )
    SparkSession(context, jvm.SparkSession.getDefaultSession().get().newSession())
