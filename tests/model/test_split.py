"""Splits and folds: no row is lost, no row is twice, and nothing depends on the order of rows."""

from collections import Counter

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from movie_lakehouse.model.split import after_cut_off, last_of_each_user, random_split, with_fold

Sides = dict[tuple[int, int], tuple[str, int]]


@pytest.fixture(scope="module")
def pairs(spark: SparkSession) -> DataFrame:
    """10,000 pairs of a user and a movie."""
    return spark.range(10_000).select(
        (F.col("id") % 100).alias("user_id"), F.floor(F.col("id") / 100).alias("movie_id")
    )


def sides(pairs: DataFrame, seed: int = 42) -> Sides:
    """The side and the fold (of 4) of every pair that is on any side."""
    train, held_out = random_split(pairs, 0.2, seed)
    marked = train.withColumn("side", F.lit("train")).union(held_out.withColumn("side", F.lit("held out")))
    rows = with_fold(marked, 4, seed).collect()
    assert len(rows) == 10_000
    return {(row["user_id"], row["movie_id"]): (row["side"], row["fold"]) for row in rows}


@pytest.fixture(scope="module")
def split(pairs: DataFrame) -> Sides:
    return sides(pairs)


def test_every_row_is_on_just_one_side(split: Sides) -> None:
    assert len(split) == 10_000


def test_the_share_held_out_is_the_fraction(split: Sides) -> None:
    assert Counter(side for side, _ in split.values())["held out"] == pytest.approx(2_000, abs=120)


def test_folds_are_alike_in_size_and_independent_of_the_side(split: Sides) -> None:
    cells = Counter(split.values())

    assert {fold for _, fold in cells} == {0, 1, 2, 3}
    assert all(cells["train", fold] == pytest.approx(2_000, abs=150) for fold in range(4))
    assert all(cells["held out", fold] == pytest.approx(500, abs=80) for fold in range(4))


def test_order_and_partitions_of_the_rows_do_not_matter(pairs: DataFrame, split: Sides) -> None:
    assert sides(pairs.orderBy(F.rand(1)).repartition(7)) == split


def test_another_seed_gives_another_split_and_other_folds(pairs: DataFrame, split: Sides) -> None:
    other = sides(pairs, seed=43)

    assert sum(other[pair][0] != split[pair][0] for pair in split) == pytest.approx(2 * 0.2 * 0.8 * 10_000, rel=0.1)
    assert sum(other[pair][1] != split[pair][1] for pair in split) == pytest.approx(7_500, rel=0.05)


TIMED = "user_id INT, movie_id INT, at INT"


@pytest.fixture(scope="module")
def timed(spark: SparkSession) -> DataFrame:
    """User 1 rated five movies in five seconds, user 2 two movies before and one after."""
    rows = [(1, 1, 10), (1, 2, 11), (1, 3, 12), (1, 4, 13), (1, 5, 13), (2, 1, 1), (2, 2, 2), (2, 3, 99)]
    return spark.createDataFrame(rows, TIMED).withColumn("rated_at", F.timestamp_seconds("at"))


def test_each_user_loses_the_latest_of_their_ratings(timed: DataFrame) -> None:
    train, held_out = last_of_each_user(timed, 0.4)

    assert sorted(held_out.select("user_id", "movie_id").collect()) == [(1, 4), (1, 5), (2, 3)]
    assert train.columns == timed.columns
    assert train.count() == 5


def test_nothing_in_training_is_later_than_the_cut_off(timed: DataFrame) -> None:
    train, held_out = after_cut_off(timed, 0.4)

    assert sorted(held_out.select("user_id", "movie_id").collect()) == [(1, 4), (1, 5), (2, 3)]
    assert train.agg(F.max("at")).first() == (12,)


def test_a_cut_off_loses_no_row(timed: DataFrame) -> None:
    train, held_out = after_cut_off(timed, 0.2)

    assert train.unionAll(held_out).count() == 8


@pytest.mark.parametrize(("fraction", "n_held_out"), [(0.2, 1), (0.4, 2), (0.9, 3)])
def test_the_cut_off_is_found_among_days_and_their_seconds(
    spark: SparkSession, fraction: float, n_held_out: int
) -> None:
    seconds = [(10,), (10,), (86_400,), (86_401,), (200_000,)]
    ratings = spark.createDataFrame(seconds, "at INT").withColumn("rated_at", F.timestamp_seconds("at"))

    train, held_out = (sorted(side.select("at").collect()) for side in after_cut_off(ratings, fraction))

    assert train + held_out == seconds
    assert len(held_out) == n_held_out


def test_without_ratings_neither_side_has_any(timed: DataFrame) -> None:
    train, held_out = after_cut_off(timed.limit(0), 0.2)

    assert train.unionAll(held_out).isEmpty()
