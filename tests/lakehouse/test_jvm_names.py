from collections.abc import Iterator

import pytest
from py4j.java_gateway import GatewayClient
from pyspark.sql import Column, SparkSession
from pyspark.sql import functions as F

from movie_lakehouse.lakehouse.jvm_names import KnownClass

pytestmark = pytest.mark.classic
ASKS_FOR_A_NAME = "r\n"


@pytest.fixture
def asked(spark: SparkSession) -> Iterator[list[str]]:
    """The names that the JVM is asked for while a test runs."""
    names: list[str] = []
    send = GatewayClient.send_command

    def noted(client: GatewayClient, command: str, *how: bool) -> object:
        if command.startswith(ASKS_FOR_A_NAME):
            names.append(command)
        return send(client, command, *how)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(GatewayClient, "send_command", noted)
        yield names


def genre_or_none() -> Column:
    return F.when(F.col("genre") != "", F.trim("genre")).otherwise(F.lit(None))


def test_what_a_function_is_is_asked_once(asked: list[str]) -> None:
    genre_or_none()
    asked.clear()

    genre_or_none()

    assert asked == []


def test_a_field_is_asked_for_each_time_since_it_may_change(spark: SparkSession, asked: list[str]) -> None:
    known = KnownClass("java.lang.Byte", spark._jvm._gateway_client)

    assert [known.MAX_VALUE, known.MAX_VALUE] == [127, 127]
    assert len(asked) == 2
