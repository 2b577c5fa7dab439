"""One training run written down in MLflow."""

import logging
import os
import shutil
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any, Final

import pandas as pd
import pyarrow.parquet as pq

from movie_lakehouse.model.factor_model import FactorModel
from movie_lakehouse.tracking.factor_files import write_factors
from movie_lakehouse.tracking.place import CHAMPION, TrackingPlace

REQUIREMENTS: Final = ("mlflow", "numpy", "pandas", "pyarrow")
"""What scorer.py imports; guessing it takes MLflow a quarter of a minute."""
_SILENT: Final = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "true",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
}
_IMPERSONAL: Final = {"mlflow.source.name": "movie_lakehouse", "mlflow.user": "movie_lakehouse"}
"""In the place of the program's path and the user's name on this machine, which MLflow would keep."""
_DEFAULT_ARTIFACTS: Final = "_MLFLOW_SERVER_ARTIFACT_ROOT"
"""MLflow's variable for where its default experiment has its files, which is else below the working folder."""
_QUIET: Final = ("mlflow", "alembic")

Metric = tuple[str, float, int]
"""Name, value, step."""


@dataclass(frozen=True)
class TrackedRun:
    """What is written down.

    Attributes:
        run_id: of the job.
        parameters: settings, the fitted model's parameters, and versions of tables.
        metrics: as MLflow names them.
        model: what predicts, published or refused.
        promoted: whether people get it.
    """

    run_id: str
    parameters: Mapping[str, Any]
    metrics: Sequence[Metric]
    model: FactorModel
    promoted: bool


def record(run: TrackedRun, place: TrackingPlace) -> str:
    """Write the run down, register its model, and move the alias to it where it is promoted.

    Returns:
        The version of the registered model.

    Raises:
        Exception: whatever MLflow raises where its server, its disk or the model does not do; the caller decides.
    """
    with _mlflow_at(place) as mlflow:
        client = mlflow.MlflowClient()
        tags = {"run_id": run.run_id, "promoted": str(run.promoted).lower()}
        told = tags if place.folder is None else tags | _IMPERSONAL
        with mlflow.start_run(experiment_id=_experiment(client, place), run_name=run.run_id, tags=told) as started:
            mlflow.log_params(dict(run.parameters))
            _log_metrics(mlflow, started.info, run.metrics)
            registered = str(_log_model(mlflow, run.model, place).registered_model_version)
        for name, value in tags.items():
            client.set_model_version_tag(place.model, registered, name, value)
        if run.promoted:
            client.set_registered_model_alias(place.model, CHAMPION, registered)
    return registered


def crown(run_id: str, place: TrackingPlace) -> str:
    """Move the alias to the model that a run of the job trained, and give its version.

    Raises:
        LookupError: none is registered.
        Exception: whatever MLflow raises, as in record.
    """
    with _mlflow_at(place) as mlflow:
        client = mlflow.MlflowClient()
        # Unity Catalog finds versions by the model's name or by the run, and gives them without their tags.
        of_run = [client.search_model_versions(f"run_id = '{run.info.run_id}'") for run in _runs(client, place, run_id)]
        versions = [int(found.version) for found in chain.from_iterable(of_run) if found.name == place.model]
        if not versions:
            raise LookupError(f"it has no model of the run {run_id}")
        client.set_registered_model_alias(place.model, CHAMPION, str(max(versions)))
    return str(max(versions))


def add_metrics(run_id: str, metrics: Sequence[Metric], place: TrackingPlace) -> None:
    """Add metrics to what is written down of a run.

    Raises:
        LookupError: nothing is.
        Exception: whatever MLflow raises, as in record.
    """
    with _mlflow_at(place) as mlflow:
        client = mlflow.MlflowClient()
        found = _runs(client, place, run_id)
        if not found:
            raise LookupError(f"it has no run {run_id}")
        _log_metrics(mlflow, found[0].info, metrics)


