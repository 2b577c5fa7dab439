"""The job killed in the middle of each task's writing, and run again: every table is that of an undisturbed run."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from faults.lakehouses import OF_THE_RUN
from job.conftest import SampleRun
from movie_lakehouse.lakehouse.place import FolderPlace, place_of
from movie_lakehouse.lakehouse.store import Store
from movie_lakehouse.lakehouse.tables import ALL_TABLES

# A table that each task writes: once it has rows the task is publishing, or has just done so.
WRITTEN = {
    "ingest": "bronze.movies",
    "clean": "silver.movies",
    "train": "gold.rating_predictions",
    "recommend": "gold.user_recommendations",
    "similarity": "gold.movie_similarity",
    "summarise": "gold.dataset_summary",
}
SECONDS_TO_WAIT = 240


def start(parameters: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    settings = [f"--set={name}={value}" for name, value in parameters.items() if name != "lakehouse"]
    lakehouse = str(Path(sys.executable).with_name("lakehouse"))
    command = [lakehouse, "run", "--root", parameters["lakehouse"], *settings]
    with log.open("ab") as stderr:
        return subprocess.Popen(command, stderr=stderr, start_new_session=True)


def kill_once_written(parameters: dict[str, str], table: str, log: Path) -> None:
    """Run the job until the table has a commit with rows, and kill it and its JVM there and then."""
    log_folder = FolderPlace(Path(parameters["lakehouse"])).folder(table) / "_delta_log"
    process = start(parameters, log)
    deadline = time.monotonic() + SECONDS_TO_WAIT
    while not (log_folder / "00000000000000000001.json").exists():
        assert process.poll() is None, f"the job ended before it wrote {table}: {log.read_text()}"
        assert time.monotonic() < deadline, f"{table} was not written in time: {log.read_text()}"
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def comparable(frame: DataFrame) -> list[str]:
    """The rows as text, in order, without what differs between runs; factors and errors to four places."""
    columns = []
    for name, kind in frame.dtypes:
        if name in OF_THE_RUN:
            continue
        rounded = F.round(name, 4) if kind in {"double", "float"} else F.col(name)
        if kind == "array<float>":
            rounded = F.transform(name, lambda value: F.round(value, 4))
        columns.append(rounded.alias(name))
    return sorted(json.dumps(row.asDict(recursive=True), default=str) for row in frame.select(*columns).collect())


@pytest.mark.slow
@pytest.mark.classic
def test_a_job_killed_in_each_task_and_run_again_leaves_what_an_undisturbed_one_does(
    sample_run: SampleRun, tmp_path: Path
) -> None:
    """Slow: seven sessions of their own. Each run takes up where the one killed before it left off."""
    parameters = sample_run.parameters | {"lakehouse": str(tmp_path / "lakehouse")}
    log = tmp_path / "stderr.txt"

    for table in WRITTEN.values():
        kill_once_written(parameters, table, log)
    assert start(parameters, log).wait(SECONDS_TO_WAIT) == 0, log.read_text()

    disturbed = Store(sample_run.store.spark, place_of(parameters["lakehouse"]))
    for name in ALL_TABLES:
        if not name.startswith("ops."):
            assert comparable(disturbed.read(name)) == comparable(sample_run.store.read(name)), name
