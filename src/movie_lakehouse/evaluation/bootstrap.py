"""How far a mean over users can be trusted."""

import math

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

N_RESAMPLES = 200
NO_INTERVAL = "CAST(NULL AS DOUBLE)"
_UNIT = 2**53


def bootstrap_intervals(by_user: DataFrame, *, n_resamples: int, seed: int) -> DataFrame:
    """Means over users with 95% intervals from the Poisson bootstrap.

    A resample gives each user a weight drawn from Poisson(1), by a hash of user, resample and seed, in place of drawing
    users with replacement: the same in the limit, and one pass over any number of partitions (Chamandy et al.,
    Estimating uncertainty for massive data streams, 2012).

    Args:
        by_user: model, metric, user_id, value, weight (what the user counts in a mean: the ratings behind the value, or
            1 for all users alike).
        n_resamples: resamples to take.
        seed: of the weights.

    Returns:
        model, metric, value (the weighted mean), low, high (2.5% and 97.5% quantiles of the resamples' means; null for
        a single user, from whom nobody knows how far others lie), n_users.
    """
    resamples = F.explode(F.sequence(F.lit(1), F.lit(n_resamples))).alias("resample")
    weight, value = F.col("weight"), F.col("value")
    drawn = by_user.select("*", resamples).withColumn("weight", weight * _poisson_weight(seed))
    weighted_mean = F.try_divide(F.sum(weight * value), F.sum(weight))
    means = drawn.groupBy("model", "metric", "resample").agg(weighted_mean.alias("mean"))
    bounds = means.groupBy("model", "metric").agg(
        F.percentile("mean", 0.025).alias("low"), F.percentile("mean", 0.975).alias("high")
    )
    whole = by_user.groupBy("model", "metric").agg(weighted_mean.alias("value"), F.count(F.lit(1)).alias("n_users"))
    low, high = (F.when(F.col("n_users") > 1, F.col(bound)).alias(bound) for bound in ("low", "high"))
    joined = whole.join(bounds, on=["model", "metric"], how="inner")
    return joined.select("model", "metric", "value", low, high, "n_users")


def _poisson_weight(seed: int) -> Column:
    """A draw from Poisson(1) by inversion of its distribution: how many cumulative probabilities a uniform exceeds."""
    uniform = F.pmod(F.xxhash64("user_id", "resample", F.lit(seed)), F.lit(_UNIT)) / F.lit(float(_UNIT))
    steps, cumulative = [], 0.0
    for count in range(9):
        cumulative += math.exp(-1) / math.factorial(count)
        steps.append((uniform >= F.lit(cumulative)).cast("int"))
    return sum(steps[1:], steps[0])
