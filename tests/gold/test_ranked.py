"""Three movies: 1 and 2 are liked by the same people, 3 is one that hardly anybody has rated, but highly."""

import numpy as np
import pytest
from chispa import assert_df_equality
from pyspark.sql import DataFrame, SparkSession

from movie_lakehouse.gold.ranked import best_ranked_movies
from movie_lakehouse.gold.recommendations import best_movies
from movie_lakehouse.lakehouse.materialise import short

RANKED = "user_id int, rank int, movie_id int, score double"
WEIGHT = 0.125
USERS = "user_id int, bias float, factors array<float>, likings binary"
MOVIES = "movie_id int, bias float, factors array<float>, incoming binary"


def numbers(*values: float) -> bytearray:
    """Float32 numbers as a binary column holds them."""
    return bytearray(np.array(values, np.float32).tobytes())


@pytest.fixture(scope="module")
def users(spark: SparkSession) -> DataFrame:
    """Users 7 and 9 liked movie 1; users 8 and 10 liked nothing."""
    liked, nothing = numbers(1.0, 0.0), numbers(0.0, 0.0)
    rows = [(7, 0.5, [1.0], liked), (8, 0.0, [1.0], nothing), (9, 0.5, [1.0], liked), (10, 0.0, [1.0], nothing)]
    return spark.createDataFrame(rows, USERS)


@pytest.fixture(scope="module")
def movies(spark: SparkSession) -> DataFrame:
    """Who liked movie 1 gets 0.5 for movie 2; movie 3 is outside the catalogue and has the highest rating."""
    rows = [(1, 0.0, [0.5], numbers(0.0, 0.25)), (2, 0.0, [0.0], numbers(0.5, 0.0)), (3, 0.0, [1.0], None)]
    return spark.createDataFrame(rows, MOVIES)


def seen_of(spark: SparkSession, *pairs: tuple[int, int]) -> DataFrame:
    return spark.createDataFrame(list(pairs), "user_id int, movie_id int")


def ranked(users: DataFrame, movies: DataFrame, seen: DataFrame, k: int) -> DataFrame:
    likings, others = users.select("user_id", "likings"), users.drop("likings")
    return best_ranked_movies(others, likings, movies, seen, k, rating_weight=WEIGHT, mean=3.0)


@pytest.fixture(scope="module")
def lists(spark: SparkSession, users: DataFrame, movies: DataFrame) -> DataFrame:
    """The two best movies of each user; users 9 and 10 have seen two of the three."""
    return short(ranked(users, movies, seen_of(spark, (7, 1), (9, 1), (9, 3), (10, 2), (10, 3)), 2))


def test_the_score_is_what_liked_movies_add_and_a_share_of_the_predicted_rating(
    spark: SparkSession, lists: DataFrame
) -> None:
    wanted = [
        (7, 1, 2, 0.5 + WEIGHT * (3.0 + 0.5)),
        (7, 2, 3, WEIGHT * (3.0 + 0.5 + 1.0)),
        (8, 1, 3, WEIGHT * (3.0 + 1.0)),
        (8, 2, 1, WEIGHT * (3.0 + 0.5)),
    ]
    assert_df_equality(
        lists.where("user_id <= 8"),
        spark.createDataFrame(wanted, RANKED),
        ignore_row_order=True,
        ignore_nullable=True,
    )


def test_a_movie_liked_by_the_same_people_comes_before_an_obscure_one_of_higher_rating(
    spark: SparkSession, users: DataFrame, movies: DataFrame, lists: DataFrame
) -> None:
    by_rating = best_movies(users.where("user_id = 7"), movies, seen_of(spark, (7, 1)), 1, mean=3.0)
    by_ranking = lists.where("user_id = 7 AND rank = 1")
    assert (by_rating.first()["movie_id"], by_ranking.first()["movie_id"]) == (3, 2)


def test_nothing_seen_is_recommended_within_the_catalogue_or_outside(lists: DataFrame) -> None:
    found = lists.where("user_id >= 9").collect()
    assert sorted((row["user_id"], row["movie_id"]) for row in found) == [(9, 2), (10, 1)]


def test_ties_come_by_number_across_the_catalogues_border(spark: SparkSession, users: DataFrame) -> None:
    rows = [(30, 0.0, [1.0], numbers(0.0, 0.0)), (20, 0.0, [1.0], None), (10, 0.0, [1.0], numbers(0.0, 0.0))]
    movies = spark.createDataFrame(rows, MOVIES)
    found = ranked(users.where("user_id = 8"), movies, seen_of(spark), 3)
    assert [row["movie_id"] for row in found.sort("rank").collect()] == [10, 20, 30]


def test_without_a_catalogue_the_predicted_rating_decides(
    spark: SparkSession, users: DataFrame, movies: DataFrame
) -> None:
    no_likings = users.selectExpr("user_id", "bias", "factors", "binary('') AS likings")
    nothing_incoming = movies.selectExpr("movie_id", "bias", "factors", "cast(NULL as binary) AS incoming")
    found = ranked(no_likings, nothing_incoming, seen_of(spark), 3).where("user_id = 7")
    assert [row["movie_id"] for row in found.sort("rank").collect()] == [3, 1, 2]
