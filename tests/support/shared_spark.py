"""One Spark for all processes of a test run: it is started once, and what one of them has made it learn serves all."""

import os

import pytest
from pyspark import SparkConf, SparkContext
from pyspark.java_gateway import launch_gateway
from pyspark.sql import SparkSession

from movie_lakehouse.lakehouse import session
from movie_lakehouse.lakehouse.spark_settings import settings_for

SHARED = "MOVIE_LAKEHOUSE_TESTS_SPARK"
"""The variable that tells processes where the run's Spark is: its port and its secret."""

OPTIONS = {"spark.driver.defaultJavaOptions": "-XX:ReservedCodeCacheSize=512m"}
"""It compiles in full what is asked for minutes, other than the tests' other Sparks do."""


def share_spark(cores: int) -> None:
    """Start a Spark for processes that this one will start: each of its questions takes one of so many cores."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(session, "settings_for", lambda _, scratch: settings_for("local[1]", scratch) | OPTIONS)
        patched.setenv("SPARK_MASTER", f"local[{cores}]")
        gateway = session.started_session().sparkContext._gateway
    assert gateway is not None
    os.environ[SHARED] = f"{gateway.gateway_parameters.port} {gateway.gateway_parameters.auth_token}"


def join_shared_spark() -> None:
    """Let this process's session be one of the run's Spark, as a notebook's is of its cluster's.

    It has views and settings of its own, and it is what whoever builds a session here will get.
    """
    port, secret = os.environ[SHARED].split()
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
