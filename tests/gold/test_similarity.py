from math import sqrt

import numpy as np
import pytest
from chispa import assert_df_equality
from pyspark.sql import DataFrame, SparkSession

from movie_lakehouse.errors import TableError
from movie_lakehouse.gold.blocks import BlockBytes
from movie_lakehouse.gold.similarity import nearest_movies
from movie_lakehouse.lakehouse.materialise import short

FACTORS = "movie_id int, factors array<float>"
NEIGHBOURS = "movie_id int, rank int, similar_movie_id int, similarity double"


def factors_of(spark: SparkSession, *rows: tuple[int, list[float] | None]) -> DataFrame:
    return spark.createDataFrame(list(rows), FACTORS)


def lists_of(neighbours: DataFrame) -> dict[int, list[int]]:
    """Each movie's neighbours, nearest first."""
    rows = sorted((row["movie_id"], row["rank"], row["similar_movie_id"]) for row in neighbours.collect())
    return {movie: [other for m, _, other in rows if m == movie] for movie, _, _ in rows}


def test_ranks_other_movies_by_cosine(spark: SparkSession) -> None:
    factors = factors_of(spark, (10, [1.0, 0.0]), (20, [5.0, 0.0]), (30, [0.0, 2.0]), (40, [-3.0, -3.0]))
    wanted = spark.createDataFrame(
        [
            (10, 1, 20, 1.0),
            (10, 2, 30, 0.0),
            (20, 1, 10, 1.0),
            (20, 2, 30, 0.0),
            (30, 1, 10, 0.0),
            (30, 2, 20, 0.0),
            (40, 1, 10, -sqrt(0.5)),
            (40, 2, 20, -sqrt(0.5)),
        ],
        NEIGHBOURS,
    )
    found = nearest_movies(factors, 2)
    assert [column for column, _ in found.dtypes] == wanted.columns
    assert_approximately_equal(found, wanted)


def assert_approximately_equal(found: DataFrame, wanted: DataFrame) -> None:
    from chispa import assert_approx_df_equality

    keys = ["movie_id", "rank"]
    assert_approx_df_equality(found.sort(keys), wanted.sort(keys), 1e-6, ignore_nullable=True)


def test_gives_the_types_of_the_table(spark: SparkSession) -> None:
    found = nearest_movies(factors_of(spark, (1, [1.0]), (2, [1.0])), 1)
    assert found.dtypes == spark.createDataFrame([], NEIGHBOURS).dtypes


def test_movies_without_direction_have_no_neighbours_and_are_nobodys(spark: SparkSession) -> None:
    factors = factors_of(spark, (1, [1.0, 1.0]), (2, [0.0, 0.0]), (3, [1.0, 0.0]))
    assert lists_of(nearest_movies(factors, 2)) == {1: [3], 3: [1]}


def test_a_catalogue_smaller_than_k_gives_shorter_lists(spark: SparkSession) -> None:
    assert lists_of(nearest_movies(factors_of(spark, (1, [1.0]), (2, [2.0])), 50)) == {1: [2], 2: [1]}


def test_an_empty_model_gives_no_neighbours(spark: SparkSession) -> None:
    assert nearest_movies(factors_of(spark), 50).isEmpty()


def test_neither_tiny_nor_huge_factors_lose_their_direction(spark: SparkSession) -> None:
    tiny, huge = 1e-30, 1e30
    pairs = [(1, [tiny, 0.0]), (2, [2 * tiny, 0.0]), (3, [0.0, huge]), (4, [0.0, 2 * huge])]
    nearest = nearest_movies(factors_of(spark, *pairs), 1).where("movie_id IN (1, 3)").collect()
    found = {row["movie_id"]: (row["similar_movie_id"], row["similarity"]) for row in nearest}
    assert found == {1: (2, 1.0), 3: (4, 1.0)}


@pytest.mark.parametrize("unusable", [[1.0, float("nan")], [float("-inf"), 1.0], None])
def test_refuses_factors_that_are_no_numbers(spark: SparkSession, unusable: list[float] | None) -> None:
    with pytest.raises(TableError, match="1 of 2 rows of factors"):
        nearest_movies(factors_of(spark, (1, [1.0, 1.0]), (2, unusable)), 1)


def test_refuses_factors_of_different_models(spark: SparkSession) -> None:
    with pytest.raises(TableError, match="from 2 to 3 factors"):
        nearest_movies(factors_of(spark, (1, [1.0, 1.0]), (2, [1.0, 1.0, 1.0])), 1)


@pytest.fixture(scope="module")
def many_ties(spark: SparkSession) -> DataFrame:
    """Factors of four signs, whose vectors have length 2: cosines are exact, and most are tied."""
    signs = np.random.default_rng(3).choice([-1.0, 1.0], (40, 4))
    return factors_of(spark, *((i + 1, row.tolist()) for i, row in enumerate(signs)))


@pytest.fixture(scope="module")
def whole(many_ties: DataFrame) -> DataFrame:
    """Their neighbours, found in one block."""
    return short(nearest_movies(many_ties, 7))


@pytest.mark.parametrize(("query_bytes", "item_bytes"), [(64, 2**20), (2**20, 100), (300, 200)])
def test_blocks_of_any_size_give_the_same_neighbours(
    many_ties: DataFrame, whole: DataFrame, query_bytes: int, item_bytes: int
) -> None:
    cut = nearest_movies(many_ties, 7, block_bytes=BlockBytes(query_bytes, item_bytes))
    assert_df_equality(cut, whole, ignore_row_order=True, ignore_nullable=True)


def test_a_neighbour_that_few_rated_is_shrunk_towards_nothing(spark: SparkSession) -> None:
    # Movie 3 points where movie 1 does and has one rating; movie 2 points nearly there and has 75.
    factors = factors_of(spark, (1, [1.0, 0.0]), (2, [0.8, 0.6]), (3, [1.0, 0.0]))
    n_ratings = spark.createDataFrame([(2, 75), (3, 1)], "movie_id INT, n_ratings BIGINT")

    found = nearest_movies(factors, 2, n_ratings=n_ratings, ratings_in_doubt=25).where("movie_id = 1")

    rows = {row["similar_movie_id"]: row["similarity"] for row in found.collect()}
    assert rows == pytest.approx({2: 0.8 * 75 / 100, 3: 1 / 26})


def test_a_movie_that_nobody_rated_has_neighbours_and_is_nobodys_best(spark: SparkSession) -> None:
    factors = factors_of(spark, (1, [1.0, 0.0]), (2, [1.0, 0.1]), (3, [1.0, 0.0]))
    n_ratings = spark.createDataFrame([(1, 10), (2, 10)], "movie_id INT, n_ratings BIGINT")

    lists = lists_of(nearest_movies(factors, 1, n_ratings=n_ratings))

    assert lists == {1: [2], 2: [1], 3: [1]}
