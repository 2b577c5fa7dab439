"""Lists of a candidate and of the model in place, judged by what neither has seen."""

import pytest
from pyspark.sql import DataFrame, SparkSession

from movie_lakehouse.evaluation.published_lists import (
    CHAMPION,
    RANKING,
    beside_champion,
    judged,
    judged_lists,
    list_quality,
    ndcg,
)
from movie_lakehouse.evaluation.sides import Sides
from movie_lakehouse.lakehouse.materialise import holding
from movie_lakehouse.model.factor_model import FactorModel

LISTED = "model STRING, user_id INT, rank INT, movie_id INT"
RATED = "user_id INT, movie_id INT, rating DOUBLE"


@pytest.fixture
def lists(spark: SparkSession) -> DataFrame:
    """User 1 is listed 10 and 11, user 2 just 20; popular movies are the same for both."""
    own = [(RANKING, 1, 1, 10), (RANKING, 1, 2, 11), (RANKING, 2, 1, 20)]
    return spark.createDataFrame([*own, ("popularity", 1, 1, 20), ("popularity", 2, 1, 10)], LISTED)


def values(metrics: DataFrame) -> dict[tuple[str, int], float]:
    return {(row["model"], row["user_id"]): row["value"] for row in ndcg(metrics).collect()}


def test_a_list_is_judged_by_what_its_user_liked_of_the_held_out_ratings(spark: SparkSession, lists: DataFrame) -> None:
    held_out = spark.createDataFrame([(1, 10, 5.0), (1, 11, 2.0), (2, 10, 4.0), (3, 10, 5.0)], RATED)

    found = judged(lists, held_out)

    assert values(found) == {(RANKING, 1): 1.0, (RANKING, 2): 0.0, ("popularity", 1): 0.0, ("popularity", 2): 1.0}
    assert {row["model"]: row["value"] for row in ndcg(list_quality(found)).collect()} == {
        RANKING: 0.5,
        "popularity": 0.5,
    }


def test_where_nobody_liked_what_is_held_out_there_are_no_lists_to_judge(spark: SparkSession) -> None:
    factors = "INT, bias FLOAT, factors ARRAY<FLOAT>"
    users = spark.createDataFrame([(1, 0.0, [1.0])], f"user_id {factors}")
    movies = spark.createDataFrame([(10, 0.0, [1.0]), (11, 0.0, [1.0])], f"movie_id {factors}")
    sides = Sides.of(spark.createDataFrame([(1, 10, 5.0)], RATED), spark.createDataFrame([(1, 11, 2.0)], RATED))
    with holding() as hold:
        assert judged_lists(sides, FactorModel(users, movies), "rating", hold).isEmpty()


def test_a_champion_is_judged_beside_the_candidate_for_the_users_who_have_lists_of_both(
    spark: SparkSession, lists: DataFrame
) -> None:
    champions = spark.createDataFrame([(1, 1, 99), (3, 1, 10)], "user_id INT, rank INT, movie_id INT")
    held_out = spark.createDataFrame([(1, 10, 5.0), (2, 20, 4.0), (3, 10, 5.0)], RATED)

    assert values(beside_champion(lists, champions, held_out)) == {(RANKING, 1): 1.0, (CHAMPION, 1): 0.0}
