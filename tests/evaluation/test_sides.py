import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from movie_lakehouse.errors import TaskError
from movie_lakehouse.evaluation.sides import CUT_OFF, RANDOM, Sides, deciding_sides
from movie_lakehouse.lakehouse.materialise import holding

RATED = "user_id INT, movie_id INT, rating DOUBLE"


def pairs(frame: DataFrame) -> list[tuple[int, int]]:
    return sorted((row["user_id"], row["movie_id"]) for row in frame.collect())


def test_a_profile_is_known_of_its_own_user_and_nothing_that_models_are_fitted_to(spark: SparkSession) -> None:
    train = spark.createDataFrame([(1, 10, 4.0), (2, 10, 3.0)], RATED)
    profiles = spark.createDataFrame([(2, 11, 5.0), (3, 10, 1.0), (3, 12, 2.0)], RATED)
    held_out = spark.createDataFrame([(2, 13, 5.0), (3, 13, 1.0)], RATED)

    sides = Sides.of(train, held_out, profiles)

    assert pairs(sides.train) == [(1, 10), (2, 10)]
    assert pairs(sides.history) == [(2, 10), (2, 11), (3, 10), (3, 12)]


def test_without_profiles_what_models_are_fitted_to_is_all_that_is_known(spark: SparkSession) -> None:
    train = spark.createDataFrame([(1, 10, 4.0)], RATED)

    sides = Sides.of(train, spark.createDataFrame([(1, 11, 4.0)], RATED))

    assert pairs(sides.history) == [(1, 10)]
    assert not sides.has_profiles


TIMED = "user_id INT, movie_id INT, rating DOUBLE, at INT"


def timed(spark: SparkSession, rows: list[tuple[int, int, float, int]]) -> DataFrame:
    return spark.createDataFrame(rows, TIMED).withColumn("rated_at", F.timestamp_seconds("at"))


def test_the_cut_off_decides_where_thirty_users_rated_after_it(spark: SparkSession) -> None:
    # Users 1 to 120 rate two movies each, one user after another: the newest fifth is that of 24 users, or of 30.
    for n_users, expected in ((120, RANDOM), (150, CUT_OFF)):
        rows = [(user, movie, 4.0, 10 * user + movie) for user in range(1, n_users + 1) for movie in (1, 2)]
        with holding() as hold:
            split, sides = deciding_sides(timed(spark, rows), 0.2, 1, hold)
            assert (split, sides.has_profiles) == (expected, expected == CUT_OFF)


@pytest.mark.parametrize("n_ratings", [0, 1])
def test_too_few_ratings_for_any_split_are_refused_in_a_line(spark: SparkSession, n_ratings: int) -> None:
    with holding() as hold, pytest.raises(TaskError, match="leaves one side without any"):
        deciding_sides(timed(spark, [(1, 1, 4.0, 7)][:n_ratings]), 0.2, 1, hold)


def test_ratings_that_are_all_of_one_time_are_split_at_random(spark: SparkSession) -> None:
    rows = [(user, movie, 4.0, 7) for user in range(1, 51) for movie in range(1, 5)]
    with holding() as hold:
        split, sides = deciding_sides(timed(spark, rows), 0.2, 1, hold)

        assert split == RANDOM
        assert sorted(pairs(sides.train) + pairs(sides.held_out)) == sorted(row[:2] for row in rows)
        assert sides.held_out.count() > 0
