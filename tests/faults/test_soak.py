"""Thirty days of MovieLens with all that goes wrong with deliveries, and the job killed now and then."""

import os
import shutil
import time
from pathlib import Path
from random import Random

import pytest

from faults.daily_batches import Deliveries, read_ratings
from faults.harness import FAST, SECONDS_BETWEEN_LOOKS, running
from faults.lakehouses import WRITTEN, assert_all_open, assert_same_tables, commits, run_here
from faults.registry import fault
from movie_lakehouse.query.reader import LakehouseReader

pytestmark = [
    pytest.mark.slow,  # thirty runs of ingest and seven of clean, which judge up to 100,000 ratings
    pytest.mark.campaign,
    pytest.mark.movielens,
    pytest.mark.skipif("MOVIELENS_DIR" not in os.environ, reason="MOVIELENS_DIR names no folder of MovieLens files"),
]
SEED = 9
KILLS = 2
DAYS_BETWEEN_CLEANINGS = 5
TABLES = [*WRITTEN["clean"].split()[:-1], *WRITTEN["summarise"].split()]
"""All of silver but quarantine, which keeps what a source without faults has not, and what is summed up of it."""


def killed_on_the_way(root: Path, settings: dict[str, str], n_commits: int) -> None:
    """Run ingest and clean until there are so many commits more, or to their end, and kill the run there and then."""
    before = len(commits(root))
    with running(root, "--only", "ingest", "--only", "clean", settings=settings) as run:
        while run.is_alive and len(commits(root)) < before + n_commits:
            time.sleep(SECONDS_BETWEEN_LOOKS)
        if run.is_alive:
            run.kill()
    assert_all_open(root)


@fault(
    "30 daily batches of MovieLens with corrections, duplicates, late rows, replays, a new column and kills",
    "silver and its summaries are those of one batch without any fault, row for row; bronze is silver and quarantine",
)
def test_thirty_days_of_faulty_deliveries_end_as_one_batch_without_faults(tmp_path: Path) -> None:
    movielens, random = Path(os.environ["MOVIELENS_DIR"]), Random(SEED)
    source, whole = tmp_path / "source", tmp_path / "whole"
    for folder in (source, whole):
        folder.mkdir()
        for table in ("movies", "links", "tags"):
            shutil.copy2(movielens / f"{table}.csv", folder / f"{table}.csv")
    deliveries = Deliveries(read_ratings(movielens / "ratings.csv"), SEED)
    root, settings = tmp_path / "lakehouse", FAST | {"source": str(source)}
    days_of_kills = set(random.sample(range(1, len(deliveries)), KILLS))

    for day in range(len(deliveries)):
        deliveries.deliver(day, source / "ratings")
        if day in days_of_kills:
            killed_on_the_way(root, settings, random.randint(1, 8))
        tasks = ("ingest", "clean") if day % DAYS_BETWEEN_CLEANINGS == 0 else ("ingest",)
        assert run_here(root, settings, *tasks).error is None
    assert run_here(root, settings, "clean", "summarise").error is None

    deliveries.write_outcome(whole / "ratings.csv")
    at_once = tmp_path / "at-once"
    assert run_here(at_once, FAST | {"source": str(whole)}, "ingest", "clean", "summarise").error is None
    assert_same_tables(root, at_once, TABLES)
    assert_nothing_lost(root)


def assert_nothing_lost(root: Path) -> None:
    """Every row of bronze is in silver or in quarantine."""
    reader = LakehouseReader(root)

    def count(table: str, where: str = "true") -> int:
        return int(next(iter(reader.sql(f"SELECT count(*) FROM {table} WHERE {where}")))[0])

    kept, out = count("silver.ratings"), count("silver.quarantine", "source_table = 'ratings'")
    assert count("bronze.ratings") == kept + out
    assert count("bronze.ratings", "device IS NOT NULL") > 0
