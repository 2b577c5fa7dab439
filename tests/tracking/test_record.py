"""What MLFlow has of a promoted run and of a refused one after it."""

import io
import re
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession

from movie_lakehouse.lakehouse.folder_place import FolderPlace
from movie_lakehouse.model.factor_model import FactorModel
from movie_lakehouse.tracking.place import CHAMPION, TrackingPlace, tracking_place_of
from movie_lakehouse.tracking.record import TrackedRun, add_metrics, crown, record

mlflow = pytest.importorskip("mlflow", reason="the extra mlflow is not installed")

USERS = "user_id INT, bias FLOAT, factors ARRAY<FLOAT>"
MOVIES = "movie_id INT, bias FLOAT, factors ARRAY<FLOAT>"


def model_of(spark: SparkSession, mean: float) -> FactorModel:
    users = spark.createDataFrame([(7, 0.5, [1.0, 0.0]), (3, -0.5, [0.0, 9.0])], USERS)
    movies = spark.createDataFrame([(20, 0.25, [0.5, 0.5]), (10, -0.25, [-1.0, 0.25])], MOVIES)
    return FactorModel(users, movies, mean)


@dataclass(frozen=True)
class Tracked:
    """Two runs that were tracked.

    Attributes:
        place: where.
        files: what was there before any test loaded a model, for which Python may compile its script.
        worked_in: the folder in which it was done.
        promoted: the promoted run's model.
        said: what MLflow said.
    """

    place: TrackingPlace
    files: list[Path]
    worked_in: Path
    promoted: FactorModel
    said: str

    def client(self) -> Any:
        return mlflow.MlflowClient(self.place.tracking_uri, self.place.registry_uri)

    def run(self, run_id: str) -> Any:
        client = self.client()
        experiment = client.get_experiment_by_name(self.place.experiment)
        (found,) = client.search_runs([experiment.experiment_id], f"tags.run_id = '{run_id}'")
        return found


@pytest.fixture(scope="module")
def tracked(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tracked]:
    place = tracking_place_of(FolderPlace(tmp_path_factory.mktemp("tracked") / "lakehouse"))
    promoted = model_of(spark, mean=3.5)
    metrics = [("cv_rmse/rank 2", 0.9, 0), ("cv_rmse/rank 2", 0.8, 1), ("random/bayes/rmse", 0.7, 0)]
    parameters = {"seed": 42, "version/silver.ratings": 3}
    with pytest.MonkeyPatch.context() as patch, redirect_stderr(io.StringIO()) as said:
        worked_in = tmp_path_factory.mktemp("worked-in")
        patch.chdir(worked_in)
        record(TrackedRun("good", parameters, metrics, promoted, promoted=True), place)
        record(TrackedRun("bad", parameters, metrics, model_of(spark, mean=1.0), promoted=False), place)
        assert place.folder is not None
        files = [path for path in place.folder.rglob("*") if path.is_file()]
        yield Tracked(place, files, worked_in, promoted, said.getvalue())


def loaded(tracked: Tracked) -> Any:
    """The champion, as anybody would load it."""
    mlflow.set_tracking_uri(tracked.place.tracking_uri)
    mlflow.set_registry_uri(tracked.place.registry_uri)
    return mlflow.pyfunc.load_model(tracked.place.champion_uri)


def test_parameters_and_versions_of_tables_are_kept(tracked: Tracked) -> None:
    assert tracked.run("good").data.params.items() >= {"seed": "42", "version/silver.ratings": "3"}.items()


def test_neither_the_user_nor_the_program_is_named(tracked: Tracked) -> None:
    """What MLflow keeps names the lakehouse's own folder, where its files are, and no other of this machine."""
    tags = tracked.run("good").data.tags
    assert (tags["mlflow.user"], tags["mlflow.source.name"]) == ("movie_lakehouse", "movie_lakehouse")
    assert tracked.place.folder is not None
    (text, _) = (path.read_text(encoding="utf-8") for path in tracked.place.folder.rglob("MLmodel"))
    paths = re.findall(r"(?<![\w.])/(?:[\w.-]+/)+[\w.-]+", text)
    assert [path for path in paths if not path.startswith(str(tracked.place.folder))] == []
    kept = (tracked.place.folder / "mlflow.db").read_bytes()
    assert [folder for folder in (Path.cwd(), tracked.worked_in, sys.prefix) if f"{folder}/".encode() in kept] == []


