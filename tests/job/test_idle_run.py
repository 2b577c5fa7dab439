"""A run that finds nothing to do says so at once: in a folder it needs neither Spark nor Java to know."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from job.conftest import SampleRun

LAKEHOUSE = str(Path(sys.executable).with_name("lakehouse"))


@pytest.fixture(scope="module")
def told(sample_run: SampleRun, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, object]]:
    """What a second run's --timings say, on a machine without Java."""
    again = sample_run.copied_to(tmp_path_factory.mktemp("idle") / "lakehouse")
    root = again.parameters["lakehouse"]
    chosen = [f"--set={name}={value}" for name, value in again.parameters.items() if name != "lakehouse"]
    done = subprocess.run(
        [LAKEHOUSE, "run", "--root", root, *chosen, "--timings", "--format", "json"],
        env={"PATH": "/nowhere", "HOME": "/nowhere"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    timings: list[dict[str, object]] = json.loads(done.stdout)
    return timings


def test_a_run_that_finds_nothing_to_do_needs_no_java(told: list[dict[str, object]]) -> None:
    tasks = {timing["task"]: timing["status"] for timing in told if timing["status"]}
    skipped = dict.fromkeys(["clean", "train", "recommend", "similarity", "summarise"], "skipped")
    assert tasks == skipped | {"ingest": "succeeded", "publish": "succeeded"}


def test_it_opens_no_session(told: list[dict[str, object]]) -> None:
    assert "session" not in {timing["stage"] for timing in told}
