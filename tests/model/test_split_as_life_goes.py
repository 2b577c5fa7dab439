"""The cut-off as life goes: what may be known when a rating is to be predicted."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from movie_lakehouse.model.biases import fit_biases
from movie_lakehouse.model.split import as_life_goes

TIMED = "user_id INT, movie_id INT, at INT"
Rated = list[tuple[int, int, int]]

ratings = st.lists(
    st.tuples(st.integers(1, 4), st.integers(1, 30), st.integers(0, 20)),
    min_size=1,
    max_size=30,
    unique_by=lambda row: row[:2],
)


def parts_of(spark: SparkSession, rows: Rated, fraction: float = 0.2) -> tuple[Rated, Rated, Rated]:
    """Training part, profiles and held-out part, asked for in one query."""
    timed = spark.createDataFrame(rows, TIMED).withColumn("rated_at", F.timestamp_seconds("at"))
    named = [part.withColumn("part", F.lit(at)) for at, part in enumerate(as_life_goes(timed, fraction))]
    found = named[0].unionByName(named[1]).unionByName(named[2]).collect()
    train, profiles, held_out = (
        sorted((row["user_id"], row["movie_id"], row["at"]) for row in found if row["part"] == at) for at in range(3)
    )
    return train, profiles, held_out


@pytest.mark.slow  # each example is a question to Spark
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ratings)
def test_whatever_the_ratings_each_is_in_one_part_and_nothing_known_lies_in_the_future(
    spark: SparkSession, rows: Rated
) -> None:
    train, profiles, held_out = parts_of(spark, rows)

    assert Counter(train + profiles + held_out) == Counter(rows)
    later = profiles + held_out
    assert max((at for *_, at in train), default=-1) < min((at for *_, at in later), default=21)
    for user in {user for user, *_ in later}:
        own = [at for who, _, at in held_out if who == user]
        assert own, "whoever rates after the cut-off is predicted"
        assert all(at <= min(own) for who, _, at in profiles if who == user)


def test_a_newcomers_first_ratings_are_the_profile_and_the_last_fifth_is_predicted(spark: SparkSession) -> None:
    rows = [(1, movie, movie) for movie in range(1, 41)] + [(2, movie, 100 + movie) for movie in range(1, 11)]

    train, profiles, held_out = parts_of(spark, rows)

    assert {user for user, *_ in train} == {1}
    assert profiles == [(2, movie, 100 + movie) for movie in range(1, 9)]
    assert held_out == [(2, 9, 109), (2, 10, 110)]


def test_a_known_users_profile_starts_after_the_cut_off(spark: SparkSession) -> None:
    train, profiles, held_out = parts_of(spark, [(1, movie, movie) for movie in range(1, 51)])

    assert (len(train), len(profiles), len(held_out)) == (40, 8, 2)


def test_biases_of_newcomers_come_from_what_the_movies_leave(spark: SparkSession) -> None:
    form = "user_id INT, movie_id INT, rating DOUBLE"
    biases = fit_biases(spark.createDataFrame([(1, 10, 4.0), (2, 10, 4.0), (2, 11, 1.0)], form))

    newcomers: DataFrame = biases.with_users_of(spark.createDataFrame([(3, 10, 5.0), (3, 99, 5.0)], form), 5.0).users

    # The mean is 3 and movie 10 has a bias of 2 / (2 + 3); nothing is known of movie 99.
    assert dict(newcomers.collect()) == pytest.approx({3: ((2 - 0.4) + 2) / (2 + 5)})
