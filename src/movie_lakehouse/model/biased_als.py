"""Spark's ALS on what regularised biases leave, as an estimator of Spark ML."""

from typing import Any

from pyspark import keyword_only
from pyspark.ml import Estimator
from pyspark.ml.param import Param, Params, TypeConverters
from pyspark.ml.param.shared import HasMaxIter, HasRegParam, HasSeed
from pyspark.ml.recommendation import ALS
from pyspark.ml.util import DefaultParamsReadable, DefaultParamsWritable
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from movie_lakehouse.model.biases import MOVIE_REGULARISATION, USER_REGULARISATION, Biases, fit_biases
from movie_lakehouse.model.factor_model import FactorModel


class BiasedALS(
    Estimator[FactorModel],
    HasMaxIter,
    HasRegParam,
    HasSeed,
    DefaultParamsReadable["BiasedALS"],
    DefaultParamsWritable,
):
    """Biased matrix factorisation: mean + user bias + movie bias + factors, the factors fitted by ALS to the residuals.

    Koren, Bell and Volinsky, Matrix factorization techniques for recommender systems (2009). It takes user_id,
    movie_id and rating; the names and meaning of rank, maxIter, regParam and seed are those of Spark's ALS, so that
    ParamGridBuilder and CrossValidator work on it unchanged.
    """

    rank: Param[int] = Param(Params._dummy(), "rank", "Number of factors.", TypeConverters.toInt)
    userRegularisation: Param[float] = Param(  # noqa: N815
        Params._dummy(), "userRegularisation", "Ratings that a user's bias is shrunk by.", TypeConverters.toFloat
    )
    movieRegularisation: Param[float] = Param(  # noqa: N815
        Params._dummy(), "movieRegularisation", "Ratings that a movie's bias is shrunk by.", TypeConverters.toFloat
    )
    numBlocks: Param[int] = Param(  # noqa: N815
        Params._dummy(), "numBlocks", "Blocks of users, and of movies.", TypeConverters.toInt
    )

    @keyword_only
    def __init__(
        self,
        *,
        rank: int = 50,
        maxIter: int = 10,  # noqa: N803
        regParam: float = 0.15,  # noqa: N803
        seed: int | None = None,
        userRegularisation: float = USER_REGULARISATION,  # noqa: N803
        movieRegularisation: float = MOVIE_REGULARISATION,  # noqa: N803
        numBlocks: int = 1,  # noqa: N803
    ) -> None:
        super().__init__()
        given: dict[str, Any] = self._input_kwargs  # type: ignore[attr-defined]
        self._setDefault(
            rank=50,
            maxIter=10,
            regParam=0.15,
            userRegularisation=USER_REGULARISATION,
            movieRegularisation=MOVIE_REGULARISATION,
            numBlocks=1,
        )
        self._set(**{name: value for name, value in given.items() if value is not None})

    def _fit(self, dataset: DataFrame) -> FactorModel:
        """Fit biases, then ALS to what they leave; a user or movie whose residuals give no factors has zeros."""
        biases = fit_biases(
            dataset,
            user_regularisation=self.getOrDefault(self.userRegularisation),
            movie_regularisation=self.getOrDefault(self.movieRegularisation),
        )
        als = self._als().fit(residuals(dataset, biases))
        return FactorModel(
            _with_factors(biases.users, als.userFactors, "user_id"),
            _with_factors(biases.movies, als.itemFactors, "movie_id"),
            biases.mean,
        )

    def _als(self) -> ALS:
        """ALS with this estimator's parameters."""
        return ALS(
            userCol="user_id",
            itemCol="movie_id",
            ratingCol="residual",
            rank=self.getOrDefault(self.rank),
            maxIter=self.getMaxIter(),
            regParam=self.getRegParam(),
            seed=self.getSeed(),
            numUserBlocks=self.getOrDefault(self.numBlocks),
            numItemBlocks=self.getOrDefault(self.numBlocks),
            coldStartStrategy="nan",
        )


def residuals(ratings: DataFrame, biases: Biases) -> DataFrame:
    """What the biases leave of each rating: user_id, movie_id, residual (float, stars)."""
    residual = F.col("rating") - F.lit(biases.mean) - F.col("user_bias") - F.col("movie_bias")
    return biases.beside(ratings, how="inner").select("user_id", "movie_id", residual.cast("float").alias("residual"))


def _with_factors(biases: DataFrame, factors: DataFrame, key: str) -> DataFrame:
    """The biases of one side with its factors."""
    named = factors.select(F.col("id").alias(key), F.col("features").alias("factors"))
    joined = biases.join(named, on=key, how="inner")
    return joined.select(key, F.col("bias").cast("float").alias("bias"), "factors")
