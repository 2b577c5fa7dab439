import pytest
from chispa import assert_df_equality
from pyspark.sql import DataFrame, SparkSession

from movie_lakehouse.gold.fallback import fill_with_popular
from movie_lakehouse.lakehouse.materialise import short

FULL, UNKNOWN, HALF, LAST = 1, 2, 3, 4
"""Users: with a list of the model, unknown to it, with one movie of it, and with one movie left to see."""
# The most popular first; lists are three long.
POPULARITY = [(30, 4.5, 1), (10, 4.25, 2), (20, 4.0, 3), (40, 3.5, 4), (50, 3.25, 5)]
MODEL = [(FULL, 1, 40, 4.9), (FULL, 2, 20, 4.8), (FULL, 3, 50, 4.7), (HALF, 1, 30, 3.25)]
SEEN = [(UNKNOWN, 10), (HALF, 20), (LAST, 30), (LAST, 10), (LAST, 20), (LAST, 50), (99, 30)]


@pytest.fixture(scope="module")
def filled(spark: SparkSession) -> DataFrame:
    """The lists of all four users."""
    found = fill_with_popular(
        spark.createDataFrame(MODEL, "user_id int, rank int, movie_id int, score double"),
        spark.createDataFrame([(FULL,), (UNKNOWN,), (HALF,), (LAST,)], "user_id int"),
        spark.createDataFrame(POPULARITY, "movie_id int, weighted_rating double, rank int"),
        spark.createDataFrame(SEEN, "user_id int, movie_id int"),
        3,
        source="ranking",
    )
    return short(found)


def assert_list(filled: DataFrame, user: int, *rows: tuple[int, int, float, str]) -> None:
    form = "user_id int, rank int, movie_id int, score double, source string"
    wanted = filled.sparkSession.createDataFrame([(user, *row) for row in rows], form)
    assert_df_equality(filled.where(filled.user_id == user), wanted, ignore_row_order=True, ignore_nullable=True)


def test_full_lists_stay_as_the_model_made_them(filled: DataFrame) -> None:
    assert_list(filled, FULL, (1, 40, 4.9, "ranking"), (2, 20, 4.8, "ranking"), (3, 50, 4.7, "ranking"))


def test_a_user_whom_the_model_does_not_know_gets_the_most_popular_unseen_movies(filled: DataFrame) -> None:
    assert_list(filled, UNKNOWN, (1, 30, 4.5, "popularity"), (2, 20, 4.0, "popularity"), (3, 40, 3.5, "popularity"))


def test_popular_movies_follow_the_model_s_and_repeat_none_of_them(filled: DataFrame) -> None:
    assert_list(filled, HALF, (1, 30, 3.25, "ranking"), (2, 10, 4.25, "popularity"), (3, 40, 3.5, "popularity"))


def test_a_user_who_has_seen_nearly_everything_gets_what_is_left(filled: DataFrame) -> None:
    assert_list(filled, LAST, (1, 40, 3.5, "popularity"))
