"""Our metrics of lists beside those of ir-measures (trec_eval) on the same lists.

trec_eval's conventions are ours but for one: its average precision at k divides by all relevant movies, where ours
divides by the best possible number of hits, min(k, relevant).
"""

import random

import ir_measures
import pytest
from ir_measures import AP, P, Qrel, R, ScoredDoc, nDCG
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from movie_lakehouse.evaluation.list_metrics import user_metrics

K = 10
CATALOGUE = range(1, 61)
Values = dict[tuple[str, int], float]


def liked_and_listed() -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    """Forty users: from 1 to 25 movies that each liked, and a list of up to ten; the last user has none."""
    rng = random.Random(4)
    liked = {user: rng.sample(CATALOGUE, rng.randint(1, 25)) for user in range(1, 41)}
    listed = {user: rng.sample(CATALOGUE, rng.choice([3, K, K])) for user in range(1, 40)}
    return liked, listed


LIKED, LISTED = liked_and_listed()


@pytest.fixture(scope="module")
def ours(spark: SparkSession) -> Values:
    ranked = spark.createDataFrame(
        [("m", user, rank, movie) for user, movies in LISTED.items() for rank, movie in enumerate(movies, 1)],
        "model STRING, user_id INT, rank INT, movie_id INT",
    )
    held_out: DataFrame = spark.createDataFrame(
        [(user, movie, 4.5) for user, movies in LIKED.items() for movie in movies],
        "user_id INT, movie_id INT, rating DOUBLE",
    )
    history = held_out.select("user_id", F.lit(0).alias("movie_id")).distinct()
    rows = user_metrics(ranked, history, held_out, K).collect()
    return {(row["metric"], row["user_id"]): row["value"] for row in rows}


@pytest.fixture(scope="module")
def theirs() -> Values:
    """The library's metrics of every user; it counts who has no list as nothing, as we do."""
    names = {nDCG @ K: "ndcg", AP @ K: "map", P @ K: "precision", R @ K: "recall"}
    judged = [Qrel(str(user), str(movie), 1) for user, movies in LIKED.items() for movie in movies]
    scored = [
        ScoredDoc(str(user), str(movie), float(-place))
        for user, movies in LISTED.items()
        for place, movie in enumerate(movies)
    ]
    found = {(name, user): 0.0 for name in names.values() for user in LIKED}
    for metric in ir_measures.iter_calc(list(names), judged, scored):
        found[names[metric.measure], int(metric.query_id)] = metric.value
    return found


@pytest.mark.parametrize("metric", ["ndcg", "precision", "recall"])
def test_a_metric_is_the_librarys_for_every_user(ours: Values, theirs: Values, metric: str) -> None:
    assert {user: ours[metric, user] for user in LIKED} == pytest.approx({user: theirs[metric, user] for user in LIKED})


def test_average_precision_is_the_librarys_over_the_best_possible_hits(ours: Values, theirs: Values) -> None:
    scaled = {user: theirs["map", user] * len(movies) / min(K, len(movies)) for user, movies in LIKED.items()}

    assert any(len(movies) > K for movies in LIKED.values())
    assert {user: ours["map", user] for user in LIKED} == pytest.approx(scaled)
