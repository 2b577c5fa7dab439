"""A commit or a checkpoint of a table's log that is torn or missing."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from deltalake import DeltaTable

from faults.harness import FAST, bundle_with
from faults.lakehouses import assert_same_tables, copied, published_files, run_here
from faults.registry import MENDS, fault, stops
from movie_lakehouse.errors import LakehouseError, TableError
from movie_lakehouse.query.published import published_reader

pytestmark = pytest.mark.slow  # the job once or twice more for each damage, most tasks of which have nothing to do
DAMAGED = "The newest commit of a table is damaged"
TABLES = ("silver/ratings", "ops/job_runs", "ops/publications")
ONE_OF_EACH_LAYER = [
    pytest.param(table, marks=[] if table == "silver/ratings" else pytest.mark.campaign) for table in TABLES
]
READABLE = "silver.ratings"


def log_of(root: Path, table: str) -> list[Path]:
    """The commits of a table, the oldest first."""
    return sorted((root / table / "_delta_log").glob("[0-9]*.json"))


def tear(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def remove(file: Path) -> None:
    """Delete a file of the log and the checksum that Hadoop keeps of it, with which no other can take its place."""
    file.unlink()
    file.with_name(f".{file.name}.crc").unlink(missing_ok=True)


@pytest.mark.parametrize("table", ONE_OF_EACH_LAYER)
@fault(
    "the newest commit of a table is torn", f"{stops(DAMAGED)}; once the commit and its checksum are deleted, {MENDS}"
)
def test_a_torn_commit_is_named_and_made_anew_when_it_is_deleted(undisturbed: Path, tmp_path: Path, table: str) -> None:
    root = copied(undisturbed, tmp_path / "lakehouse")
    newest = log_of(root, table)[-1]
    tear(newest)
    error = run_here(root, FAST).error
    assert isinstance(error, TableError)
    assert DAMAGED in str(error)
    assert str(newest) in str(error)

    remove(newest)
    assert run_here(root, FAST).error is None
    assert_same_tables(root, undisturbed)


@pytest.mark.parametrize("table", ONE_OF_EACH_LAYER[1:])
@fault("the newest commit of a table is missing", MENDS)
def test_a_missing_newest_commit_is_made_anew(undisturbed: Path, tmp_path: Path, table: str) -> None:
    root = copied(undisturbed, tmp_path / "lakehouse")
    remove(log_of(root, table)[-1])
    assert run_here(root, FAST).error is None
    assert_same_tables(root, undisturbed)


@pytest.mark.campaign
@fault(
    "an older commit of a table is torn",
    "people and the task that reads the table stop with a line; with the commit back from a copy, all is as it was",
)
def test_a_torn_older_commit_stops_whoever_reads_the_table(undisturbed: Path, tmp_path: Path) -> None:
    root = copied(undisturbed, tmp_path / "lakehouse", without=["gold/user_recommendations"])
    oldest = log_of(root, "silver/ratings")[0]
    whole = oldest.read_bytes()
    tear(oldest)
    with pytest.raises(TableError, match=r"silver\.ratings cannot be read at version 1"):
        published_reader(root).table(READABLE)
    assert isinstance(run_here(root, FAST, "recommend").error, LakehouseError)

    oldest.write_bytes(whole)
    assert run_here(root, FAST, "recommend").error is None
    assert_same_tables(root, undisturbed)


@pytest.mark.campaign
@fault(
    "the checkpoint of a table's log is torn",
    f"the job stops; once the checkpoint and `_last_checkpoint` are deleted, {MENDS} (all commits are there)",
)
def test_a_torn_checkpoint_stops_the_job_and_can_be_deleted(undisturbed: Path, tmp_path: Path) -> None:
    root = copied(undisturbed, tmp_path / "lakehouse")
    bundle = bundle_with(tmp_path / "bundle", "ingest", min_retry_interval_millis=10)
    log = root / "ops" / "job_runs" / "_delta_log"
    DeltaTable(str(log.parent)).create_checkpoint()
    (checkpoint,) = log.glob("*.checkpoint*.parquet")
    other = copied(root, tmp_path / "other")
    tear(other / checkpoint.relative_to(root))
    assert isinstance(run_here(other, FAST, bundle=bundle).error, LakehouseError)
    assert published_files(other) == published_files(root)

    remove(other / checkpoint.relative_to(root))
    remove(other / log.relative_to(root) / "_last_checkpoint")
    assert run_here(copied(other, tmp_path / "mended"), FAST).error is None
    assert_same_tables(tmp_path / "mended", undisturbed)


@pytest.mark.parametrize("harm", [tear, Path.unlink], ids=["torn", "missing"])
@fault(
    "a file of rows is torn or missing", "readers stop with a line that names it; with the file back all is as it was"
)
def test_whoever_reads_a_file_of_rows_that_is_no_longer_whole_is_told(
    undisturbed: Path, tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    root = copied(undisturbed, tmp_path / "lakehouse")
    file = next((root / "silver" / "ratings").glob("*.parquet"))
    whole = file.read_bytes()
    harm(file)
    with pytest.raises(LakehouseError, match=file.name) as told:
        list(published_reader(root).table(READABLE))
    assert len(str(told.value).splitlines()) == 1

    file.write_bytes(whole)
    assert_same_tables(root, undisturbed, [READABLE])
