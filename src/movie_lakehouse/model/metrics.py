"""Errors of predicted ratings, as Spark aggregates."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F


def usable(predicted: str) -> Column:
    """The prediction, null where it is NaN."""
    return F.nanvl(predicted, F.lit(None))


def root_mean_squared_error(actual: str, predicted: str) -> Column:
    """RMSE = sqrt(mean((actual - predicted)^2)), in the unit of the ratings."""
    return F.sqrt(F.avg(F.pow(F.col(actual) - usable(predicted), 2)))


def mean_absolute_error(actual: str, predicted: str) -> Column:
    """MAE = mean(|actual - predicted|), in the unit of the ratings."""
    return F.avg(F.abs(F.col(actual) - usable(predicted)))


def rating_errors(predictions: DataFrame) -> DataFrame:
    """Sum up each model's predictions of the same held-out rows.

    Args:
        predictions: model, rating, prediction, is_cold (the training part lacks the user or the movie).

    Returns:
        model, rmse and mae (in stars, over all rows), rmse_warm and mae_warm (over those that are not cold, null
        without any), n_rows, n_cold.
    """
    warm = F.when(~F.col("is_cold"), F.col("prediction"))
    return (
        predictions.withColumn("_warm", warm)
        .groupBy("model")
        .agg(
            root_mean_squared_error("rating", "prediction").alias("rmse"),
            mean_absolute_error("rating", "prediction").alias("mae"),
            root_mean_squared_error("rating", "_warm").alias("rmse_warm"),
            mean_absolute_error("rating", "_warm").alias("mae_warm"),
            F.count(F.lit(1)).cast("double").alias("n_rows"),
            F.count_if("is_cold").cast("double").alias("n_cold"),
        )
    )
