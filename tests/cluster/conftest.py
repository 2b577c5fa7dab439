"""A cluster for the tests of this folder, which only `make test-cluster` runs: it takes minutes and several JVMs."""

import os
from collections.abc import Iterator

import pytest

from cluster.standalone import Cluster, started_cluster

collect_ignore_glob = [] if os.environ.get("CLUSTER") == "all" else ["test_*.py"]


@pytest.fixture
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A master and two workers of one core, ended afterwards whatever the test has done."""
    with started_cluster(tmp_path_factory.mktemp("cluster"), n_workers=2) as cluster:
        yield cluster
