"""`lakehouse run --timings` accounts for the time that people wait for."""

import json
import time
from pathlib import Path

import pytest

from faults.harness import HERE, running
from job.conftest import SMALL, SampleRun
from movie_lakehouse.job.report import JobOutcome, TaskReport
from movie_lakehouse.job.stages import Stage

ACCOUNTED_FOR = 0.95


def test_stages_account_for_the_time_of_the_whole_job(sample_run: SampleRun) -> None:
    last = sample_run.timings[-1]
    assert (last.task, last.stage) == (None, "wall time")
    assert ACCOUNTED_FOR <= last.share <= 1 + 1e-9


def test_every_task_tells_of_judging_and_of_writing_what_it_publishes(sample_run: SampleRun) -> None:
    stages = {(timing.task, timing.stage) for timing in sample_run.timings}
    publishing = ["ingest", "clean", "train", "recommend", "similarity", "summarise"]
    assert {(task, stage) for task in publishing for stage in ("working out", "judging", "writing")} <= stages


@pytest.mark.slow  # a process of its own
@pytest.mark.classic
def test_stages_account_for_the_process_as_others_see_it(tmp_path: Path) -> None:
    began = time.monotonic()
    options = ("--only=ingest", "--timings", "--format=json")
    with running(tmp_path / "lakehouse", *options, settings=SMALL, joining=HERE) as run:
        said = "\n".join(run.end().lines)
        waited = time.monotonic() - began
    told, _ = json.JSONDecoder().raw_decode(said, said.index("[\n"))
    assert ACCOUNTED_FOR * waited <= told[-1]["share"] * told[-1]["seconds"] <= waited


def test_the_shares_of_stages_add_up_to_those_of_their_tasks_and_of_the_wall_time() -> None:
    stages = (
        Stage(None, "session", 1.0, 3.0),
        Stage("recommend", "judging", 3.0, 7.0),
        Stage("similarity", "writing", 3.0, 9.0),
    )
    reports = (TaskReport("recommend", "succeeded", 4.0), TaskReport("similarity", "succeeded", 6.0))
    timings = JobOutcome(None, reports, stages).timings(0.0, 10.0)
    *parts, last = timings
    assert {timing.task: timing.share for timing in parts if timing.stage is None} == pytest.approx(
        {"recommend": 0.2, "similarity": 0.4}
    )
    assert sum(timing.share for timing in parts if timing.stage) == pytest.approx(last.share) == pytest.approx(0.9)
