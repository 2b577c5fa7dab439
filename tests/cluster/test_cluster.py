"""The whole job on a cluster that loses a worker while the model is trained, beside the job on one machine.

Tables that are functions of counts, texts and half stars must hold the very same rows, to the last digit. Factors,
scores and errors are sums of fractions in an order that partitions decide: there identities, ranks and counts must be
the same, row for row, and numbers within the tolerance of `faults.lakehouses`.
"""

from pathlib import Path

import pytest

from cluster.standalone import Cluster
from faults.harness import run_to_its_end, running
from faults.lakehouses import WRITTEN, assert_same_tables, contents
from job.conftest import SMALL

pytestmark = [pytest.mark.slow]  # the whole job twice, once on four JVMs
SETTINGS = SMALL | {"promotion": "always"}
EXACT = [table for task in ("ingest", "clean", "summarise") for table in WRITTEN[task].split()]


@pytest.fixture
def on_one_machine(tmp_path: Path) -> Path:
    root = tmp_path / "one-machine"
    assert run_to_its_end(root, settings=SETTINGS).status == 0
    return root


def test_the_job_on_a_cluster_that_loses_a_worker_in_train_ends_with_the_right_tables(
    cluster: Cluster, on_one_machine: Path, tmp_path: Path
) -> None:
    root = tmp_path / "cluster"
    with running(root, settings=SETTINGS, environment=cluster.environment) as run:
        run.wait_for("train: search=")
        assert [len(worker.executors()) for worker in cluster.workers] == [1, 1]
        lost, left = sorted(cluster.workers, key=lambda worker: -worker.seconds_worked())
        lost.kill()
        run.wait_until(lambda: "Removing worker" in cluster.master.said, "the master missed the worker")
        assert run.tasks_under_way() == ["train"]
        ending = run.end()
    assert ending.status == 0, ending.lines
    assert left.process.poll() is None
    assert {table: contents(root, table) for table in EXACT} == {
        table: contents(on_one_machine, table) for table in EXACT
    }
    assert_same_tables(root, on_one_machine)
