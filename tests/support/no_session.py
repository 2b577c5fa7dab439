from pyspark.sql import SparkSession


def no_session() -> SparkSession:
    """The session of what needs none."""
    raise AssertionError("the session was opened")
