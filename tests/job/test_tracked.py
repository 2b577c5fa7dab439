"""Training written down in MLflow, or not."""

import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pyspark.sql import DataFrame, SparkSession

from job.conftest import SampleRun
from movie_lakehouse.job import tracked
from movie_lakehouse.job.context import Context
from movie_lakehouse.job.settings import settings_from
from movie_lakehouse.job.tracked import track, tracked_run
from movie_lakehouse.lakehouse.store import Store
from movie_lakehouse.model.factor_model import FactorModel
from movie_lakehouse.query.predictions import read_model
from movie_lakehouse.query.reader import LakehouseReader
from movie_lakehouse.tracking.place import CHAMPION, tracking_place_of
from support.small_lakehouse import ROWS, table_of

FRAMES = ("gold.cv_results", "gold.model_metrics", "gold.model_runs")


@pytest.fixture
def frames(spark: SparkSession) -> Mapping[str, DataFrame]:
    return {name: table_of(spark, name, ROWS[name]) for name in FRAMES}


def context_of(store: Store, **settings: str) -> Context:
    return Context("train", store, settings_from({"lakehouse": "./unused", **settings}), datetime.now(UTC))


def refuse(*_: Any) -> str:
    raise ConnectionError("nobody answers\nat all")


def test_the_champion_predicts_what_the_tables_do(sample_run: SampleRun) -> None:
    mlflow = pytest.importorskip("mlflow", reason="the extra mlflow is not installed")
    place, reader = tracking_place_of(sample_run.store.place), LakehouseReader(Path(sample_run.parameters["lakehouse"]))
    pairs = reader.arrays("SELECT user_id, movie_id FROM silver.ratings")
    wanted = read_model(reader).predict(pairs["user_id"].astype(np.int64), pairs["movie_id"].astype(np.int64))
    mlflow.set_tracking_uri(place.tracking_uri)
    mlflow.set_registry_uri(place.registry_uri)

    champion = mlflow.pyfunc.load_model(place.champion_uri)
    version = mlflow.MlflowClient().get_model_version_by_alias(place.model, CHAMPION)

    found = champion.predict({name: values.astype(np.int32) for name, values in pairs.items()})
    assert found["prediction"].to_numpy() == pytest.approx(wanted, abs=1e-6)
    assert version.tags["run_id"] == next(iter(reader.sql("SELECT run_id FROM gold.model_runs WHERE promoted")))[0]


def test_parameters_folds_metrics_and_versions_are_written_down(store: Store, frames: Mapping[str, DataFrame]) -> None:
    run = tracked_run(context_of(store, run_id="r", seed="7"), frames, FactorModel())

    assert (run.run_id, run.promoted) == ("r", True)
    assert {name: run.parameters[name] for name in ("seed", "fitted/rank", "version/silver.ratings")} == {
        "seed": 7,
        "fitted/rank": 10,
        "version/silver.ratings": 1,
    }
    assert sorted(run.metrics) == [
        ("cv_rmse/rank 10 max_iter 5 reg_param 0.1", 0.8, 1),
        ("cv_rmse/rank 10 max_iter 5 reg_param 0.1", 0.9, 0),
        ("random/als/mae", 0.7, 0),
        ("random/als/rmse", 0.9, 0),
    ]


def test_a_server_that_does_not_answer_is_one_line_and_no_failure(
    store: Store, frames: Mapping[str, DataFrame], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tracked, "record", refuse)
    monkeypatch.setattr(tracked, "find_spec", lambda name: name)

    track(context_of(store), frames, FactorModel())

    assert capsys.readouterr().err == (
        "train: warning: the run is not in MLflow, where champion stays what it was: nobody answers\n"
    )


@pytest.mark.parametrize(("tracking", "is_installed"), [("off", True), ("auto", False)])
def test_without_wish_or_extra_nothing_is_written_down(
    store: Store,
    frames: Mapping[str, DataFrame],
    monkeypatch: pytest.MonkeyPatch,
    tracking: str,
    is_installed: bool,
) -> None:
    monkeypatch.setattr(tracked, "record", lambda run, place: pytest.fail("something was written down"))
    monkeypatch.setattr(tracked, "find_spec", lambda name: name if is_installed else None)

    track(context_of(store, tracking=tracking), frames, FactorModel())


def test_the_tasks_do_not_import_mlflow() -> None:
    tasks = "import sys, movie_lakehouse.job.tasks.train; sys.exit('mlflow' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", tasks], check=False).returncode == 0
