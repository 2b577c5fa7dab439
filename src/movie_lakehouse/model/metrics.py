"""Errors of predicted ratings as Spark aggregates: rows without a prediction (null or NaN) do not count."""

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
    """Sum up predictions in one row: rmse, mae, n_scored, n_cold.

    Args:
        predictions: rating, prediction (null or NaN where there is none), is_cold.
    """
    return predictions.agg(
        root_mean_squared_error("rating", "prediction").alias("rmse"),
        mean_absolute_error("rating", "prediction").alias("mae"),
        F.count(usable("prediction")).cast("double").alias("n_scored"),
        F.count_if("is_cold").cast("double").alias("n_cold"),
    )
