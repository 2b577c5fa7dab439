"""A model is published where it clearly beats what costs nothing, and does not lose to the model in place."""

from dataclasses import replace

import pytest
from pyspark.sql import SparkSession

from movie_lakehouse.model.promotion import (
    NOTHING_TO_COMPARE,
    Difference,
    Evidence,
    differences,
    excess_errors,
    excess_values,
    why_not,
)

BETTER = Difference(-0.05, 0.01, 1000)
GOOD = Evidence(0.85, 0.90, 0.2, 0.1, BETTER, BETTER)


def test_nothing_speaks_against_a_model_that_beats_biases_and_popularity() -> None:
    assert why_not(GOOD) is None


@pytest.mark.parametrize("mean", [-0.009, 0.0, 0.05, float("nan")])
def test_a_model_that_beats_biases_by_less_than_a_standard_error_is_refused(mean: float) -> None:
    reason = why_not(replace(GOOD, rmse=0.899, than_biases=Difference(mean, 0.01, 1000)))
    assert "its RMSE on held-out ratings is 0.8990, that of plain user and movie biases 0.9000" in str(reason)


@pytest.mark.parametrize("mean", [-0.009, 0.0, 0.05])
def test_lists_that_beat_popular_movies_by_less_than_a_standard_error_are_refused(mean: float) -> None:
    assert "that of popular movies 0.1000" in str(why_not(replace(GOOD, than_popularity=Difference(mean, 0.01, 50))))


def test_where_nobody_liked_anything_held_out_lists_are_not_judged() -> None:
    unjudged = replace(GOOD, ndcg=None, ndcg_of_popularity=None, than_popularity=NOTHING_TO_COMPARE)
    assert why_not(unjudged) is None


@pytest.mark.parametrize("of", ["than_champion", "than_champions_lists"])
@pytest.mark.parametrize(("worse_by", "is_refused"), [(0.021, True), (0.019, False), (-0.5, False)])
def test_a_challenger_is_refused_where_it_is_worse_by_two_standard_errors(
    of: str, worse_by: float, is_refused: bool
) -> None:
    reason = why_not(replace(GOOD, **{of: Difference(worse_by, 0.01, 1000)}))
    assert (reason is not None) == is_refused


@pytest.mark.parametrize("of", ["than_champion", "than_champions_lists"])
def test_where_noise_is_unknown_a_challenger_does_not_lose(of: str) -> None:
    assert why_not(replace(GOOD, **{of: Difference(9.0, None, 3)})) is None


def test_where_noise_is_unknown_any_lead_over_biases_counts_and_a_draw_does_not() -> None:
    assert why_not(replace(GOOD, than_biases=Difference(-0.001, None, 3))) is None
    assert "its noise is unknown" in str(why_not(replace(GOOD, than_biases=Difference(0.0, None, 3))))


def test_a_refusal_tells_the_difference_and_its_noise() -> None:
    assert why_not(replace(GOOD, than_champion=Difference(0.25, 0.0, 1000))) == (
        "on 1,000 held-out ratings its squared errors exceed those of the model in place by 0.2500 "
        "(standard error 0.0000)"
    )


PREDICTED = "user_id int, rating double, own double, other double"
LISTED = "model string, user_id int, value double"


@pytest.fixture(scope="module")
def found(spark: SparkSession) -> dict[str, Difference]:
    """The candidate's squared errors exceed the other's by 1 - 0 and 4 - 0 for user 1, and by 1 - 4 for user 2."""
    errors = spark.createDataFrame([(1, 3.0, 4.0, 3.0), (1, 3.0, 5.0, 3.0), (2, 4.0, 3.0, 2.0)], PREDICTED)
    values = [("own", 1, 0.5), ("other", 1, 0.25), ("own", 2, 0.0), ("other", 2, 0.25), ("third", 2, 0.9)]
    excesses = {
        "ratings": excess_errors(errors, "own", "other"),
        "ratings of user 1": excess_errors(errors.where("user_id = 1"), "own", "other"),
        "no ratings": excess_errors(errors.where("false"), "own", "other"),
        "ratings beside itself": excess_errors(errors, "own", "own"),
        "lists": excess_values(spark.createDataFrame(values, LISTED), "own", "other"),
    }
    return differences(excesses)


def test_errors_are_compared_rating_by_rating_and_noise_is_that_of_users(found: dict[str, Difference]) -> None:
    of_ratings = found["ratings"]

    assert (of_ratings.mean, of_ratings.n) == (pytest.approx(2 / 3), 3)
    # Sums of 5 over two ratings and of -3 over one deviate from the mean by 11 / 3 and -11 / 3; two users double it.
    assert of_ratings.standard_error == pytest.approx((2 * 2 * (11 / 3) ** 2) ** 0.5 / 3)


def test_lists_are_compared_user_by_user(found: dict[str, Difference]) -> None:
    of_lists = found["lists"]
    assert (of_lists.mean, of_lists.standard_error, of_lists.n) == (0.0, pytest.approx(0.25), 2)


def test_the_noise_of_a_single_user_is_unknown(found: dict[str, Difference]) -> None:
    assert found["ratings of user 1"] == Difference(2.5, None, 2)


def test_a_model_does_not_lose_to_itself(found: dict[str, Difference]) -> None:
    beside_itself = found["ratings beside itself"]
    assert (beside_itself.mean, beside_itself.is_a_lead, beside_itself.is_a_loss) == (0.0, False, False)


def test_without_ratings_there_is_nothing_to_compare(found: dict[str, Difference]) -> None:
    assert found["no ratings"] == NOTHING_TO_COMPARE
