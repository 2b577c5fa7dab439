"""A fitted model of ratings as two tables: mean plus biases plus the product of factors."""

from typing import Any

from pyspark.ml import Model
from pyspark.ml.param import Param, Params, TypeConverters
from pyspark.ml.util import DefaultParamsReader, DefaultParamsWriter, MLReadable, MLReader, MLWritable, MLWriter
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from movie_lakehouse.scale import HIGHEST, LOWEST


class FactorModel(Model, MLReadable["FactorModel"], MLWritable):
    """Predicts mean + user bias + movie bias + user factors . movie factors, within the scale, for every row.

    A user or movie that the model lacks has no bias and no factors, so that the other's bias decides; without either it
    is the mean. Saves and loads as Spark's own models do.

    Attributes:
        user_factors: user_id int, bias float, factors array<float>.
        movie_factors: movie_id int, bias float, factors array<float>.
    """

    mean: Param[float] = Param(Params._dummy(), "mean", "Mean rating, in stars.", TypeConverters.toFloat)

    def __init__(
        self,
        user_factors: DataFrame | None = None,
        movie_factors: DataFrame | None = None,
        mean: float = 0.0,
    ) -> None:
        super().__init__()
        self.set(self.mean, mean)
        self._frames = (user_factors, movie_factors)

    @property
    def user_factors(self) -> DataFrame:
        """The users."""
        return _present(self._frames[0])

    @property
    def movie_factors(self) -> DataFrame:
        """The movies."""
        return _present(self._frames[1])

    def _transform(self, dataset: DataFrame) -> DataFrame:
        """Add ``prediction`` (double, stars) to a frame that has user_id and movie_id."""
        users = self.user_factors.select("user_id", *_prefixed("user"))
        movies = self.movie_factors.select("movie_id", *_prefixed("movie"))
        joined = dataset.join(users, on="user_id", how="left").join(movies, on="movie_id", how="left")
        stars = F.lit(self.getOrDefault(self.mean)) + _or_zero("user_bias") + _or_zero("movie_bias") + _product()
        return joined.select(*(f"`{name}`" for name in dataset.columns), within_scale(stars).alias("prediction"))

    def write(self) -> MLWriter:
        """What saves the model: its parameters as Spark does, its two tables as Parquet."""
        return _FactorModelWriter(self)

    @classmethod
    def read(cls) -> MLReader["FactorModel"]:
        """What loads a saved model."""
        return _FactorModelReader()


class _FactorModelWriter(MLWriter):
    """Saves a FactorModel in a folder."""

    def __init__(self, model: FactorModel) -> None:
        super().__init__()
        self._model = model

    def saveImpl(self, path: str) -> None:  # noqa: N802
        """Write metadata and tables."""
        spark = self.sparkSession
        mode = "overwrite" if self.shouldOverwrite else "error"
        metadata = DefaultParamsWriter._get_metadata_to_save(self._model, spark)
        spark.createDataFrame([(metadata,)], "value STRING").coalesce(1).write.mode(mode).text(f"{path}/metadata")
        self._model.user_factors.write.mode(mode).parquet(f"{path}/user_factors")
        self._model.movie_factors.write.mode(mode).parquet(f"{path}/movie_factors")

    def save(self, path: str) -> None:
        """Save; unlike Spark's own way, overwriting needs no JVM of this process."""
        self.saveImpl(path)


class _FactorModelReader(MLReader[FactorModel]):
    """Loads what _FactorModelWriter has saved."""

    def load(self, path: str) -> FactorModel:
        """Read metadata and tables."""
        spark = self.sparkSession
        metadata: dict[str, Any] = DefaultParamsReader.loadMetadata(path, spark)
        model = FactorModel(spark.read.parquet(f"{path}/user_factors"), spark.read.parquet(f"{path}/movie_factors"))
        model._resetUid(metadata["uid"])
        DefaultParamsReader.getAndSetParams(model, metadata)
        return model


def within_scale(stars: Column) -> Column:
    """The stars, no less and no more than the scale has; null stays null, and NaN, which Spark takes for most, NaN."""
    bounded = F.least(F.lit(HIGHEST), F.greatest(F.lit(LOWEST), stars))
    return F.when(stars.isNull() | F.isnan(stars), stars).otherwise(bounded)


def _present(frame: DataFrame | None) -> DataFrame:
    """The frame, which only a model made without any lacks."""
    assert frame is not None, "a FactorModel without its tables"
    return frame


def _prefixed(side: str) -> list[Column]:
    """Bias and factors under names that both sides can stand beside each other with."""
    return [F.col(name).alias(f"{side}_{name}") for name in ("bias", "factors")]


def _or_zero(column: str) -> Column:
    """The bias, 0 where there is none."""
    return F.coalesce(F.col(column).cast("double"), F.lit(0.0))


def _product() -> Column:
    """The dot product of both sides' factors, 0 where one side is missing and null where they differ in number."""
    products = F.zip_with("user_factors", "movie_factors", lambda u, m: u.cast("double") * m.cast("double"))
    product = F.aggregate(products, F.lit(0.0), lambda total, product: total + product)
    return F.when(F.col("user_factors").isNull() | F.col("movie_factors").isNull(), 0.0).otherwise(product)
