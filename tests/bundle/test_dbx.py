"""The job that dbx deploys is the bundle's."""

import json
import os
import shutil
import subprocess
import sys
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from dbx_workspace import ARTIFACTS, Workspace, workspace
from target_checks import PRIVATE

from movie_lakehouse.job.bundle import Bundle
from movie_lakehouse.job.references import Resolver
from support.built_wheel import PROJECT, copy_sources

DBX = PROJECT / ".venv-dbx" / "bin" / "dbx"
DEPLOYMENT = PROJECT / "conf" / "deployment.yml"
# What dbx does in its own way: it has clusters alone, brings the wheel itself, and cannot be given an address.
OF_THE_BUNDLE_ALONE = {"environments", "description", "email_notifications"}
OF_ITS_TASKS_ALONE = {"environment_key", "disable_auto_optimization", "libraries", "job_cluster_key"}
OF_DBX_ALONE = {"spark.databricks.driver.dbfsLibraryInstallationAllowed": "true"}
"""What dbx's cluster has beside the bundle's settings of Spark: dbx brings the wheel by way of the DBFS root."""


@pytest.fixture(scope="module")
def deployed() -> dict[str, Any]:
    """The workflow that dbx deploys, as it is written."""
    (workflow,) = yaml.safe_load(DEPLOYMENT.read_text(encoding="utf-8"))["environments"]["default"]["workflows"]
    return dict(workflow)


@pytest.fixture(scope="module")
def defined(bundle: Bundle) -> dict[str, Any]:
    """The bundle's job with its variables' own defaults and no target's, but for what dbx does in its own way."""
    tree = {**bundle.tree, "targets": {"default": {"default": True}}}
    key = "resources.jobs.movie_lakehouse"
    job = {k: v for k, v in tree["resources"]["jobs"]["movie_lakehouse"].items() if k not in OF_THE_BUNDLE_ALONE}
    # dbx deploys no experiment, so that the job's own name for it is taken.
    job["parameters"] = [p | ({"default": ""} if p["name"] == "experiment" else {}) for p in job["parameters"]]
    return dict(Resolver(replace(bundle, tree=tree), "default").resolve(job, key))


def without(tree: dict[str, Any], keys: set[str]) -> dict[str, Any]:
    return {key: value for key, value in tree.items() if key not in keys}


def test_the_tasks_are_the_bundles(deployed: dict[str, Any], defined: dict[str, Any]) -> None:
    """Entry points, dependencies, parameters, retries and timeouts."""
    expected = [without(task, OF_ITS_TASKS_ALONE) for task in defined["tasks"]]
    assert [without(task, OF_ITS_TASKS_ALONE) for task in deployed["tasks"]] == expected


def test_the_parameters_are_the_bundles(deployed: dict[str, Any], defined: dict[str, Any]) -> None:
    """The suites' folder goes with the deployment instead of the bundle's files."""
    assert deployed["parameters"] == [
        parameter | ({"default": "file:fuse://expectations"} if parameter["name"] == "expectations" else {})
        for parameter in defined["parameters"]
    ]


@pytest.mark.parametrize("key", ["name", "schedule", "max_concurrent_runs", "queue", "timeout_seconds", "health"])
def test_the_rest_of_the_job_is_the_bundles(deployed: dict[str, Any], defined: dict[str, Any], key: str) -> None:
    assert deployed[key] == defined[key]


def test_the_cluster_is_the_bundles_and_installs_from_where_dbx_uploads(
    deployed: dict[str, Any], defined: dict[str, Any]
) -> None:
    (expected,) = deepcopy(defined["job_clusters"])
    expected["new_cluster"]["spark_conf"] |= OF_DBX_ALONE
    assert deployed["job_clusters"] == [expected]


def test_the_packages_beside_the_wheel_are_the_bundles(deployed: dict[str, Any], defined: dict[str, Any]) -> None:
    """Without that of MLflow no training would be tracked."""
    needed = {
        task["task_key"]: [library for library in task["libraries"] if "whl" not in library]
        for task in defined["tasks"]
        if "libraries" in task
    }
    assert {task["task_key"]: task["libraries"] for task in deployed["tasks"] if "libraries" in task} == needed


@pytest.mark.parametrize("file", [DEPLOYMENT, PROJECT / ".dbx" / "project.json"], ids=lambda file: file.name)
def test_nothing_private_is_written(file: Path) -> None:
    text = file.read_text(encoding="utf-8")

    assert [what for what, pattern in PRIVATE.items() if pattern.search(text)] == []


