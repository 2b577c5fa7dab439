"""Training's part of MLflow: what is to be written down, and that a run is never lost for want of a server."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec

from pyspark.sql import DataFrame

from movie_lakehouse.errors import reason_of
from movie_lakehouse.evaluation.report import Row
from movie_lakehouse.job.context import Context
from movie_lakehouse.job.stages import TRACKING
from movie_lakehouse.lakehouse.tables import gold
from movie_lakehouse.model.factor_model import FactorModel
from movie_lakehouse.text import without_folders
from movie_lakehouse.tracking.place import CHAMPION, TrackingPlace, tracking_place_of
from movie_lakehouse.tracking.record import Metric, TrackedRun, add_metrics, crown, record


def track(context: Context, frames: Mapping[str, DataFrame], model: FactorModel) -> None:
    """Write the training run down in MLflow, where that is wanted and installed.

    The tables are what counts and have been written by now: what MLflow cannot do is said in one line and no more.

    Args:
        context: of the task.
        frames: gold.cv_results, gold.model_metrics and gold.model_runs as this run has written them.
        model: published or refused.
    """

    def write_down(place: TrackingPlace) -> str:
        run = tracked_run(context, frames, model)
        version = record(run, place)
        return f"{place.model} version {version} {'is' if run.promoted else 'is not'} {CHAMPION}"

    _try(context, write_down, f"the run is not in MLflow, where {CHAMPION} stays what it was")


def track_evaluation(context: Context, run_id: str, rows: Sequence[Row]) -> None:
    """Add what was measured of a run's model to what MLflow has of the run, where that is wanted and installed.

    Args:
        context: of the evaluation.
        run_id: of the run that the metrics are kept under.
        rows: as as_rows gives them.
    """
    metrics = [(_name(split, model, metric), value, 0) for split, model, metric, value, *_ in rows]

    def write_down(place: TrackingPlace) -> str:
        add_metrics(run_id, metrics, place)
        return f"the metrics are added to the run {run_id}"

    _try(context, write_down, "the evaluation is not in MLflow")


def track_champion(context: Context, run_id: str | None) -> None:
    """Let MLflow's alias be the model that a run trained, where that is wanted and installed.

    Args:
        context: of the task.
        run_id: of the training run; None where tables have no model, and the alias stays.
    """
    if run_id is not None:
        _try(
            context,
            lambda place: f"{place.model} version {crown(run_id, place)} is {CHAMPION}",
            f"MLflow's {CHAMPION} stays what it was",
        )


def _try(context: Context, write_down: Callable[[TrackingPlace], str], failure: str) -> None:
    """Write something down and say so, or what kept it from being written."""
    if context.settings.tracking == "off" or find_spec("mlflow") is None:
        return
    started = time.monotonic()
    try:
        with context.stage(TRACKING):
            done = write_down(tracking_place_of(context.store.place, context.settings.experiment))
    except Exception as error:
        context.notice(f"warning: {failure}: {reason_of(error)}")
    else:
        context.notice(f"tracked: {done} ({time.monotonic() - started:.1f} s)")


def tracked_run(context: Context, frames: Mapping[str, DataFrame], model: FactorModel) -> TrackedRun:
    """The run in MLflow's terms."""
    (row,) = frames[gold.MODEL_RUNS.name].collect()
    settings = context.settings.model_dump(exclude={"lakehouse", "landing", "expectations", "run_id"})
    settings["source"] = without_folders(settings["source"])
    read = {f"version/{table}": version for table, version in row["table_versions"].items()}
    fitted = {f"fitted/{name}": value for name, value in json.loads(row["best_params"]).items()}
    metrics = [*_fold_metrics(frames[gold.CV_RESULTS.name]), *_metrics(frames[gold.MODEL_METRICS.name])]
    return TrackedRun(context.settings.run_id, settings | fitted | read, metrics, model, row["promoted"])


def _fold_metrics(cells: DataFrame) -> list[Metric]:
    """The error of every setting, a step a fold."""
    return [
        (
            f"cv_rmse/rank {cell['rank']} max_iter {cell['max_iter']} reg_param {cell['reg_param']:g}",
            cell["rmse"],
            cell["fold"],
        )
        for cell in cells.where("rmse IS NOT NULL").collect()
    ]


def _metrics(metrics: DataFrame) -> list[Metric]:
    """What was measured, by split, model and metric."""
    return [(_name(row["split"], row["model"], row["metric"]), row["value"], 0) for row in metrics.collect()]


def _name(split: str, model: str, metric: str) -> str:
    """A metric's name in MLflow, which takes no @."""
    return f"{split}/{model}/{metric}".replace("@", "_at_")