def test_every_folds_metric_is_kept(tracked: Tracked) -> None:
    history = tracked.client().get_metric_history(tracked.run("good").info.run_id, "cv_rmse/rank 2")

    assert [(metric.step, metric.value) for metric in history] == [(0, 0.9), (1, 0.8)]
    assert tracked.run("good").data.metrics["random/bayes/rmse"] == 0.7


def test_a_refused_run_is_kept_with_its_model_and_the_champion_stays(tracked: Tracked) -> None:
    client = tracked.client()
    versions = {v.tags["run_id"]: v.version for v in client.search_model_versions(f"name = '{tracked.place.model}'")}

    champion = client.get_model_version_by_alias(tracked.place.model, CHAMPION)

    assert versions.keys() == {"good", "bad"}
    assert tracked.run("bad").data.tags["promoted"] == "false"
    assert champion.version == versions["good"]


def test_the_champion_predicts_what_the_model_does_known_or_not(spark: SparkSession, tracked: Tracked) -> None:
    pairs: DataFrame = spark.createDataFrame(
        [(user, movie) for user in (3, 7, 99) for movie in (10, 20, 99)], "user_id INT, movie_id INT"
    )
    wanted = tracked.promoted.transform(pairs).toPandas()

    found = loaded(tracked).predict(wanted[["user_id", "movie_id"]])

    assert found["prediction"].tolist() == pytest.approx(wanted["prediction"].tolist())


def test_the_model_says_what_goes_in_and_out_and_gives_an_example(tracked: Tracked) -> None:
    champion = loaded(tracked)

    assert champion.metadata.get_input_schema().input_names() == ["user_id", "movie_id"]
    assert champion.metadata.get_output_schema().input_names() == ["prediction"]
    assert champion.input_example.to_dict("list") == {"user_id": [7], "movie_id": [20]}


def test_all_is_under_the_root_and_nothing_is_pickled_or_compiled(tracked: Tracked) -> None:
    kinds = {path.suffix for path in tracked.files if "artifacts" in path.parts}

    assert list(tracked.worked_in.iterdir()) == []
    assert sum(path.name == "scorer.py" for path in tracked.files) == 2
    assert kinds <= {".py", ".parquet", ".txt", ".yaml", ".json", ""}


def test_nothing_is_printed_of_it(tracked: Tracked) -> None:
    assert tracked.said == ""


def test_an_evaluation_joins_the_run_that_it_is_of(tracked: Tracked) -> None:
    add_metrics("bad", [("last/bayes/ndcg_at_10", 0.1, 0)], tracked.place)

    assert tracked.run("bad").data.metrics["last/bayes/ndcg_at_10"] == 0.1
    assert "last/bayes/ndcg_at_10" not in tracked.run("good").data.metrics


def test_an_evaluation_of_a_run_that_is_not_there_says_so(tracked: Tracked) -> None:
    with pytest.raises(LookupError, match="no run unknown"):
        add_metrics("unknown", [("last/bayes/rmse", 0.1, 0)], tracked.place)


@pytest.fixture
def as_in_unity_catalog(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let versions that are searched for be as its registry gives them: by one condition, and without their tags."""
    search = mlflow.MlflowClient.search_model_versions

    def searched(client: Any, condition: str) -> list[Any]:
        assert re.fullmatch("(name|run_id) = '[^']+'", condition)
        return [SimpleNamespace(name=found.name, version=found.version) for found in search(client, condition)]

    monkeypatch.setattr(mlflow.MlflowClient, "search_model_versions", searched)


@pytest.mark.usefixtures("as_in_unity_catalog")
def test_people_get_the_model_of_the_run_that_is_gone_back_to(tracked: Tracked) -> None:
    def champion() -> str:
        return str(tracked.client().get_model_version_by_alias(tracked.place.model, CHAMPION).run_id)

    crown("bad", tracked.place)
    assert champion() == tracked.run("bad").info.run_id
    crown("good", tracked.place)
    assert champion() == tracked.run("good").info.run_id


@pytest.mark.usefixtures("as_in_unity_catalog")
def test_a_run_without_a_model_is_not_gone_back_to(tracked: Tracked) -> None:
    with pytest.raises(LookupError, match="no model of the run unknown"):
        crown("unknown", tracked.place)
