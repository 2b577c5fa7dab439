import numpy as np
import pytest
from chispa import assert_df_equality
from pyspark.sql import DataFrame, SparkSession

from movie_lakehouse.errors import TableError
from movie_lakehouse.gold.blocks import BlockBytes
from movie_lakehouse.gold.recommendations import best_movies, with_predicted_ratings

RECOMMENDATIONS = "user_id int, rank int, movie_id int, score double"


def users_of(spark: SparkSession, *rows: tuple[int, float, list[float]]) -> DataFrame:
    return spark.createDataFrame(list(rows), "user_id int, bias float, factors array<float>")


def movies_of(spark: SparkSession, *rows: tuple[int, float, list[float]]) -> DataFrame:
    return spark.createDataFrame(list(rows), "movie_id int, bias float, factors array<float>")


def seen_of(spark: SparkSession, *pairs: tuple[int, int]) -> DataFrame:
    return spark.createDataFrame(list(pairs), "user_id int, movie_id int")


def test_ranks_unseen_movies_by_mean_biases_and_factors(spark: SparkSession) -> None:
    users = users_of(spark, (1, 0.25, [1.0, 0.0]), (2, -0.5, [0.0, 2.0]))
    movies = movies_of(spark, (7, 0.0, [1.0, 0.5]), (8, 0.5, [0.25, 0.0]), (9, -1.0, [2.0, 0.25]))
    found = best_movies(users, movies, seen_of(spark, (1, 9), (2, 8), (2, 1000), (3, 7)), 2, mean=3.5)
    wanted = spark.createDataFrame(
        [
            (1, 1, 7, 3.5 + 0.25 + 0.0 + 1.0),
            (1, 2, 8, 3.5 + 0.25 + 0.5 + 0.25),
            (2, 1, 7, 3.5 - 0.5 + 0.0 + 1.0),
            (2, 2, 9, 3.5 - 0.5 - 1.0 + 0.5),
        ],
        RECOMMENDATIONS,
    )
    assert_df_equality(found, wanted, ignore_row_order=True, ignore_nullable=True)


def test_a_model_without_biases_scores_by_factors_alone(spark: SparkSession) -> None:
    users = users_of(spark, (1, 9.0, [2.0])).drop("bias")
    movies = movies_of(spark, (7, 9.0, [1.5])).drop("bias")
    found = best_movies(users, movies, seen_of(spark), 1)
    assert_df_equality(found, spark.createDataFrame([(1, 1, 7, 3.0)], RECOMMENDATIONS), ignore_nullable=True)


@pytest.mark.parametrize(
    ("movie", "complaint"),
    [
        ((7, 0.0, [1.0, 0.5, 0.25]), "from 2 to 3 factors, which no one model gives"),
        ((7, float("nan"), [1.0, 0.5]), "1 of 1 rows of factors have one, or a bias, that is null, NaN or infinite"),
    ],
    ids=["more factors", "bias"],
)
def test_movies_that_do_not_go_with_the_users_are_refused(
    spark: SparkSession, movie: tuple[int, float, list[float]], complaint: str
) -> None:
    users = users_of(spark, (1, 0.25, [1.0, 0.0]))
    with pytest.raises(TableError, match=complaint):
        best_movies(users, movies_of(spark, movie), seen_of(spark), 2)


@pytest.fixture(scope="module")
def tied(spark: SparkSession) -> dict[int, list[tuple[int, int, float]]]:
    """Each user's ranks, movies and scores, of three movies that are all alike; user 2 has seen two of them."""
    users = users_of(spark, (1, 0.0, [1.0]), (2, 0.0, [1.0]))
    movies = movies_of(spark, *((movie, 0.0, [1.0]) for movie in (30, 10, 20)))
    rows = best_movies(users, movies, seen_of(spark, (2, 10), (2, 30)), 3).collect()
    return {
        user: sorted((row["rank"], row["movie_id"], row["score"]) for row in rows if row["user_id"] == user)
        for user in (1, 2)
    }


def test_tied_movies_come_by_number(tied: dict[int, list[tuple[int, int, float]]]) -> None:
    assert tied[1] == [(1, 10, 1.0), (2, 20, 1.0), (3, 30, 1.0)]


def test_a_user_who_has_seen_nearly_everything_gets_the_rest(tied: dict[int, list[tuple[int, int, float]]]) -> None:
    assert tied[2] == [(1, 20, 1.0)]


@pytest.mark.parametrize(("query_bytes", "item_bytes"), [(2**20, 2**20), (64, 2**20), (200, 150)])
def test_blocks_of_any_size_give_what_sorting_every_score_gives(
    spark: SparkSession, query_bytes: int, item_bytes: int
) -> None:
    rng = np.random.default_rng(11)
    user_factors, movie_factors = rng.integers(-3, 4, (20, 3)), rng.integers(-3, 4, (30, 3))
    has_seen = rng.random((20, 30)) < 0.4
    scores = np.where(has_seen, -np.inf, user_factors @ movie_factors.T)
    wanted = [
        (user, place + 1, int(movie), float(scores[user, movie]))
        for user in range(20)
        for place, movie in enumerate(np.argsort(-scores[user], kind="stable")[:5])
    ]
    found = best_movies(
        users_of(spark, *((user, 0.0, row) for user, row in enumerate(user_factors.astype(float).tolist()))),
        movies_of(spark, *((movie, 0.0, row) for movie, row in enumerate(movie_factors.astype(float).tolist()))),
        seen_of(spark, *((int(user), int(movie)) for user, movie in np.argwhere(has_seen))),
        5,
        block_bytes=BlockBytes(query_bytes, item_bytes),
    )
    assert_df_equality(
        found, spark.createDataFrame(wanted, RECOMMENDATIONS), ignore_row_order=True, ignore_nullable=True
    )


def test_the_predicted_rating_stands_beside_each_row_within_the_scale(spark: SparkSession) -> None:
    users = users_of(spark, (1, 0.25, [1.0, 2.0]), (2, -0.5, [0.0, 0.0]))
    movies = movies_of(spark, (7, 0.5, [0.25, -0.5]), (8, 0.0, [0.0, 3.0]), (9, -4.0, [0.0, 0.0]))
    lists = spark.createDataFrame([(1, 7), (1, 8), (2, 9)], "user_id int, movie_id int")
    wanted = spark.createDataFrame(
        [(1, 7, 3.0 + 0.25 + 0.5 + 0.25 - 1.0), (1, 8, 5.0), (2, 9, 0.5)],
        "user_id int, movie_id int, predicted_rating double",
    )
    found = with_predicted_ratings(lists, users, movies, mean=3.0)
    assert_df_equality(found, wanted, ignore_row_order=True, ignore_nullable=True)


def test_there_is_no_predicted_rating_where_the_model_lacks_the_user_or_the_movie(spark: SparkSession) -> None:
    lists = spark.createDataFrame([(1, 9), (2, 7)], "user_id int, movie_id int")
    found = with_predicted_ratings(lists, users_of(spark, (1, 0.0, [1.0])), movies_of(spark, (7, 0.0, [1.0])))
    assert [row["predicted_rating"] for row in found.collect()] == [None, None]
