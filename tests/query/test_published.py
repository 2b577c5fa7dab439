"""Readers take all tables at the versions that were published together, whatever the job is at."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from deltalake import DeltaTable

from movie_lakehouse.query.published import published_reader, unpublished
from movie_lakehouse.query.reader import LakehouseReader
from support.tiny_lakehouse import make_tiny_lakehouse, write_table

TAGS, MOVIES = "silver.tags", "silver.movies"
TAG = {"user_id": 1, "movie_id": 1, "tag": "toys", "tagged_at": datetime(2020, 1, 1, tzinfo=UTC)}
COUNT = f"SELECT count(*) FROM {TAGS}"


def publish(root: Path, number: int, **tables: int) -> None:
    """Add a row to ops.publications."""
    row = {
        "number": number,
        "run_id": f"run-{number}",
        "kind": "run",
        "of_run": f"run-{number}",
        "published_at": datetime(2020, 1, number, tzinfo=UTC),
        "tables": {f"silver.{name}": version for name, version in tables.items()},
    }
    write_table(root, "ops.publications", [row], mode="append")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A lakehouse whose tags have been written twice: one row, then two."""
    made = make_tiny_lakehouse(tmp_path / "lakehouse")
    write_table(made, TAGS, [TAG])
    write_table(made, TAGS, [TAG, TAG | {"movie_id": 2}])
    return made


def counted(root: Path) -> int:
    ((count,),) = published_reader(root).sql(COUNT)
    return int(count)


def test_the_newest_publication_counts_and_not_the_newest_version(root: Path) -> None:
    publish(root, 1, tags=0, movies=0)
    assert (counted(root), unpublished(root)) == (1, [TAGS])

    publish(root, 2, tags=1, movies=0)
    assert (counted(root), unpublished(root)) == (2, [])


def test_upkeep_leaves_nothing_to_be_published(root: Path) -> None:
    publish(root, 1, tags=1)
    tags = DeltaTable(str(root / "silver" / "tags"))
    tags.vacuum(retention_hours=0, enforce_retention_duration=False, dry_run=False)
    assert tags.history(1)[0]["operation"] == "VACUUM END"
    assert unpublished(root) == []


def test_before_anything_is_published_tables_are_read_as_they_are(root: Path) -> None:
    assert (counted(root), unpublished(root)) == (2, [])


def test_a_table_that_was_not_published_is_not_there_yet_but_what_happened_is(root: Path) -> None:
    publish(root, 1, tags=0)
    tables = published_reader(root).tables()
    assert TAGS in tables
    assert MOVIES not in tables
    assert {"ops.job_runs", "ops.publications"} <= set(tables)


def test_whoever_asks_for_a_version_gets_it(root: Path) -> None:
    publish(root, 1, tags=0)
    ((count,),) = published_reader(root).sql(f"{COUNT} VERSION AS OF 1")
    assert count == 2
    assert list(LakehouseReader(root).sql(COUNT)) == [(2,)]
