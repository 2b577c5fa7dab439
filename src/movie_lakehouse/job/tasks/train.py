"""train: search the grid, score the best model once on held-out ratings, publish the factors of a fit on all."""

import json
from contextlib import ExitStack
from datetime import UTC, datetime

from pyspark.sql import DataFrame, Row
from pyspark.sql import functions as F

from movie_lakehouse.job.context import Context
from movie_lakehouse.job.task import Rows, Task
from movie_lakehouse.lakehouse.materialise import materialised
from movie_lakehouse.lakehouse.tables import gold
from movie_lakehouse.model.als import movie_factors, user_factors
from movie_lakehouse.model.metrics import rating_errors
from movie_lakehouse.model.predict import predict_held_out
from movie_lakehouse.model.search import Cell, SearchOutcome
from movie_lakehouse.model.split import random_split
from movie_lakehouse.model.training import TrainingSettings, fit_published, tune

READS = ("silver.ratings",)
APPENDED = (gold.CV_RESULTS.name, gold.MODEL_METRICS.name, gold.MODEL_RUNS.name)
REPLACED = (gold.RATING_PREDICTIONS.name, gold.USER_FACTORS.name, gold.MOVIE_FACTORS.name)
MODEL, SPLIT = "als", "random"


def run(context: Context) -> Rows:
    """Train, measure and publish."""
    settings = _training_settings(context)
    columns = ["user_id", "movie_id", "rating"]
    with ExitStack() as stack:
        ratings = stack.enter_context(materialised(context.store.read(READS[0]).select(columns)))
        train, held_out = random_split(ratings, context.settings.test_fraction, context.settings.seed)
        outcome = tune(train, settings, lambda done, total: context.step("fits", done, total))
        predictions = stack.enter_context(materialised(predict_held_out(outcome.model, held_out)))
        published = fit_published(ratings, outcome, settings)
        frames = {
            gold.CV_RESULTS.name: _cv_results(context, outcome.cells),
            gold.MODEL_METRICS.name: _model_metrics(context, rating_errors(predictions)),
            gold.MODEL_RUNS.name: _model_run(context, outcome),
            gold.RATING_PREDICTIONS.name: predictions,
            gold.USER_FACTORS.name: user_factors(published),
            gold.MOVIE_FACTORS.name: movie_factors(published),
        }
        frames = {name: stack.enter_context(materialised(frame)) for name, frame in frames.items()}
        context.audit(frames)
        return _publish(context, frames)


def _publish(context: Context, frames: dict[str, DataFrame]) -> Rows:
    """Write the frames; the run's row in model_runs comes last and makes the others count."""
    for name in REPLACED:
        context.store.replace(name, frames[name])
    _forget_unfinished_runs(context)
    for name in APPENDED:
        context.store.append(name, frames[name])
    return {name: frame.count() for name, frame in frames.items()}


def _forget_unfinished_runs(context: Context) -> None:
    """Drop what a run that was killed while it published has left: rows of runs that model_runs does not have."""
    finished = context.store.read_or_empty(gold.MODEL_RUNS.name).select("run_id")
    for name in APPENDED[:-1]:
        rows = context.store.read_or_empty(name)
        if not rows.join(finished, "run_id", "left_anti").isEmpty():
            context.store.replace(name, rows.join(finished, "run_id", "left_semi"))


def _training_settings(context: Context) -> TrainingSettings:
    """The job's settings that training depends on."""
    chosen = context.settings
    return TrainingSettings(
        chosen.settings_grid, chosen.folds, chosen.nonnegative, seed=chosen.seed, parallelism=chosen.parallelism
    )


def _cv_results(context: Context, cells: list[Cell]) -> DataFrame:
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


def _model_metrics(context: Context, errors: DataFrame) -> DataFrame:
    """One row of errors in the form of gold.model_metrics, a row a metric."""
    return errors.unpivot([], list(errors.columns), "metric", "value").select(
        F.lit(context.settings.run_id).alias("run_id"),
        F.lit(MODEL).alias("model"),
        F.lit(SPLIT).alias("split"),
        "metric",
        "value",
    )


def _model_run(context: Context, outcome: SearchOutcome) -> DataFrame:
    """The run's row of gold.model_runs."""
    row = Row(
        run_id=context.settings.run_id,
        trained_at=datetime.now(UTC),
        best_params=json.dumps(outcome.best._asdict() | {"nonnegative": context.settings.nonnegative}),
        seed=context.settings.seed,
        table_versions=context.store.versions(list(READS)),
        promoted=True,
    )
    return context.store.spark.createDataFrame([row], gold.MODEL_RUNS.row_schema)


train = Task(
    "train",
    run,
    reads=READS,
    writes=(*REPLACED, *APPENDED),
    settings=("grid", "folds", "nonnegative", "test_fraction", "seed"),
)
