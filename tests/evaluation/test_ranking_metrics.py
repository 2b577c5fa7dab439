"""Metrics of lists, by hand."""

from collections.abc import Callable
from math import log2

import pytest
from pyspark.sql import Column, Row, SparkSession
from pyspark.sql import functions as F

from movie_lakehouse.evaluation.list_metrics import list_metrics, spread_metrics, user_metrics
from movie_lakehouse.evaluation.ranking_metrics import average_precision_at, hits, ndcg_at, precision_at, recall_at
from movie_lakehouse.evaluation.sides import Sides

LISTED = "model STRING, user_id INT, rank INT, movie_id INT"
RATED = "user_id INT, movie_id INT, rating DOUBLE"


def array(*values: float) -> Column:
    return F.array(*(F.lit(float(value)) for value in values))


# By name, each metric and what it is by hand.
METRICS: dict[str, tuple[Callable[[], Column], float]] = {
    "precision": (lambda: precision_at(4, array(1, 0, 1, 0)), 2 / 4),
    "precision of a short list": (lambda: precision_at(4, array(1)), 1 / 4),
    "recall": (lambda: recall_at(4, array(1, 0, 1, 0), F.lit(5)), 2 / 5),
    # Precision is 1 at the first hit's place and 2/3 at the second's; three of four places could have been hits.
    "average precision": (lambda: average_precision_at(4, array(1, 0, 1, 0), F.lit(3)), (1 + 2 / 3) / 3),
    "best average precision": (lambda: average_precision_at(2, array(1, 1), F.lit(9)), 1.0),
    "ndcg": (lambda: ndcg_at(4, array(1, 0, 1, 0), F.lit(2)), (1 + 1 / log2(4)) / (1 + 1 / log2(3))),
    "best ndcg": (lambda: ndcg_at(2, array(1, 1), F.lit(9)), 1.0),
    "ndcg without hits": (lambda: ndcg_at(2, array(0, 0), F.lit(9)), 0.0),
}


@pytest.fixture(scope="module")
def found(spark: SparkSession) -> Row:
    """What Spark makes of each metric, and of the hits of movies 7, 8 and 9 where 9, 1 and 7 are relevant."""
    three_hits = hits(F.array(*map(F.lit, (7, 8, 9))), F.array(*map(F.lit, (9, 1, 7))))
    metrics = [metric().alias(name) for name, (metric, _) in METRICS.items()]
    row = spark.range(1).select(three_hits.alias("hits"), *metrics).first()
    assert row is not None
    return row


def test_hits_are_the_places_of_relevant_movies(found: Row) -> None:
    assert found["hits"] == [1.0, 0.0, 1.0]


@pytest.mark.parametrize("metric", METRICS)
def test_metrics_are_those_computed_by_hand(found: Row, metric: str) -> None:
    _, by_hand = METRICS[metric]
    assert found[metric] == pytest.approx(by_hand)


def test_who_has_a_history_and_no_list_scores_nothing_and_who_has_none_is_left_out(spark: SparkSession) -> None:
    ranked = spark.createDataFrame([("m", 1, 1, 10)], LISTED)
    train = spark.createDataFrame([(1, 20, 4.0), (2, 20, 4.0)], RATED)
    held_out = spark.createDataFrame([(1, 10, 5.0), (2, 10, 4.0), (3, 10, 4.0)], RATED)

    precision = user_metrics(ranked, train, held_out, k=1).where("metric = 'precision'")

    assert dict(precision.select("user_id", "value").collect()) == {1: 1.0, 2: 0.0}


def test_what_was_rated_below_four_stars_is_not_relevant(spark: SparkSession) -> None:
    ranked = spark.createDataFrame([("m", 1, 1, 10), ("m", 1, 2, 11)], LISTED)
    train = spark.createDataFrame([(1, 20, 4.0)], RATED)
    held_out = spark.createDataFrame([(1, 10, 3.5), (1, 11, 4.0)], RATED)

    ndcg = user_metrics(ranked, train, held_out, k=2).where("metric = 'ndcg'").select("value")

    assert ndcg.first() == (pytest.approx(1 / log2(3)),)


def test_coverage_and_novelty_are_those_of_all_lists(spark: SparkSession) -> None:
    # Of the three rated movies two are recommended; half of the four users rated the one, a quarter the other.
    train = spark.createDataFrame([(1, 10, 4.0), (2, 10, 4.0), (3, 11, 4.0), (4, 12, 4.0)], RATED)
    ranked = spark.createDataFrame([("m", 3, 1, 10), ("m", 4, 1, 11)], LISTED)
    held_out = spark.createDataFrame([(3, 10, 4.0)], RATED)

    found = list_metrics({"m": ranked.drop("model")}, Sides.of(train, held_out), k=1, seed=1).collect()

    values = {row["metric"]: row["value"] for row in found}
    assert (values["coverage"], values["novelty"]) == (pytest.approx(2 / 3), pytest.approx((1 + 2) / 2))


def test_a_movie_that_nobody_had_rated_covers_none_of_those_that_were(spark: SparkSession) -> None:
    train = spark.createDataFrame([(1, 10, 4.0), (2, 11, 4.0)], RATED)
    ranked = spark.createDataFrame([("m", 2, 1, 10), ("m", 2, 2, 12), ("m", 2, 3, 13)], LISTED)

    coverage = spread_metrics(ranked, train).where("metric = 'coverage'").select("value")

    assert coverage.first() == (1 / 2,)
