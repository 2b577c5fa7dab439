"""The wheel works alone: it has all that the job needs, and runs it as a workspace would."""

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest
from built_wheel import PROJECT

from faults.harness import easy_suites
from job.conftest import SMALL
from movie_lakehouse.job.definition import make_plan
from movie_lakehouse.lakehouse.jars import jars_folder
from movie_lakehouse.lakehouse.tables import ALL_TABLES
from movie_lakehouse.query.reader import LakehouseReader
from support.shared_spark import JOIN

JUDGED = {"ingest", "summarise"}
"""The tasks that judge by the project's own suites, the others by easy ones: judging takes half of a small job."""

CALL = f"""{JOIN}
import json
from importlib.metadata import distribution

for package, name, arguments in json.load(sys.stdin):
    sys.argv[1:] = arguments
    next(point for point in distribution(package).entry_points if point.name == name).load()()
"""
"""Calls entry points as a workspace does: by the names that the wheel gives them, with a command line's arguments, in a
session of a Spark that others have started."""


def test_the_wheel_has_every_module_and_no_test(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
    sources = {path for path in (PROJECT / "src" / "movie_lakehouse").rglob("*") if "__pycache__" not in path.parts}
    assert packed == {str(path.relative_to(PROJECT / "src")) for path in sources if path.is_file()}


def test_the_wheel_brings_no_spark_to_a_cluster_that_has_its_own(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        needs = [line for line in archive.read(name).decode().splitlines() if line.startswith("Requires-Dist:")]
    spark = [line for line in needs if "pyspark" in line or "delta-spark" in line]
    assert spark
    assert all('extra == "local"' in line for line in spark)


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment with the wheel in it and none of the project's sources.

    What the wheel depends on is found where this environment has it: a path file leads there, but not to the sources,
    because path files of a folder that is reached in this way are not read.
    """
    home = tmp_path_factory.mktemp("alone")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", home], check=True)
    python = home / "bin" / "python"
    command = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index", wheel]
    subprocess.run(command, check=True)
    (site_packages,) = home.glob("lib/python*/site-packages")
    (site_packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    jars = home / "share" / "movie_lakehouse" / "jars"
    jars.parent.mkdir(parents=True)
    jars.symlink_to(jars_folder())
    return python


def test_the_environment_has_the_wheel_and_not_the_sources(environment: Path) -> None:
    script = "import movie_lakehouse; print(movie_lakehouse.__file__)"
    found = subprocess.run([environment, "-c", script], check=True, capture_output=True, text=True).stdout
    assert Path(found.strip()).is_relative_to(environment.parents[1])


@pytest.mark.slow  # the whole job
@pytest.mark.classic
def test_the_job_runs_by_the_entry_points_that_the_bundle_names(environment: Path, tmp_path: Path) -> None:
    """In one process, which is quicker: that tasks share nothing but tables is seen where each of them is killed."""
    lakehouse = tmp_path / "lakehouse"
    plan = make_plan(PROJECT / "databricks.yml", overrides=SMALL | {"lakehouse": str(lakehouse)})
    easy = f"--expectations={easy_suites()}"
    calls = [
        # Of two folders of suites the last counts.
        (task.package, task.entry_point, [*task.arguments, *([] if task.key in JUDGED else [easy])])
        for task in plan.tasks
    ]
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    variables["PYSPARK_PYTHON"] = str(environment)
    command = [environment, "-c", CALL]
    ran = subprocess.run(
        command, input=json.dumps(calls), cwd=tmp_path, env=variables, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    reader = LakehouseReader(lakehouse)
    runs = reader.sql("SELECT task, status, run_id FROM ops.job_runs ORDER BY started_at")
    assert list(runs) == [(task.key, "succeeded", plan.run_id) for task in plan.tasks]
    assert set(reader.tables()) == set(ALL_TABLES)
