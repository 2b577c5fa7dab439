"""Models side by side on the same held-out ratings: nothing is good or bad but beside a baseline."""

from collections.abc import Mapping

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from movie_lakehouse.model.biases import Biases
from movie_lakehouse.model.factor_model import FactorModel, within_scale

BASELINES = ("mean", "bias")


def rival_predictions(held_out: DataFrame, biases: Biases, models: Mapping[str, FactorModel]) -> DataFrame:
    """What each model and each baseline predicts for every held-out rating.

    Args:
        held_out: user_id, movie_id, rating.
        biases: fitted on the training part; they predict for a cold row what a model without biases cannot.
        models: fitted on the training part, by name.

    Returns:
        user_id, movie_id, rating, is_cold (the training part lacks the user or the movie), and a column of predicted
        stars for ``mean``, ``bias`` and every model.
    """
    joined = biases.beside(held_out, how="left")
    sum_of_biases = F.coalesce("user_bias", F.lit(0.0)) + F.coalesce("movie_bias", F.lit(0.0))
    frame = joined.select(
        "user_id",
        "movie_id",
        "rating",
        (F.col("user_bias").isNull() | F.col("movie_bias").isNull()).alias("is_cold"),
        F.lit(biases.mean).alias("mean"),
        within_scale(F.lit(biases.mean) + sum_of_biases).alias("bias"),
    )
    for name, model in models.items():
        frame = model.transform(frame).withColumnRenamed("prediction", name)
    return frame


def with_bias_where_cold(predictions: DataFrame, model: str, *, users: DataFrame | None = None) -> DataFrame:
    """Put the biases' prediction in the place of a model's on cold rows, where it has nothing but zeros to say.

    Args:
        predictions: as rival_predictions gives them.
        model: the name of the model's column.
        users: user_id of all whom the model knows, where biases know more; other users' rows are cold to the model.
    """
    is_warm, columns = ~F.col("is_cold"), predictions.columns
    if users is not None:
        known = users.select("user_id", F.lit(True).alias("_is_known"))
        predictions = predictions.join(known, on="user_id", how="left")
        is_warm = is_warm & F.col("_is_known").isNotNull()
    filled = predictions.withColumn(model, F.when(is_warm, F.col(model)).otherwise(F.col("bias")))
    return filled.select(*columns)


def one_row_a_model(predictions: DataFrame) -> DataFrame:
    """The wide frame of rival_predictions as user_id, movie_id, rating, is_cold, model, prediction."""
    ids = ["user_id", "movie_id", "rating", "is_cold"]
    models = [name for name in predictions.columns if name not in ids]
    return predictions.unpivot(tuple(ids), tuple(models), "model", "prediction")
