import numpy as np
import pytest
from chispa import assert_df_equality
from pyspark.sql import DataFrame, SparkSession

from movie_lakehouse.model.ranking.ease import item_weights, likings
from movie_lakehouse.model.ranking.profiles import popular_catalogue, user_likings, user_profiles
from movie_lakehouse.model.ranking.weights import incoming_weights, ranking_weights


def ratings_of(spark: SparkSession, *rows: tuple[int, int, float]) -> DataFrame:
    return spark.createDataFrame(list(rows), "user_id int, movie_id int, rating double")


def users_of(spark: SparkSession, *users: int) -> DataFrame:
    return spark.createDataFrame([(user,) for user in users], "user_id int")


@pytest.fixture
def two_movies(spark: SparkSession) -> DataFrame:
    """Movie 10 is liked by two users and movie 20 by one of them; likings are 1.25, 0.5 and 1."""
    return ratings_of(spark, (1, 10, 5.0), (1, 20, 4.5), (2, 10, 3.5), (2, 20, 2.0))


def test_the_catalogue_holds_the_movies_most_often_given_three_stars_ties_by_number(spark: SparkSession) -> None:
    ratings = ratings_of(spark, (1, 30, 3.0), (2, 30, 4.0), (1, 20, 5.0), (1, 10, 3.5), (1, 5, 2.5), (2, 5, 0.5))
    wanted = spark.createDataFrame([(30, 0), (10, 1)], "movie_id int, position int")
    assert_df_equality(popular_catalogue(ratings, 2), wanted, ignore_nullable=True, ignore_row_order=True)


def test_a_users_likings_stand_at_the_positions_of_the_movies_rated(spark: SparkSession, two_movies: DataFrame) -> None:
    profiles = user_profiles(users_of(spark, 1, 2, 3), two_movies, popular_catalogue(two_movies, 3))
    wanted = spark.createDataFrame(
        [(1, [1.25, 1.0]), (2, [0.5, 0.0]), (3, [0.0, 0.0])], "user_id int, likings array<float>"
    )
    assert_df_equality(user_likings(profiles, 2), wanted, ignore_nullable=True, ignore_row_order=True)


def test_with_two_movies_a_weight_is_their_product_over_the_square_of_the_liked_one(
    spark: SparkSession, two_movies: DataFrame
) -> None:
    catalogue = popular_catalogue(two_movies, 2)
    weights = ranking_weights(catalogue, user_profiles(users_of(spark, 1, 2), two_movies, catalogue), 1.0)
    product, square_of_10, square_of_20 = 1.25 * 1.0, 1.25**2 + 0.5**2, 1.0**2
    rows = {row["movie_id"]: (row["position"], row["weights"]) for row in weights.collect()}
    assert rows == {
        10: (0, pytest.approx([0.0, product / (square_of_10 + 1.0)])),
        20: (1, pytest.approx([product / (square_of_20 + 1.0), 0.0])),
    }


def test_blocks_of_users_add_up_to_the_model_of_all(spark: SparkSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("movie_lakehouse.model.ranking.weights._RATINGS_A_BLOCK", 20)
    stars = np.random.default_rng(5).integers(1, 11, (30, 6)) / 2
    rows = [(user, movie, float(stars[user, movie])) for user in range(30) for movie in range(6)]
    catalogue = spark.createDataFrame([(movie, movie) for movie in range(6)], "movie_id int, position int")
    profiles = user_profiles(users_of(spark, *range(30)), ratings_of(spark, *rows), catalogue)
    found = {row["position"]: row["weights"] for row in ranking_weights(catalogue, profiles, 10.0).collect()}
    liked = likings(stars).astype(float)
    np.testing.assert_allclose([found[at] for at in range(6)], item_weights(liked.T @ liked, 10.0), rtol=1e-5)


def test_what_a_movie_gets_from_others_is_a_column_of_the_weights(spark: SparkSession) -> None:
    weights = spark.createDataFrame(
        [(20, 1, [0.5, 0.0]), (10, 0, [0.0, 0.25])], "movie_id int, position int, weights array<float>"
    )
    wanted = spark.createDataFrame([(10, [0.0, 0.5]), (20, [0.25, 0.0])], "movie_id int, weights array<float>")
    assert_df_equality(incoming_weights(weights, 2), wanted, ignore_nullable=True, ignore_row_order=True)


def test_where_nobody_gave_three_stars_there_is_no_model(spark: SparkSession) -> None:
    ratings = ratings_of(spark, (1, 10, 2.0))
    catalogue = popular_catalogue(ratings, 3)
    profiles = user_profiles(users_of(spark, 1), ratings, catalogue)
    assert ranking_weights(catalogue, profiles, 1.0).isEmpty()
    assert [list(row) for row in user_likings(profiles, 0).collect()] == [[1, []]]
