"""A model is published where it beats what costs nothing and does not lose to the model in place."""

from dataclasses import replace

import pytest
from pyspark.sql import DataFrame, SparkSession

from movie_lakehouse.model.promotion import Difference, Evidence, against_champion, why_not

NOTHING_TO_COMPARE = Difference(0.0, 0.0, 0)
GOOD = Evidence(0.85, 0.90, 0.2, 0.1, NOTHING_TO_COMPARE)


def test_nothing_speaks_against_a_model_that_beats_biases_and_popularity() -> None:
    assert why_not(GOOD) is None


@pytest.mark.parametrize("rmse", [0.90, 0.95, float("nan")])
def test_a_model_that_biases_beat_or_equal_is_refused(rmse: float) -> None:
    assert "that of plain user and movie biases 0.9000" in str(why_not(replace(GOOD, rmse=rmse)))


@pytest.mark.parametrize("ndcg", [0.1, 0.05])
def test_lists_no_better_than_popular_movies_are_refused(ndcg: float) -> None:
    assert "that of popular movies 0.1000" in str(why_not(replace(GOOD, ndcg=ndcg)))


def test_where_nobody_liked_anything_held_out_lists_are_not_judged() -> None:
    assert why_not(replace(GOOD, ndcg=None, ndcg_of_popularity=None)) is None


@pytest.mark.parametrize(("worse_by", "is_refused"), [(0.021, True), (0.019, False), (-0.5, False)])
def test_a_challenger_is_refused_where_it_is_worse_by_two_standard_errors(worse_by: float, is_refused: bool) -> None:
    reason = why_not(replace(GOOD, against_champion=Difference(worse_by, 0.01, 1000)))
    assert (reason is not None) == is_refused


def test_a_refusal_tells_the_difference_and_its_noise_even_where_there_is_none() -> None:
    reason = why_not(replace(GOOD, against_champion=Difference(0.25, 0.0, 1000)))
    assert reason == (
        "on 1,000 held-out ratings its squared errors exceed those of the model in place by 0.2500 on average, "
        "where the standard error is 0.0000"
    )


CHALLENGER = "user_id int, movie_id int, rating double, prediction double"
CHAMPION = "user_id int, movie_id int, prediction double"


@pytest.fixture
def challenger(spark: SparkSession) -> DataFrame:
    """Squared errors of 1 and 4 for user 1, of 1 for user 2."""
    return spark.createDataFrame([(1, 1, 3.0, 4.0), (1, 2, 3.0, 5.0), (2, 1, 4.0, 3.0)], CHALLENGER)


def test_models_are_compared_on_the_ratings_that_neither_has_seen(spark: SparkSession, challenger: DataFrame) -> None:
    champion = spark.createDataFrame([(1, 1, 3.0), (2, 1, 2.0), (3, 3, 5.0)], CHAMPION)

    found = against_champion(challenger, champion)

    # The challenger is worse by 1 - 0 for user 1 and by 1 - 4 for user 2.
    assert (found.mean, found.n_rows) == (-1.0, 2)
    # The sums deviate from the mean by 2 and by -2.
    assert found.standard_error == pytest.approx(8**0.5 / 2)


def test_a_model_does_not_lose_to_itself(challenger: DataFrame) -> None:
    found = against_champion(challenger, challenger)
    assert (found.mean, found.n_rows, found.is_a_loss) == (0.0, 3, False)


def test_without_a_model_in_place_there_is_nothing_to_lose_against(spark: SparkSession, challenger: DataFrame) -> None:
    assert against_champion(challenger, spark.createDataFrame([], CHAMPION)) == NOTHING_TO_COMPARE
