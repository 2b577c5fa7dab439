"""What a fitted model predicts for held-out ratings, cold rows included."""

from pyspark.ml.recommendation import ALSModel
from pyspark.sql import DataFrame
from pyspark.sql import functions as F


def predict_held_out(model: ALSModel, held_out: DataFrame) -> DataFrame:
    """Predict every held-out rating.

    Args:
        model: fitted on the training part.
        held_out: user_id, movie_id, rating.

    Returns:
        user_id, movie_id, rating, prediction (null where the user or the movie is unknown to the model), is_cold.
    """
    scored = model.copy({model.coldStartStrategy: "nan"}).transform(held_out)
    prediction = F.nanvl(F.col("prediction").cast("double"), F.lit(None))
    return scored.select("user_id", "movie_id", "rating", prediction.alias("prediction")).withColumn(
        "is_cold", F.col("prediction").isNull()
    )
