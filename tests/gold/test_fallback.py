import pytest
from chispa import assert_df_equality
from pyspark.sql import DataFrame, SparkSession

from movie_lakehouse.gold.fallback import fill_with_popular

FILLED = "user_id int, rank int, movie_id int, score double, source string"


@pytest.fixture
def popularity(spark: SparkSession) -> DataFrame:
    """Movie 30 is the most popular, then 10, 20, 40."""
    rows = [(30, 4.5, 1), (10, 4.25, 2), (20, 4.0, 3), (40, 3.5, 4)]
    return spark.createDataFrame(rows, "movie_id int, weighted_rating double, rank int")


def model_of(spark: SparkSession, *rows: tuple[int, int, int, float]) -> DataFrame:
    return spark.createDataFrame(list(rows), "user_id int, rank int, movie_id int, score double")


def users_of(spark: SparkSession, *users: int) -> DataFrame:
    return spark.createDataFrame([(user,) for user in users], "user_id int")


def seen_of(spark: SparkSession, *pairs: tuple[int, int]) -> DataFrame:
    return spark.createDataFrame(list(pairs), "user_id int, movie_id int")


def assert_filled(found: DataFrame, *rows: tuple[int, int, int, float, str]) -> None:
    wanted = found.sparkSession.createDataFrame(list(rows), FILLED)
    assert_df_equality(found, wanted, ignore_row_order=True, ignore_nullable=True)


def test_full_lists_stay_as_the_model_made_them(spark: SparkSession, popularity: DataFrame) -> None:
    model = model_of(spark, (1, 1, 40, 4.9), (1, 2, 20, 4.8))
    found = fill_with_popular(model, users_of(spark, 1), popularity, seen_of(spark), 2, source="ranking")
    assert_filled(found, (1, 1, 40, 4.9, "ranking"), (1, 2, 20, 4.8, "ranking"))


def test_a_user_whom_the_model_does_not_know_gets_the_most_popular_unseen_movies(
    spark: SparkSession, popularity: DataFrame
) -> None:
    found = fill_with_popular(
        model_of(spark), users_of(spark, 7), popularity, seen_of(spark, (7, 10), (8, 30)), 2, source="rating"
    )
    assert_filled(found, (7, 1, 30, 4.5, "popularity"), (7, 2, 20, 4.0, "popularity"))


def test_popular_movies_follow_the_model_s_and_repeat_none_of_them(spark: SparkSession, popularity: DataFrame) -> None:
    model = model_of(spark, (1, 1, 30, 3.25))
    found = fill_with_popular(model, users_of(spark, 1), popularity, seen_of(spark, (1, 20)), 3, source="rating")
    assert_filled(found, (1, 1, 30, 3.25, "rating"), (1, 2, 10, 4.25, "popularity"), (1, 3, 40, 3.5, "popularity"))


def test_a_user_who_has_seen_nearly_everything_gets_what_is_left(spark: SparkSession, popularity: DataFrame) -> None:
    seen = seen_of(spark, (1, 30), (1, 10), (1, 20))
    found = fill_with_popular(model_of(spark), users_of(spark, 1), popularity, seen, 3, source="rating")
    assert_filled(found, (1, 1, 40, 3.5, "popularity"))
