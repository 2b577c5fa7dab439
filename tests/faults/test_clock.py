"""A clock that has gone back."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from faults.harness import FAST
from faults.lakehouses import assert_same_tables, copied, published_files, run_here
from faults.registry import MENDS, fault, stops
from movie_lakehouse.errors import SetupError
from movie_lakehouse.job.history import JOB_RUNS, TaskRun, record
from movie_lakehouse.lakehouse.place import place_of
from movie_lakehouse.lakehouse.store import Store

pytestmark = pytest.mark.slow  # a run of the job that finds that nothing has changed
GONE_BACK = "The clock has gone back"


@fault("the clock goes back by an hour between two runs", f"{stops(GONE_BACK)}; when it is set right, {MENDS}")
def test_a_clock_that_has_gone_back_is_named_and_nothing_is_touched(
    spark: SparkSession, undisturbed: Path, tmp_path: Path
) -> None:
    root = copied(undisturbed, tmp_path / "lakehouse")
    store = Store(lambda: spark, place_of(str(root)))
    right = store.newest_versions([JOB_RUNS])[JOB_RUNS]
    in_an_hour = datetime.now(UTC) + timedelta(hours=1)
    record(store, TaskRun("earlier", "summarise", "succeeded", in_an_hour, in_an_hour, {}, {}, {}, "0"))

    error = run_here(root, FAST).error
    assert isinstance(error, SetupError)
    assert GONE_BACK in str(error)
    assert "set this machine's clock and run again" in str(error)
    assert published_files(root) == published_files(undisturbed)

    store.restore(JOB_RUNS, right)
    assert run_here(root, FAST).error is None
    assert_same_tables(root, undisturbed)
