"""Splits of the ratings that depend on nothing but the rows and a seed: not on row order, partitions or engine."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

_PARTS_PER_MILLION = 1_000_000


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


def _hash_below(bound: int, seed: int, purpose: str) -> Column:
    """A number from 0 to bound - 1 by the row's user and movie; each purpose has its own."""
    return F.pmod(F.xxhash64("user_id", "movie_id", F.lit(seed), F.lit(purpose)), F.lit(bound))