def _runs(client: Any, place: TrackingPlace, run_id: str) -> list[Any]:
    """What MLflow has of the trainings of a run of the job, the newest first."""
    return list(client.search_runs([_experiment(client, place)], f"tags.run_id = '{run_id}'"))


def _log_metrics(mlflow: ModuleType, info: Any, metrics: Sequence[Metric]) -> None:
    """Log all in one go."""
    entities = [mlflow.entities.Metric(name, value, info.start_time, step) for name, value, step in metrics]
    mlflow.MlflowClient().log_batch(info.run_id, metrics=entities)


@contextmanager
def _mlflow_at(place: TrackingPlace) -> Iterator[ModuleType]:
    """MLflow, quiet, asking nobody but this place until the block ends."""
    os.environ.update(_SILENT)
    import mlflow

    before = mlflow.get_tracking_uri(), mlflow.get_registry_uri()
    keeps_no_bytecode = sys.dont_write_bytecode
    levels = {name: logging.getLogger(name).level for name in _QUIET}
    for name in levels:
        logging.getLogger(name).setLevel(logging.ERROR)
    try:
        sys.dont_write_bytecode = True  # MLflow tries a model's script where it has put it: among the model's files
        if place.folder is not None:
            place.folder.mkdir(parents=True, exist_ok=True)
            os.environ[_DEFAULT_ARTIFACTS] = (place.folder / "artifacts").as_uri()
        mlflow.set_tracking_uri(place.tracking_uri)
        mlflow.set_registry_uri(place.registry_uri)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield mlflow
    finally:
        sys.dont_write_bytecode = keeps_no_bytecode
        mlflow.set_tracking_uri(before[0])
        mlflow.set_registry_uri(before[1])
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)


def _experiment(client: Any, place: TrackingPlace) -> str:
    """The experiment's id; it is made where it is not there yet."""
    known = client.get_experiment_by_name(place.experiment)
    if known is not None:
        return str(known.experiment_id)
    artifacts = None if place.folder is None else (place.folder / "artifacts").as_uri()
    return str(client.create_experiment(place.experiment, artifact_location=artifacts))


def _log_model(mlflow: ModuleType, model: FactorModel, place: TrackingPlace) -> Any:
    """The model with its signature and an example, as a new version of the registered one."""
    from mlflow.models import ModelSignature
    from mlflow.types import ColSpec, Schema

    pairs = Schema([ColSpec("integer", "user_id"), ColSpec("integer", "movie_id")])
    # MLflow prints what it registers, whatever the level of its logs; what fails is raised all the same.
    quietly = mlflow.utils.autologging_utils.MlflowEventsAndWarningsBehaviorGlobally
    unprinted = quietly(disable_event_logs=True, disable_warnings=False, reroute_warnings=False)
    with TemporaryDirectory(dir=place.folder) as folder, unprinted:
        files = {
            "user_factors": write_factors(model.user_factors, "user_id", Path(folder, "user_factors.parquet")),
            "movie_factors": write_factors(model.movie_factors, "movie_id", Path(folder, "movie_factors.parquet")),
        }
        return mlflow.pyfunc.log_model(
            name="model",
            python_model=shutil.copy(Path(__file__).with_name("scorer.py"), folder),  # the model keeps the path
            artifacts={name: str(file) for name, file in files.items()},
            model_config={"mean": model.getOrDefault(model.mean)},
            signature=ModelSignature(pairs, Schema([ColSpec("double", "prediction")])),
            input_example=_example(*files.values()),
            pip_requirements=[f"{name}=={version(name)}" for name in REQUIREMENTS],
            tags=None if place.folder is None else dict(_IMPERSONAL),
            registered_model_name=place.model,
        )


def _example(users: Path, movies: Path) -> pd.DataFrame:
    """A user and a movie that the model knows, of the files of its factors."""
    keys = {"user_id": users, "movie_id": movies}
    return pd.DataFrame({key: pq.read_table(file, columns=[key])[key][:1].to_numpy() for key, file in keys.items()})
