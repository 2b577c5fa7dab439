"""A query that is given up is stopped, whether it has begun or not."""

import time

import pytest

from movie_lakehouse.errors import QueryError
from movie_lakehouse.query.engine import interruptibly, open_engine

LONG_ENOUGH = "SELECT count(*) FROM range(100000) a, range(100000) b WHERE hash(a, b) = 1"
"""Half a minute's work."""


def test_work_that_is_given_up_before_its_query_begins_is_stopped_all_the_same() -> None:
    connection = open_engine([])

    def late() -> object:
        time.sleep(0.3)
        return connection.execute(LONG_ENOUGH).fetchall()

    began = time.monotonic()
    with pytest.raises(QueryError, match=r"longer than 0\.1 seconds"):
        interruptibly(connection, late, 0.1)
    assert time.monotonic() - began < 5
