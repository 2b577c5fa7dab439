from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from chispa import assert_df_equality
from pyspark.sql import DataFrame, SparkSession

from movie_lakehouse.gold.summaries import dataset_summary, genre_summary, movie_popularity, movies_by_genre
from movie_lakehouse.lakehouse.contract import Table
from movie_lakehouse.lakehouse.tables import gold, silver

FIRST, LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=UTC)
HEAT, TOY_STORY, GHOST = (6, "Heat (1995)"), (1, "Toy Story (1995)"), (9, "Ghost")


def frame_of(spark: SparkSession, table: Table, rows: Sequence[tuple[object, ...]]) -> DataFrame:
    return spark.createDataFrame(rows, ", ".join(f"{column.name} {column.type}" for column in table.columns))


@pytest.fixture(scope="module")
def movies(spark: SparkSession) -> DataFrame:
    rows = [
        (*HEAT, 1995, ["Crime"], False),
        (*TOY_STORY, 1995, ["Comedy", "Crime"], False),
        (*GHOST, None, ["Noir"], True),
    ]
    return frame_of(spark, silver.MOVIES, rows)


@pytest.fixture(scope="module")
def movie_genres(spark: SparkSession) -> DataFrame:
    return frame_of(spark, silver.MOVIE_GENRES, [(6, "Crime"), (1, "Comedy"), (1, "Crime"), (9, "Noir")])


@pytest.fixture(scope="module")
def ratings(spark: SparkSession) -> DataFrame:
    return frame_of(spark, silver.RATINGS, [(1, 6, 5.0, LAST), (2, 6, 3.0, FIRST), (2, 1, 4.0, LAST)])


def assert_table(found: DataFrame, table: Table, rows: Sequence[tuple[object, ...]]) -> None:
    wanted = frame_of(found.sparkSession, table, rows)
    assert found.columns == table.column_names
    assert_df_equality(table.conform(found), wanted, ignore_row_order=True, ignore_nullable=True)


def test_the_data_set_is_counted_in_one_row(spark: SparkSession, movies: DataFrame, ratings: DataFrame) -> None:
    tags = frame_of(spark, silver.TAGS, [(1, 6, "slow", LAST), (1, 6, "long", LAST)])
    found = dataset_summary(movies, ratings, tags)
    assert_table(found, gold.DATASET_SUMMARY, [(2, 3, 3, 2, 1, 3 / (2 * 2), FIRST, LAST)])


def test_a_data_set_without_ratings_is_not_dense(spark: SparkSession, movies: DataFrame, ratings: DataFrame) -> None:
    tags = frame_of(spark, silver.TAGS, [])
    found = dataset_summary(movies.withColumn("is_unrated", movies.movie_id > 0), ratings.where("false"), tags)
    assert_table(found, gold.DATASET_SUMMARY, [(0, 3, 0, 0, 3, 0.0, None, None)])


def test_genres_count_their_movies_and_ratings(spark: SparkSession, movies: DataFrame, movie_genres: DataFrame) -> None:
    rows = [
        (1, 6, "Crime", 5.0, LAST),
        (2, 6, "Crime", 3.0, LAST),
        (2, 1, "Comedy", 4.5, LAST),
        (2, 1, "Crime", 4.5, LAST),
    ]
    rating_genres = frame_of(spark, silver.RATING_GENRES, rows)
    wanted = [("Crime", 2, 0, 3, 12.5 / 3), ("Comedy", 1, 0, 1, 4.5), ("Noir", 1, 1, 0, None)]
    assert_table(genre_summary(movies, movie_genres, rating_genres), gold.GENRE_SUMMARY, wanted)


def test_genres_list_their_movies_by_number(movies: DataFrame, movie_genres: DataFrame) -> None:
    rows = [(row["genre"], row["movies"]) for row in movies_by_genre(movies, movie_genres).sort("genre").collect()]
    assert rows == [("Comedy", [TOY_STORY]), ("Crime", [TOY_STORY, HEAT]), ("Noir", [GHOST])]


def test_popularity_shrinks_means_towards_the_overall_mean(movies: DataFrame, ratings: DataFrame) -> None:
    # The overall mean of 5, 3 and 4 is 4, and every movie starts with ten ratings of that.
    wanted = [
        (6, HEAT[1], 2, 4.0, (5.0 + 3.0 + 40.0) / 12, 2),
        (1, TOY_STORY[1], 1, 4.0, (4.0 + 40.0) / 11, 1),
        (9, GHOST[1], 0, None, 4.0, 3),
    ]
    assert_table(movie_popularity(movies, ratings), gold.MOVIE_POPULARITY, wanted)


def test_popularity_ranks_by_likes_then_weighted_rating_then_number(spark: SparkSession) -> None:
    movies = frame_of(spark, silver.MOVIES, [(i, f"Movie {i}", None, [], False) for i in (1, 2, 3, 4, 5)])
    stars = {5: [4.0, 4.0, 0.5], 4: [5.0], 3: [4.0], 2: [4.0], 1: [3.5, 3.5, 3.5, 3.5]}
    rows = [(user, movie, given, LAST) for movie, all_given in stars.items() for user, given in enumerate(all_given)]
    found = movie_popularity(movies, frame_of(spark, silver.RATINGS, rows)).sort("rank")
    assert [(row["rank"], row["movie_id"]) for row in found.collect()] == [(1, 5), (2, 4), (3, 2), (4, 3), (5, 1)]
