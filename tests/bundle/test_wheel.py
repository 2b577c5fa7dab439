"""The wheel works alone: it has all that the job needs, and runs it as a workspace would."""

import subprocess
import zipfile
from pathlib import Path

import pytest

from movie_lakehouse.job.definition import make_plan
from movie_lakehouse.lakehouse.tables import ALL_TABLES
from movie_lakehouse.query.reader import LakehouseReader
from support.built_wheel import PROJECT


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


def test_its_environment_has_the_wheel_and_not_the_sources(python_of_the_wheel: Path) -> None:
    script = "import movie_lakehouse; print(movie_lakehouse.__file__)"
    found = subprocess.run([python_of_the_wheel, "-c", script], check=True, capture_output=True, text=True).stdout
    assert Path(found.strip()).is_relative_to(python_of_the_wheel.parents[1])


@pytest.mark.slow  # the whole job, which others look at too
@pytest.mark.classic
def test_the_job_runs_by_the_entry_points_that_the_bundle_names(undisturbed: Path) -> None:
    """In one process, which is quicker: that tasks share nothing but tables is seen where each of them is killed."""
    reader = LakehouseReader(undisturbed)
    runs = list(reader.sql("SELECT task, status, run_id FROM ops.job_runs ORDER BY started_at"))
    tasks = make_plan(PROJECT / "databricks.yml").tasks
    (run_id,) = {run_id for _, _, run_id in runs}
    assert sorted(runs) == sorted((task.key, "succeeded", run_id) for task in tasks)
    began = [task for task, _, _ in runs]
    for task in tasks:
        assert set(task.depends_on) <= set(began[: began.index(task.key)]), "in the job's order"
    assert set(reader.tables()) == set(ALL_TABLES)
