"""Whether a model earns its place: on held-out ratings, beside what costs nothing, and beside the model in place."""

from dataclasses import dataclass
from typing import Final

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

NOISE: Final = 2.0
"""Standard errors by which a challenger must do worse than the model in place to lose against it."""


@dataclass(frozen=True)
class Difference:
    """By how much a challenger's squared errors exceed those of the model in place, on the same held-out ratings.

    Attributes:
        mean: in stars squared; below 0 where the challenger is better.
        standard_error: of the mean, in stars squared.
        n_rows: ratings that neither had seen; 0 where there is nothing to compare.
    """

    mean: float
    standard_error: float
    n_rows: int

    @property
    def is_a_loss(self) -> bool:
        """Whether the challenger is worse by more than noise."""
        return self.mean > NOISE * self.standard_error


@dataclass(frozen=True)
class Evidence:
    """What a candidate and its baselines are worth on the same held-out ratings.

    Attributes:
        rmse: of the candidate, in stars.
        rmse_of_biases: of plain user and movie biases.
        ndcg: of the lists that would be published, 0 to 1; None where no user liked anything held out.
        ndcg_of_popularity: of the most liked movies, the same for everybody.
        against_champion: the candidate against the model in place.
    """

    rmse: float
    rmse_of_biases: float
    ndcg: float | None
    ndcg_of_popularity: float | None
    against_champion: Difference


def why_not(evidence: Evidence) -> str | None:
    """Why the candidate must not replace what people have, None where nothing speaks against it.

    >>> why_not(Evidence(0.95, 0.90, 0.2, 0.1, Difference(0.0, 0.0, 0)))
    'its RMSE on held-out ratings is 0.9500, that of plain user and movie biases 0.9000'
    """
    champion = evidence.against_champion
    if not evidence.rmse < evidence.rmse_of_biases:
        return (
            f"its RMSE on held-out ratings is {evidence.rmse:.4f}, "
            f"that of plain user and movie biases {evidence.rmse_of_biases:.4f}"
        )
    if evidence.ndcg is not None and not evidence.ndcg > (evidence.ndcg_of_popularity or 0.0):
        return (
            f"the NDCG@10 of its lists on held-out ratings is {evidence.ndcg:.4f}, "
            f"that of popular movies {evidence.ndcg_of_popularity:.4f}"
        )
    if champion.is_a_loss:
        return (
            f"on {champion.n_rows:,} held-out ratings its squared errors exceed those of the model in place by "
            f"{champion.mean:.4f} on average, where the standard error is {champion.standard_error:.4f}"
        )
    return None


def against_champion(challenger: DataFrame, champion: DataFrame) -> Difference:
    """Compare two models on the ratings that both were kept from seeing.

    Ratings of one user err together: the standard error is that of a mean over clusters, one a user (Liang and Zeger,
    Longitudinal data analysis using generalized linear models, 1986).

    Args:
        challenger: user_id, movie_id, rating, prediction: its held-out ratings, as they are now.
        champion: user_id, movie_id, prediction: those of the model in place.
    """
    theirs = champion.select("user_id", "movie_id", F.col("prediction").alias("champions"))
    both = challenger.join(theirs, on=["user_id", "movie_id"], how="inner")
    rating = F.col("rating")
    worse_by = (F.col("prediction") - rating) ** 2 - (F.col("champions") - rating) ** 2
    by_user = both.groupBy("user_id").agg(F.sum(worse_by).alias("excess"), F.count(worse_by).alias("n"))
    mean = F.sum("excess") / F.sum("n")
    excess, n = F.col("excess"), F.col("n")
    spread = F.sum(excess**2) - 2 * mean * F.sum(excess * n) + mean**2 * F.sum(n**2)
    standard_error = F.sqrt(F.greatest(spread, F.lit(0.0))) / F.sum("n")
    found = by_user.where("n > 0").agg(mean, standard_error, F.coalesce(F.sum("n"), F.lit(0)))
    (row,) = found.collect()
    return Difference(row[0] or 0.0, row[1] or 0.0, row[2])
