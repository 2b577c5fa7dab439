import numpy as np
import pytest
from chispa import assert_df_equality
from pyspark.sql import DataFrame, SparkSession

from movie_lakehouse.lakehouse.materialise import holding
from movie_lakehouse.model.ranking.ease import item_weights, likings
from movie_lakehouse.model.ranking.profiles import popular_catalogue, user_likings, user_profiles
from movie_lakehouse.model.ranking.weights import fit_ranking_model


def ratings_of(spark: SparkSession, *rows: tuple[int, int, float]) -> DataFrame:
    return spark.createDataFrame(list(rows), "user_id int, movie_id int, rating double")


@pytest.fixture
def two_movies(spark: SparkSession) -> DataFrame:
    """Movie 10 is liked by two users and movie 20 by one of them; likings are 1.25, 0.5 and 1."""
    return ratings_of(spark, (1, 10, 5.0), (1, 20, 4.5), (2, 10, 3.5), (2, 20, 2.0))


def test_the_catalogue_holds_the_movies_most_often_given_three_stars_ties_by_number(spark: SparkSession) -> None:
    ratings = ratings_of(spark, (1, 30, 3.0), (2, 30, 4.0), (1, 20, 5.0), (1, 10, 3.5), (1, 5, 2.5), (2, 5, 0.5))
    wanted = spark.createDataFrame([(30, 0), (10, 1)], "movie_id int, position int")
    assert_df_equality(popular_catalogue(ratings, 2), wanted, ignore_nullable=True, ignore_row_order=True)


def numbers_of(frame: DataFrame, by: str, column: str) -> dict[int, list[float]]:
    """The float32 numbers that a binary column holds, by another column."""
    return {row[by]: np.frombuffer(row[column], np.float32).tolist() for row in frame.collect()}


def test_a_users_likings_stand_at_the_positions_of_the_movies_rated(spark: SparkSession, two_movies: DataFrame) -> None:
    with_a_stranger = two_movies.unionByName(ratings_of(spark, (3, 30, 5.0)))
    profiles = user_profiles(with_a_stranger, popular_catalogue(two_movies, 3))
    found = numbers_of(user_likings(profiles, 2), "user_id", "likings")
    assert found == {1: [1.25, 1.0], 2: [0.5, 0.0], 3: [0.0, 0.0]}


def test_with_two_movies_a_weight_is_their_product_over_the_square_of_the_liked_one(two_movies: DataFrame) -> None:
    with holding() as hold:
        weights = fit_ranking_model(two_movies, hold, max_movies=2, regularisation=1.0).weights_table().collect()
    product, square_of_10, square_of_20 = 1.25 * 1.0, 1.25**2 + 0.5**2, 1.0**2
    assert {row["movie_id"]: (row["position"], row["weights"]) for row in weights} == {
        10: (0, pytest.approx([0.0, product / (square_of_10 + 1.0)])),
        20: (1, pytest.approx([product / (square_of_20 + 1.0), 0.0])),
    }


def test_blocks_of_users_add_up_to_the_model_of_all(spark: SparkSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("movie_lakehouse.model.ranking.weights._RATINGS_A_BLOCK", 20)
    stars = np.random.default_rng(5).integers(5, 11, (30, 6)) / 2
    rows = [(user, movie, float(stars[user, movie])) for user in range(30) for movie in range(6)]
    with holding() as hold:
        weights = fit_ranking_model(ratings_of(spark, *rows), hold, regularisation=10.0).weights
        position_of = {row["movie_id"]: row["position"] for row in weights.collect()}
        found = numbers_of(weights, "position", "weights")
    liked = likings(stars[:, sorted(position_of, key=position_of.__getitem__)]).astype(float)
    np.testing.assert_allclose([found[at] for at in range(6)], item_weights(liked.T @ liked, 10.0), rtol=1e-5)


def test_what_a_movie_gets_from_others_is_a_column_of_the_weights(two_movies: DataFrame) -> None:
    with holding() as hold:
        weights = fit_ranking_model(two_movies, hold, regularisation=1.0).weights
        rows, columns = (numbers_of(weights, "position", name) for name in ("weights", "incoming"))
    np.testing.assert_array_equal([columns[0], columns[1]], np.transpose([rows[0], rows[1]]))


def test_where_nobody_gave_three_stars_there_is_no_model(spark: SparkSession) -> None:
    ratings = ratings_of(spark, (1, 10, 2.0))
    with holding() as hold:
        model = fit_ranking_model(ratings, hold)
        assert (model.n_movies, model.weights_table().count()) == (0, 0)
        profiles = user_profiles(ratings, model.catalogue)
        assert numbers_of(user_likings(profiles, 0), "user_id", "likings") == {1: []}
