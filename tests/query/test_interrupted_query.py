"""A query that is given up is stopped, whether it has begun or not."""

import time
from concurrent.futures import ThreadPoolExecutor

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


def test_a_query_that_is_given_up_stops_no_other_of_the_same_engine() -> None:
    given_up, other = open_engine([]), open_engine([])

    def counted() -> object:
        return other.execute("SELECT count(*) FROM range(20000) a, range(20000) b WHERE hash(a, b) <> 1").fetchall()

    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(counted)
        with pytest.raises(QueryError, match=r"longer than 0\.2 seconds"):
            interruptibly(given_up, lambda: given_up.execute(LONG_ENOUGH).fetchall(), 0.2)
    assert answer.result() == [(400_000_000,)]
