"""Neighbours of movies without ratings, by tags as well as by what genres and year let expect."""

import pytest
from pyspark.sql import DataFrame, SparkSession

from movie_lakehouse.gold.content import with_tags_of_unrated
from movie_lakehouse.gold.similarity import nearest_movies, with_support

K = 2
FACTORS = [(1, [1.0, 0.0]), (2, [0.8, 0.6]), (3, [0.6, 0.8]), (4, [0.0, 1.0]), (5, [1.0, 0.0]), (6, [1.0, 0.0])]


@pytest.fixture
def factors(spark: SparkSession) -> DataFrame:
    """Movies 5 and 6 have no ratings and point where movie 1 does; movie 2 points nearly there, 3 and 4 away."""
    return spark.createDataFrame(FACTORS, "movie_id INT, factors ARRAY<FLOAT>")


@pytest.fixture
def n_ratings(spark: SparkSession) -> DataFrame:
    return spark.createDataFrame([(movie, 75) for movie in (1, 2, 3, 4)], "movie_id INT, n_ratings BIGINT")


def found(factors: DataFrame, n_ratings: DataFrame, tags: list[tuple[int, str]]) -> dict[int, list[tuple[int, float]]]:
    """Each movie's neighbours and similarities, nearest first."""
    spark = factors.sparkSession
    by_factors = nearest_movies(factors, K, n_ratings=n_ratings)
    neighbours = with_tags_of_unrated(
        spark.createDataFrame(by_factors.collect(), by_factors.schema),
        with_support(factors, n_ratings),
        spark.createDataFrame(tags, "movie_id INT, tag STRING"),
        n_ratings,
        K,
    )
    rows = sorted(neighbours.collect(), key=lambda row: (row["movie_id"], row["rank"]))
    return {
        movie: [(row["similar_movie_id"], round(row["similarity"], 4)) for row in rows if row["movie_id"] == movie]
        for movie in range(1, 7)
    }


def test_a_shared_tag_brings_a_movie_nearer_to_one_without_ratings(factors: DataFrame, n_ratings: DataFrame) -> None:
    # Of movie 3's two tags one is shared with movie 5's only one: the cosine is 1 / sqrt(2). Three in four count of
    # the factors' cosine of a movie with 75 ratings.
    lists = found(factors, n_ratings, [(5, "Robots"), (3, "robots"), (3, "sad")])

    assert lists[5] == [(3, round((0.6 * 0.75 + 0.5**0.5) / 2, 4)), (1, 0.375)]


def test_a_movie_without_tags_or_with_ratings_keeps_its_neighbours(factors: DataFrame, n_ratings: DataFrame) -> None:
    without = found(factors, n_ratings, [(99, "robots")])
    tagged = found(factors, n_ratings, [(5, "robots"), (3, "robots"), (4, "robots")])

    assert {movie: tagged[movie] for movie in (1, 2, 3, 4, 6)} == {movie: without[movie] for movie in (1, 2, 3, 4, 6)}
    assert tagged[5] != without[5]


def test_a_tag_that_two_people_gave_counts_once(factors: DataFrame, n_ratings: DataFrame) -> None:
    once = found(factors, n_ratings, [(5, "robots"), (4, "robots")])

    assert found(factors, n_ratings, [(5, "robots"), (5, "Robots"), (4, "robots"), (4, "robots")]) == once
