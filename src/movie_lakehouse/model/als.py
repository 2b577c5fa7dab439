"""Spark's alternating least squares, set up for ratings of this form.

Koren, Bell, Volinsky: Matrix factorization techniques for recommender systems (2009); the regularisation is weighted by
each user's and movie's number of ratings (Zhou et al., ALS-WR, 2008), which is what Spark does.
"""

from pyspark.ml.recommendation import ALS, ALSModel
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from movie_lakehouse.model.factor_model import FactorModel
from movie_lakehouse.model.grid import Setting

_RATINGS_A_BLOCK = 2_000_000


def als_estimator(setting: Setting, *, nonnegative: bool, seed: int, n_ratings: int) -> ALS:
    """An unfitted ALS whose blocks suit the number of ratings: one block for small data costs the fewest stages."""
    blocks = n_blocks(n_ratings)
    return ALS(
        userCol="user_id",
        itemCol="movie_id",
        ratingCol="rating",
        rank=setting.rank,
        maxIter=setting.max_iter,
        regParam=setting.reg_param,
        nonnegative=nonnegative,
        seed=seed,
        numUserBlocks=blocks,
        numItemBlocks=blocks,
        coldStartStrategy="drop",
    )


def n_blocks(n_ratings: int) -> int:
    """Blocks of users, and of movies, that suit so many ratings."""
    return 1 + n_ratings // _RATINGS_A_BLOCK


def as_factor_model(model: ALSModel | FactorModel) -> FactorModel:
    """The fitted model in the form that all models here have: plain ALS has no mean and no biases, only factors."""
    if isinstance(model, FactorModel):
        return model
    return FactorModel(_factors(model.userFactors, "user_id"), _factors(model.itemFactors, "movie_id"))


def _factors(factors: DataFrame, key: str) -> DataFrame:
    """The model's id and features under the lakehouse's names."""
    return factors.select(
        F.col("id").alias(key), F.lit(0.0).cast("float").alias("bias"), F.col("features").alias("factors")
    )
