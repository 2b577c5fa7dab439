"""Whether a model earns its place: on held-out ratings, beside what costs nothing, and beside the model in place."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Final

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

LEAD: Final = 1.0
"""Standard errors by which a model must beat what is simpler: the one-standard-error rule (Breiman, Friedman, Olshen
and Stone, Classification and regression trees, 1984)."""
NOISE: Final = 2.0
"""Standard errors by which a challenger must do worse than the model in place to lose against it."""


@dataclass(frozen=True)
class Difference:
    """By how much a candidate is worse than another model, on the same held-out ratings of the same users.

    Attributes:
        mean: below 0 where the candidate is better.
        standard_error: of the mean; None where it is unknown, since fewer than two users were asked.
        n: ratings or lists compared; 0 where there is nothing to compare.
    """

    mean: float
    standard_error: float | None
    n: int

    @property
    def is_a_lead(self) -> bool:
        """Whether the candidate is better, and by more than one standard error where it is known."""
        return -self.mean > LEAD * (self.standard_error or 0.0)

    @property
    def is_a_loss(self) -> bool:
        """Whether the candidate is worse by more than noise, which must be known for that."""
        return self.standard_error is not None and self.mean > NOISE * self.standard_error

    def __str__(self) -> str:
        """The difference and its noise.

        >>> str(Difference(0.25, None, 3))
        '0.2500 (its noise is unknown)'
        """
        noise = "its noise is unknown"
        if self.standard_error is not None:
            noise = f"standard error {self.standard_error:.4f}"
        return f"{self.mean:.4f} ({noise})"


NOTHING_TO_COMPARE: Final = Difference(0.0, None, 0)


@dataclass(frozen=True)
class Evidence:
    """What a candidate is worth beside others on the same held-out ratings.

    Attributes:
        rmse: of the candidate, in stars.
        rmse_of_biases: of plain user and movie biases.
        ndcg: of the lists that would be published, 0 to 1; None where no user liked anything held out.
        ndcg_of_popularity: of the most liked movies, the same for everybody.
        than_biases: squared errors less those of biases, in stars squared.
        than_popularity: NDCG of the most liked movies less that of the lists.
        than_champion: squared errors less those of the model in place, in stars squared.
        than_champions_lists: NDCG of the lists of the model in place less that of the candidate's.
    """

    rmse: float
    rmse_of_biases: float
    ndcg: float | None
    ndcg_of_popularity: float | None
    than_biases: Difference
    than_popularity: Difference
    than_champion: Difference = NOTHING_TO_COMPARE
    than_champions_lists: Difference = NOTHING_TO_COMPARE


def why_not(evidence: Evidence) -> str | None:
    """Why the candidate must not replace what people have, None where nothing speaks against it.

    >>> won = Difference(-0.1, 0.01, 100)
    >>> why_not(Evidence(0.8, 0.9, 0.2, 0.1, won, won, than_champion=Difference(0.1, 0.01, 100)))[:70]
    'on 100 held-out ratings its squared errors exceed those of the model i'
    """
    rows, lists = evidence.than_champion, evidence.than_champions_lists
    if not evidence.than_biases.is_a_lead:
        return (
            f"its RMSE on held-out ratings is {evidence.rmse:.4f}, that of plain user and movie biases "
            f"{evidence.rmse_of_biases:.4f}; the difference of squared errors is {evidence.than_biases}"
        )
    if evidence.ndcg is not None and not evidence.than_popularity.is_a_lead:
        return (
            f"the NDCG@10 of its lists on held-out ratings is {evidence.ndcg:.4f}, that of popular movies "
            f"{evidence.ndcg_of_popularity or 0.0:.4f}; the difference is {evidence.than_popularity}"
        )
    if rows.is_a_loss:
        return f"on {rows.n:,} held-out ratings its squared errors exceed those of the model in place by {rows}"
    if lists.is_a_loss:
        return f"for {lists.n:,} users the NDCG@10 of its lists is below that of the model in place by {lists}"
    return None


def excess_errors(predictions: DataFrame, own: str, other: str) -> DataFrame:
    """By how much the squared errors of one column of predictions exceed those of another: user_id, excess, n.

    Args:
        predictions: user_id, rating and both columns.
        own: the candidate's column.
        other: the other's.
    """
    worse_by = (F.col(own) - F.col("rating")) ** 2 - (F.col(other) - F.col("rating")) ** 2
    return predictions.groupBy("user_id").agg(F.sum(worse_by).alias("excess"), F.count(worse_by).alias("n"))


def excess_values(by_user: DataFrame, own: str, other: str) -> DataFrame:
    """By how much another model's metric exceeds the candidate's, user by user: user_id, excess, n.

    Args:
        by_user: model, user_id, value; higher is better, and each user has a row of each of the two models.
        own: the candidate's name.
        other: the other's.
    """
    sign = F.when(F.col("model") == own, F.lit(-1.0)).when(F.col("model") == other, F.lit(1.0))
    found = by_user.where(F.col("model").isin(own, other)).groupBy("user_id")
    return found.agg(F.sum(sign * F.col("value")).alias("excess"), F.lit(1).cast("long").alias("n"))


def differences(excesses: Mapping[str, DataFrame]) -> dict[str, Difference]:
    """The mean of each kind of excess and its standard error, in one query.

    Ratings of one user err together: the standard error is that of a mean over clusters, one a user, times
    g / (g - 1) under the root for g of them (Liang and Zeger, Longitudinal data analysis using generalized linear
    models, 1986; Cameron and Miller, A practitioner's guide to cluster-robust inference, 2015).

    Args:
        excesses: by name, user_id, excess (a sum), n (what it is the sum over).
    """
    named = [frame.select(F.lit(name).alias("name"), "excess", "n") for name, frame in excesses.items()]
    excess, n, n_users = F.col("excess"), F.col("n"), F.count(F.lit(1))
    mean = F.sum(excess) / F.sum(n)
    spread = F.sum(excess**2) - 2 * mean * F.sum(excess * n) + mean**2 * F.sum(n**2)
    corrected = F.greatest(spread, F.lit(0.0)) * F.try_divide(n_users, n_users - 1)
    rows = (
        reduce(DataFrame.unionByName, named)
        .where("n > 0")
        .groupBy("name")
        .agg(mean.alias("mean"), (F.sqrt(corrected) / F.sum(n)).alias("standard_error"), F.sum(n).alias("n"))
    )
    found = {row["name"]: Difference(row["mean"], row["standard_error"], row["n"]) for row in rows.collect()}
    return {name: found.get(name, NOTHING_TO_COMPARE) for name in excesses}
