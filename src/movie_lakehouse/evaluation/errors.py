"""Errors of predicted stars with intervals: each user's, averaged by how many ratings they are of."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from movie_lakehouse.evaluation.bootstrap import N_RESAMPLES, NO_INTERVAL, bootstrap_intervals


def error_metrics(predictions: DataFrame, seed: int) -> DataFrame:
    """Sum up each model's predictions of the same held-out rows, with 95% intervals over users.

    Args:
        predictions: model, user_id, rating, prediction, is_cold (nothing is known of the user, or the training part
            lacks the movie).
        seed: of the bootstrap.

    Returns:
        model, metric, value, low, high, n_users: rmse and mae (in stars, over all rows), rmse_warm and mae_warm (over
        those that are not cold), cold_share (0 to 1) and, without interval, n_rows.
    """
    averaged = bootstrap_intervals(user_errors(predictions), n_resamples=N_RESAMPLES, seed=seed)
    rooted = F.col("metric").startswith("rmse")
    values = {name: F.when(rooted, F.sqrt(name)).otherwise(F.col(name)) for name in ("value", "low", "high")}
    counted = predictions.groupBy("model").agg(
        F.count(F.lit(1)).cast("double").alias("value"), F.count_distinct("user_id").alias("n_users")
    )
    n_rows = counted.selectExpr(
        "model", "'n_rows' AS metric", "value", f"{NO_INTERVAL} AS low", f"{NO_INTERVAL} AS high", "n_users"
    )
    return averaged.withColumns(values).unionByName(n_rows)


def user_errors(predictions: DataFrame) -> DataFrame:
    """Each user's mean errors: model, metric, user_id, value (squared where the metric is a root), weight (rows)."""
    off = F.col("prediction") - F.col("rating")
    is_warm = ~F.col("is_cold")
    errors = {
        "rmse": (off * off, F.lit(True)),
        "mae": (F.abs(off), F.lit(True)),
        "rmse_warm": (off * off, is_warm),
        "mae_warm": (F.abs(off), is_warm),
        "cold_share": (F.col("is_cold").cast("double"), F.lit(True)),
    }
    summed = predictions.groupBy("model", "user_id").agg(
        *(
            F.struct(
                F.lit(metric).alias("metric"),
                F.avg(F.when(counts, error)).alias("value"),
                F.count_if(counts).alias("weight"),
            ).alias(metric)
            for metric, (error, counts) in errors.items()
        )
    )
    return summed.select("model", "user_id", F.inline(F.array(*errors))).where("weight > 0")
