"""What training has found, in the form of the tables that keep it."""

import json
from datetime import UTC, datetime

from pyspark.sql import DataFrame, Row
from pyspark.sql import functions as F

from movie_lakehouse.job.context import Context
from movie_lakehouse.lakehouse.tables import gold
from movie_lakehouse.model.cells import Cell
from movie_lakehouse.model.published import PublishedModel


def cv_results(context: Context, cells: list[Cell]) -> DataFrame:
    """The search's cells in the form of gold.cv_results."""
    rows = [
        Row(
            run_id=context.settings.run_id,
            fold=cell.fold,
            **cell.setting._asdict(),
            rmse=cell.rmse,
            n_scored=cell.n_scored,
            n_cold=cell.n_cold,
        )
        for cell in cells
    ]
    return context.store.spark.createDataFrame(rows, gold.CV_RESULTS.row_schema)


def model_metrics(context: Context, split: str, errors: DataFrame, quality: DataFrame) -> DataFrame:
    """Errors, one row a model, and metrics of lists, one row each, in the form of gold.model_metrics."""
    names = [name for name in errors.columns if name != "model"]
    metrics = errors.unpivot("model", tuple(names), "metric", "value").unionByName(quality)
    return metrics.where(F.col("value").isNotNull()).select(
        F.lit(context.settings.run_id).alias("run_id"), "model", F.lit(split).alias("split"), "metric", "value"
    )


def model_run(
    context: Context, published: PublishedModel, split: str, reads: list[str], *, promoted: bool
) -> DataFrame:
    """The run's row of gold.model_runs; its parameters tell by which split it was judged, too."""
    mean = published.model.getOrDefault(published.model.mean)
    told = {"model": context.settings.model, **published.parameters, "split": split, "mean_rating": mean}
    row = Row(
        run_id=context.settings.run_id,
        trained_at=datetime.now(UTC),
        best_params=json.dumps(told),
        seed=context.settings.seed,
        table_versions=context.store.versions(reads),
        promoted=promoted,
        fold_in=published.fold_in,
    )
    return context.store.spark.createDataFrame([row], gold.MODEL_RUNS.row_schema)
