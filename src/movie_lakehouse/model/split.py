"""Splits of the ratings that depend on nothing but the rows and a seed: not on row order, partitions or engine."""

import math

from pyspark.sql import Column, DataFrame, Row, Window
from pyspark.sql import functions as F

_PARTS_PER_MILLION = 1_000_000
_SECONDS_A_DAY = 86_400


def random_split(ratings: DataFrame, test_fraction: float, seed: int) -> tuple[DataFrame, DataFrame]:
    """Split ratings into a training and a held-out part, each row in exactly one.

    A row is held out when the hash of its user, movie and seed falls in the fraction, so the same rating is on the
    same side in every run.

    Args:
        ratings: user_id, movie_id and whatever else.
        test_fraction: share of the rows to hold out, between 0 and 1, met on average.
        seed: another seed gives another split.

    Returns:
        The training part and the held-out part, with the columns of ``ratings``.
    """
    held_out = is_held_out(test_fraction, seed)
    return ratings.where(~held_out), ratings.where(held_out)


def is_held_out(test_fraction: float, seed: int) -> Column:
    """Whether random_split holds a row with user_id and movie_id out."""
    return _hash_below(_PARTS_PER_MILLION, seed, "held-out") < F.lit(int(test_fraction * _PARTS_PER_MILLION))


def with_fold(ratings: DataFrame, n_folds: int, seed: int) -> DataFrame:
    """Add the column ``fold``, 0 to ``n_folds - 1``, from a hash independent of the split's."""
    return ratings.withColumn("fold", _hash_below(n_folds, seed, "fold").cast("int"))


def last_of_each_user(ratings: DataFrame, test_fraction: float, *, at_least: int = 0) -> tuple[DataFrame, DataFrame]:
    """Hold out the latest of each user's ratings: floor(fraction * n) of n, ties by the higher movie number.

    What a user did later never helps to predict what the user did before; what others did later may. The cut-off of
    as_life_goes keeps that out too.

    Args:
        ratings: user_id, movie_id, rated_at and whatever else.
        test_fraction: share of each user's rows to hold out.
        at_least: rows of each user to hold out however small their share.

    Returns:
        The training part and the held-out part, with the columns of ``ratings``.
    """
    by_user = Window.partitionBy("user_id")
    latest_first = by_user.orderBy(F.desc("rated_at"), F.desc("movie_id"))
    share = F.floor(F.count(F.lit(1)).over(by_user) * F.lit(test_fraction))
    n_held_out = F.greatest(share, F.lit(at_least))
    flagged = ratings.withColumn("_held_out", F.row_number().over(latest_first) <= n_held_out)
    return flagged.where("NOT _held_out").drop("_held_out"), flagged.where("_held_out").drop("_held_out")


def after_cut_off(ratings: DataFrame, test_fraction: float) -> tuple[DataFrame, DataFrame]:
    """Hold out the newest ratings of all: those later than one moment, the same for everybody.

    No training row is later than any held-out row.

    Args:
        ratings: user_id, movie_id, rated_at and whatever else.
        test_fraction: share of the rows to hold out, met but for rows of the cut-off's own second.

    Returns:
        The training part and the held-out part, with the columns of ``ratings``.
    """
    held_out = F.unix_timestamp("rated_at") > F.lit(_cut_off(ratings, test_fraction))
    return ratings.where(~held_out), ratings.where(held_out)


def _cut_off(ratings: DataFrame, test_fraction: float) -> int | None:
    """The second since 1970 of the last of those ratings that are not in the fraction; None for no ratings at all.

    First the ratings of each day are counted, then those of each second of one day: however many ratings there are, no
    task holds more than that. (Spark's own percentile holds every value in one.)
    """
    seconds = F.unix_timestamp("rated_at")
    day = F.floor(seconds / F.lit(_SECONDS_A_DAY))
    place = math.floor((ratings.count() - 1) * (1 - test_fraction))
    found = _value_at(ratings.select(day.alias("value")), place)
    if found is None:
        return None
    of_day = ratings.where(day == F.lit(found["value"])).select(seconds.alias("value"))
    second = _value_at(of_day, place - found["n_before"])
    return None if second is None else int(second["value"])


def _value_at(values: DataFrame, place: int) -> Row | None:
    """The value at a place, from 0, of all in order, and how many are below it: value, n_before; None beyond them."""
    below = Window.orderBy("value").rowsBetween(Window.unboundedPreceding, -1)
    counted = values.groupBy("value").count().withColumn("n_before", F.coalesce(F.sum("count").over(below), F.lit(0)))
    is_there = (F.col("n_before") <= place) & (F.col("n_before") + F.col("count") > place)
    return counted.where(is_there).first()


def as_life_goes(ratings: DataFrame, test_fraction: float) -> tuple[DataFrame, DataFrame, DataFrame]:
    """Cut at one moment, as after_cut_off does, and hold out the last of what each user rated after it.

    What a user rated after the cut-off and before that is the user's profile: it is known when the last ones are to be
    predicted, but nobody else's prediction may use it.

    Args:
        ratings: user_id, movie_id, rated_at and whatever else.
        test_fraction: share of the rows after the cut-off, and of each user's rows after it to hold out (one at least).

    Returns:
        The training part, the profiles and the held-out part, with the columns of ``ratings``.
    """
    train, later = after_cut_off(ratings, test_fraction)
    return train, *last_of_each_user(later, test_fraction, at_least=1)


def _hash_below(bound: int, seed: int, purpose: str) -> Column:
    """A number from 0 to bound - 1 by the row's user and movie; each purpose has its own."""
    return F.pmod(F.xxhash64("user_id", "movie_id", F.lit(seed), F.lit(purpose)), F.lit(bound))