def test_every_task_runs_on_the_cluster(deployed: dict[str, Any]) -> None:
    assert {task["job_cluster_key"] for task in deployed["tasks"]} == {"training"}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what dbx needs of the project, for it to build and deploy."""
    if not DBX.is_file():
        pytest.skip(f"There is no {DBX.relative_to(PROJECT)}; `make dbx-env` makes it (Python 3.11).")
    folder = tmp_path_factory.mktemp("dbx")
    copy_sources(folder)
    for name in ("conf", ".dbx", "expectations"):
        shutil.copytree(PROJECT / name, folder / name)
    return folder


def test_dbx_reads_the_file(project: Path, deployed: dict[str, Any]) -> None:
    script = (
        "from pathlib import Path; from dbx.api.config_reader import ConfigReader; "
        "print('TASKS', [t.task_key for t in "
        "ConfigReader(Path('conf/deployment.yml')).get_environment('default').payload.workflows[0].tasks])"
    )
    read = subprocess.run(
        [DBX.parent / "python", "-c", script], cwd=project, check=True, capture_output=True, text=True
    )
    assert f"TASKS {[task['task_key'] for task in deployed['tasks']]}" in read.stdout


@pytest.fixture(scope="module")
def after_deploy(project: Path) -> Workspace:
    """The stand-in workspace after a real ``dbx deploy``, which builds the wheel with this Python and no network."""
    variables = {
        "DATABRICKS_HOST": "http://127.0.0.2",
        "DATABRICKS_TOKEN": "none",
        "DATABRICKS_JOBS_API_VERSION": "2.1",
        "HOME": str(project),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PIP_NO_BUILD_ISOLATION": "0",
    }
    try:
        with workspace() as stand_in:
            command = [DBX, "deploy", "--environment", "default"]
            ran = subprocess.run(command, cwd=project, env=variables, capture_output=True, text=True, check=False)
    except OSError as error:
        pytest.skip(f"The stand-in workspace cannot listen on port 80 here: {error}")
    assert ran.returncode == 0, ran.stdout[-3000:]
    return stand_in


def test_dbx_posts_the_job(after_deploy: Workspace, deployed: dict[str, Any]) -> None:
    """With the wheel and the suites where they have been uploaded to."""
    posted = after_deploy.posted["/api/2.1/jobs/create"]
    (wheel,) = {library["whl"] for task in posted["tasks"] for library in task["libraries"] if "whl" in library}
    assert wheel.startswith(f"{ARTIFACTS}/dist/movie_lakehouse-")
    suites = ARTIFACTS.replace("dbfs:/", "/dbfs/") + "/expectations"
    assert {parameter["name"]: parameter["default"] for parameter in posted["parameters"]} == {
        parameter["name"]: suites if parameter["name"] == "expectations" else parameter["default"]
        for parameter in deployed["parameters"]
    }
    for posted_task, task in zip(posted["tasks"], deployed["tasks"], strict=True):
        libraries = [*task.get("libraries", []), {"whl": wheel}]
        expected = without(task, {"python_wheel_task"}) | {"libraries": libraries}
        assert {key: posted_task[key] for key in expected} == expected
        wheel_task = posted_task["python_wheel_task"]
        assert without(wheel_task, {"parameters"}) == task["python_wheel_task"]
    rest = without(deployed, {"tasks", "parameters"})
    assert {key: posted[key] for key in rest} == rest


def test_dbx_uploads_the_wheel_and_every_suite(after_deploy: Workspace) -> None:
    """And asks for nothing that the stand-in would have to make up."""
    root = ARTIFACTS.removeprefix("dbfs:/")
    uploaded = {path.removeprefix(f"{root}/"): body for path, body in after_deploy.uploaded.items()}
    suites = {str(path.relative_to(PROJECT)) for path in (PROJECT / "expectations").rglob("*.json")}
    assert suites <= uploaded.keys()
    ratings = "expectations/silver/ratings.json"
    assert json.loads(uploaded[ratings]) == json.loads((PROJECT / ratings).read_text(encoding="utf-8"))
    assert any(path.endswith(".whl") and body.startswith(b"PK") for path, body in uploaded.items())
    assert after_deploy.unknown <= {"/.well-known/databricks-config"}
