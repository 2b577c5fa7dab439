"""Neighbours of movies without ratings, by tags as well as by what genres and year let expect."""

import pytest
from pyspark.sql import DataFrame, Row, SparkSession
from pyspark.sql import functions as F

from movie_lakehouse.gold.content import with_tags_of_unrated
from movie_lakehouse.gold.similarity import nearest_movies, with_support
from movie_lakehouse.lakehouse.materialise import short

K = 2
# Movies 5 and 6 have no ratings and point where movie 1 does; movie 2 points nearly there, 3 and 4 away.
FACTORS = [(1, [1.0, 0.0]), (2, [0.8, 0.6]), (3, [0.6, 0.8]), (4, [0.0, 1.0]), (5, [1.0, 0.0]), (6, [1.0, 0.0])]
N_RATINGS = [(movie, 75) for movie in (1, 2, 3, 4)]
TAGS = {
    "of no movie": [(99, "robots")],
    "one of two shared": [(5, "Robots"), (3, "robots"), (3, "sad")],
    "of three movies": [(5, "robots"), (3, "robots"), (4, "robots")],
    "given once": [(5, "robots"), (4, "robots")],
    "given twice": [(5, "robots"), (5, "Robots"), (4, "robots"), (4, "robots")],
}
AT = {name: 100 * number for number, name in enumerate(TAGS)}
Lists = dict[int, list[tuple[int, float]]]


def in_each_case(frame: DataFrame, *numbers: str) -> DataFrame:
    """The rows once for each of the tags, the movies' numbers counted from AT."""
    starts = F.explode(F.array(*map(F.lit, AT.values())))
    moved = {number: F.col(number) + F.col("at") for number in numbers}
    return frame.withColumn("at", starts).withColumns(moved).drop("at")


@pytest.fixture(scope="module")
def found(spark: SparkSession) -> dict[str, Lists]:
    """With each of the tags, every movie's neighbours and similarities, nearest first.

    All are found at once: each of the tags has movies and words of its own.
    """
    factors = spark.createDataFrame(FACTORS, "movie_id INT, factors ARRAY<FLOAT>")
    n_ratings = spark.createDataFrame(N_RATINGS, "movie_id INT, n_ratings BIGINT")
    nearest = short(nearest_movies(factors, K, n_ratings=n_ratings))
    tags = [(AT[case] + movie, f"{case}: {tag}") for case, given in TAGS.items() for movie, tag in given]
    neighbours = with_tags_of_unrated(
        in_each_case(nearest, "movie_id", "similar_movie_id"),
        in_each_case(with_support(factors, n_ratings), "movie_id"),
        spark.createDataFrame(tags, "movie_id INT, tag STRING"),
        in_each_case(n_ratings, "movie_id"),
        K,
    )
    rows = sorted(neighbours.collect(), key=lambda row: row["rank"])
    return {case: {movie: near(rows, AT[case], movie) for movie, _ in FACTORS} for case in TAGS}


def near(rows: list[Row], at: int, movie: int) -> list[tuple[int, float]]:
    """A movie's neighbours and similarities, numbers counted from where the case's movies begin."""
    own = [row for row in rows if row["movie_id"] == at + movie]
    return [(row["similar_movie_id"] - at, round(row["similarity"], 4)) for row in own]


def test_a_shared_tag_brings_a_movie_nearer_to_one_without_ratings(found: dict[str, Lists]) -> None:
    # Of movie 3's two tags one is shared with movie 5's only one: the cosine is 1 / sqrt(2). Three in four count of
    # the factors' cosine of a movie with 75 ratings.
    lists = found["one of two shared"]

    assert lists[5] == [(3, round((0.6 * 0.75 + 0.5**0.5) / 2, 4)), (1, 0.375)]


def test_a_movie_without_tags_or_with_ratings_keeps_its_neighbours(found: dict[str, Lists]) -> None:
    without, tagged = found["of no movie"], found["of three movies"]

    assert {movie: tagged[movie] for movie in (1, 2, 3, 4, 6)} == {movie: without[movie] for movie in (1, 2, 3, 4, 6)}
    assert tagged[5] != without[5]


def test_a_tag_that_two_people_gave_counts_once(found: dict[str, Lists]) -> None:
    assert found["given twice"] == found["given once"]
