"""The whole job on a small sample: what its tables must hold, and that a second run changes nothing."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from job.conftest import SampleRun
from movie_lakehouse.job.bundle import find_bundle
from movie_lakehouse.job.publications import PUBLICATIONS
from movie_lakehouse.job.runner import run_job
from movie_lakehouse.lakehouse.tables import ALL_TABLES
from movie_lakehouse.query.reader import LakehouseReader, Row

SOURCES = ("movies", "ratings", "links", "tags")
LAYERED = [name for name in ALL_TABLES if not name.startswith("ops.")]
DASHBOARD = Path(__file__).parents[2] / "resources" / "overview.lvdash.json"
DATASETS: list[dict[str, Any]] = json.loads(DASHBOARD.read_text(encoding="utf-8"))["datasets"]


class Left:
    """Asks, without Spark, for what the job has left."""

    def __init__(self, root: Path) -> None:
        self._reader = LakehouseReader(root)

    def rows(self, query: str) -> list[Row]:
        return [*self._reader.sql(query)]

    def count(self, table: str, where: str = "true") -> int:
        ((number,),) = self.rows(f"SELECT count(*) FROM {table} WHERE {where}")
        return int(number)


@pytest.fixture(scope="module")
def left(sample_run: SampleRun) -> Left:
    return Left(Path(sample_run.parameters["lakehouse"]))


@pytest.mark.parametrize("table", SOURCES)
def test_every_bronze_row_is_in_silver_or_in_quarantine(left: Left, table: str) -> None:
    quarantined = left.count("silver.quarantine", f"source_table = '{table}'")

    assert left.count(f"bronze.{table}") == left.count(f"silver.{table}") + quarantined


@pytest.mark.parametrize("table", SOURCES)
def test_bronze_holds_every_line_of_the_file(sample_run: SampleRun, left: Left, table: str) -> None:
    assert left.count(f"bronze.{table}") == sample_run.facts.rows[table]


@pytest.mark.parametrize("table", SOURCES)
def test_just_the_planted_dirt_is_quarantined_for_the_planted_reasons(
    sample_run: SampleRun, left: Left, table: str
) -> None:
    reasons = f"SELECT unnest(reasons) AS reason FROM silver.quarantine WHERE source_table = '{table}'"
    counted = dict(left.rows(f"SELECT reason, count(*) FROM ({reasons}) GROUP BY reason"))

    assert counted == sample_run.facts.reasons(table)


def test_silver_has_the_counts_that_were_planted(sample_run: SampleRun, left: Left) -> None:
    facts = sample_run.facts
    unrated = left.rows("SELECT movie_id FROM silver.movies WHERE is_unrated ORDER BY movie_id")

    assert left.count("silver.ratings") == facts.n_ratings
    assert left.count("silver.movie_genres") == facts.n_movie_genres
    assert left.count("silver.movies", "release_year IS NULL") == facts.n_movies_without_year
    assert [movie for (movie,) in unrated] == [*facts.unrated_movies]


def test_every_user_gets_ten_movies_that_they_have_not_rated(sample_run: SampleRun, left: Left) -> None:
    lengths = dict(left.rows("SELECT user_id, count(*) FROM gold.user_recommendations GROUP BY user_id"))

    assert set(lengths.values()) == {10}
    assert len(lengths) == sample_run.facts.n_users
    assert left.count("gold.user_recommendations SEMI JOIN silver.ratings USING (user_id, movie_id)") == 0


def test_a_rated_movie_has_neighbours_and_is_none_of_its_own(left: Left) -> None:
    by_rank = dict(left.rows("SELECT rank, count(*) FROM gold.movie_similarity GROUP BY rank"))

    assert left.count("gold.movie_similarity", "movie_id = similar_movie_id") == 0
    assert by_rank == dict.fromkeys(range(1, 6), left.count("gold.movie_factors"))


def test_every_cell_of_grid_and_fold_is_kept(left: Left) -> None:
    cells = left.rows("SELECT fold, rank, max_iter, reg_param FROM gold.cv_results ORDER BY fold")

    assert cells == [(0, 10, 10, 0.1), (1, 10, 10, 0.1)]


def test_every_suite_was_judged_and_no_critical_expectation_failed(left: Left) -> None:
    judged = left.rows("SELECT DISTINCT suite FROM ops.validation_results")

    assert {suite for (suite,) in judged} == set(LAYERED)
    assert left.count("ops.validation_results", "severity = 'critical' AND NOT success") == 0


@pytest.fixture(scope="module")
def gold(sample_run: SampleRun) -> Iterator[SparkSession]:
    """A session in which gold's tables go by their own names, as they do where gold is the schema in use."""
    names = [name for name in LAYERED if name.startswith("gold.")]
    for name in names:
        sample_run.store.read(name).createOrReplaceTempView(name.removeprefix("gold."))
    yield sample_run.store.spark
    for name in names:
        sample_run.store.spark.catalog.dropTempView(name.removeprefix("gold."))


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset["name"])
def test_the_dashboard_finds_rows_in_gold(gold: SparkSession, dataset: dict[str, Any]) -> None:
    assert not gold.sql("".join(dataset["queryLines"])).isEmpty()


def test_the_same_sample_again_writes_no_new_version_of_any_table(sample_run: SampleRun) -> None:
    before = sample_run.store.newest_versions([*LAYERED, PUBLICATIONS])

    outcome = run_job(find_bundle(None), overrides=sample_run.parameters)

    assert outcome.error is None
    assert {report.task for report in outcome.reports if report.status == "succeeded"} == {"ingest", "publish"}
    assert {report.task for report in outcome.reports if report.status == "skipped"} == {
        "clean",
        "train",
        "recommend",
        "similarity",
        "summarise",
    }
    assert sample_run.store.newest_versions([*LAYERED, PUBLICATIONS]) == before
