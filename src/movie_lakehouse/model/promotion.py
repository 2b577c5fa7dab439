"""Whether a model earns its place."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F


def why_not(errors: DataFrame, model: str) -> str | None:
    """Why the model must not replace what people have, None where nothing speaks against it.

    A model whose error on the held-out ratings is not below that of plain user and movie biases has learnt nothing that
    two averages do not say.

    Args:
        errors: one row a model, as rating_errors gives them.
        model: the candidate's name among them.
    """
    rows = errors.where(F.col("model").isin(model, "bias")).select("model", "rmse").collect()
    rmse = {row["model"]: row["rmse"] for row in rows}
    if rmse[model] < rmse["bias"]:
        return None
    return (
        f"its RMSE on held-out ratings is {rmse[model]:.4f}, that of plain user and movie biases {rmse['bias']:.4f}: "
        "the tables that people query stay as they were"
    )
