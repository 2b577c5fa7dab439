"""A run that is asked to stop, that hangs, that loses an executor, or that is not alone."""

import signal
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from faults.harness import FAST, HERE, Ending, assert_one_line, bundle_with, running
from faults.lakehouses import assert_same_tables, copied, run_here, tables_until
from faults.registry import MENDS, fault, stops
from movie_lakehouse.query.reader import LakehouseReader

pytestmark = pytest.mark.slow  # runs of whole tasks in processes of their own
ANOTHER = "Another job is writing the lakehouse"
TOO_LONG = "The task train was stopped: it took more than the 45 s that it may"
SECONDS_FOR_TRAIN = 45
FITTING = ("train:", "fits")


def last_status(root: Path, task: str) -> str:
    """How the task ended last, as ops.job_runs has it."""
    answer = LakehouseReader(root).sql(f"SELECT max_by(status, ended_at) FROM ops.job_runs WHERE task = '{task}'")
    return str(next(iter(answer))[0])


@dataclass(frozen=True)
class Stopped:
    """A run of train that was stopped: its lakehouse, how it ended, and what ops.job_runs had of it then."""

    root: Path
    ending: Ending
    status: str


@pytest.fixture
def without_gold(undisturbed: Path, tmp_path: Path) -> Path:
    """A lakehouse whose next task is train."""
    return copied(undisturbed, tmp_path / "lakehouse", without=["gold"])


@pytest.fixture(scope="module")
def terminated(undisturbed: Path, tmp_path_factory: pytest.TempPathFactory) -> Stopped:
    """A run that got SIGTERM while it trained."""
    root = copied(undisturbed, tmp_path_factory.mktemp("terminated") / "lakehouse", without=["gold"])
    with running(root, "--only", "train") as run:
        run.wait_for("train: split=")
        run.process.send_signal(signal.SIGTERM)
        ending = run.end()
    return Stopped(root, ending, last_status(root, "train"))


@pytest.fixture(scope="module")
def hanging(undisturbed: Path, tmp_path_factory: pytest.TempPathFactory) -> Stopped:
    """A run whose Python workers were suspended while it trained."""
    folder = tmp_path_factory.mktemp("hanging")
    root = copied(undisturbed, folder / "lakehouse", without=["gold"])
    bundle = bundle_with(folder / "bundle", "train", timeout_seconds=SECONDS_FOR_TRAIN)
    options = ("--only", "train", "--bundle", str(bundle))
    with running(root, *options, settings=FAST | {"model": "bayes"}) as run:
        run.wait_for("train: started")
        run.wait_until(lambda: bool(workers(run.processes("pyspark.daemon"))), "Python workers")
        for worker in workers(run.processes("pyspark.daemon")):
            worker.suspend()
        ending = run.end()
    return Stopped(root, ending, last_status(root, "train"))


def workers(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Those of PySpark's processes that work: the daemon is the parent of them all, and starts more."""
    numbers = {process.pid for process in processes}
    return [process for process in processes if process.ppid() in numbers]


def assert_train_mends(root: Path, undisturbed: Path) -> None:
    assert run_here(root, FAST, "train").error is None
    assert_same_tables(root, undisturbed, tables_until(["train"]))


@pytest.mark.campaign
@fault("SIGTERM in a task", f"a clean stop: “Stopped.”, exit status 143; {MENDS}")
def test_sigterm_stops_the_run_cleanly(terminated: Stopped, undisturbed: Path) -> None:
    assert_one_line(terminated.ending, "Stopped.", status=143)
    assert_train_mends(terminated.root, undisturbed)


@pytest.mark.campaign
@fault("a task that hangs: its Python workers answer no more", f"{stops(TOO_LONG)} (its timeout); {MENDS}")
def test_a_task_that_hangs_is_stopped_when_its_time_is_up(hanging: Stopped, undisturbed: Path) -> None:
    assert_one_line(hanging.ending, TOO_LONG)
    assert_train_mends(hanging.root, undisturbed)


@pytest.mark.campaign
@pytest.mark.parametrize("how", ["terminated", "hanging"])
def test_a_task_that_was_stopped_has_failed_in_job_runs(how: str, request: pytest.FixtureRequest) -> None:
    stopped: Stopped = request.getfixturevalue(how)
    assert stopped.status == "failed"


@pytest.mark.campaign
@fault(
    "an executor that is lost while train works", "its work is done again by another: the tables of an undisturbed run"
)
def test_the_loss_of_an_executor_is_made_good(without_gold: Path, undisturbed: Path, tmp_path: Path) -> None:
    environment = {"SPARK_MASTER": "local-cluster[2,1,1024]", "SPARK_WORKER_DIR": str(tmp_path / "work")}
    with running(without_gold, "--only", "train", environment=environment) as run:
        run.wait_for(*FITTING)
        executors = run.processes("CoarseGrainedExecutorBackend")
        assert len(executors) == 2
        executors[0].kill()
        assert run.end().status == 0, run.lines
    assert_same_tables(without_gold, undisturbed, tables_until(["train"]))


@fault("a second job on a lakehouse that a first is writing", f"the second {stops(ANOTHER)}; the first ends right")
def test_of_two_jobs_at_once_the_second_refuses_and_the_first_ends_right(undisturbed: Path, tmp_path: Path) -> None:
    root = tmp_path / "lakehouse"
    with running(root, "--only", "ingest", joining=HERE) as first:
        first.wait_for("ingest: started")
        with running(root, "--only", "ingest", joining=HERE) as second:
            assert_one_line(second.end(), ANOTHER, f"process {first.process.pid}", "run again when it has ended")
        assert first.end().status == 0
    assert_same_tables(root, undisturbed, tables_until(["ingest"]))
