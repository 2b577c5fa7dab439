"""The whole job on a small sample: what its tables must hold, and that a second run changes nothing."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from job.conftest import SampleRun
from movie_lakehouse.job.bundle import find_bundle
from movie_lakehouse.job.publications import PUBLICATIONS
from movie_lakehouse.job.runner import run_job
from movie_lakehouse.lakehouse.tables import ALL_TABLES

SOURCES = ("movies", "ratings", "links", "tags")
LAYERED = [name for name in ALL_TABLES if not name.startswith("ops.")]
DASHBOARD = Path(__file__).parents[2] / "resources" / "overview.lvdash.json"
DATASETS: list[dict[str, Any]] = json.loads(DASHBOARD.read_text(encoding="utf-8"))["datasets"]


def counted(frame: DataFrame, column: str) -> dict[str, int]:
    return {row[0]: row[1] for row in frame.groupBy(column).count().collect()}


@pytest.mark.parametrize("table", SOURCES)
def test_every_bronze_row_is_in_silver_or_in_quarantine(sample_run: SampleRun, table: str) -> None:
    store = sample_run.store
    quarantined = store.read("silver.quarantine").where(F.col("source_table") == table).count()

    assert store.read(f"bronze.{table}").count() == store.read(f"silver.{table}").count() + quarantined


@pytest.mark.parametrize("table", SOURCES)
def test_bronze_holds_every_line_of_the_file(sample_run: SampleRun, table: str) -> None:
    assert sample_run.store.read(f"bronze.{table}").count() == sample_run.facts.rows[table]


@pytest.mark.parametrize("table", SOURCES)
def test_just_the_planted_dirt_is_quarantined_for_the_planted_reasons(sample_run: SampleRun, table: str) -> None:
    quarantine = sample_run.store.read("silver.quarantine").where(F.col("source_table") == table)

    assert counted(quarantine.withColumn("reason", F.explode("reasons")), "reason") == sample_run.facts.reasons(table)


def test_silver_has_the_counts_that_were_planted(sample_run: SampleRun) -> None:
    store, facts = sample_run.store, sample_run.facts
    movies = store.read("silver.movies")

    assert store.read("silver.ratings").count() == facts.n_ratings
    assert store.read("silver.movie_genres").count() == facts.n_movie_genres
    assert movies.where("release_year IS NULL").count() == facts.n_movies_without_year
    assert sorted(row[0] for row in movies.where("is_unrated").select("movie_id").collect()) == [*facts.unrated_movies]


def test_every_user_gets_ten_movies_that_they_have_not_rated(sample_run: SampleRun) -> None:
    store = sample_run.store
    lists = store.read("gold.user_recommendations")

    assert set(counted(lists, "user_id").values()) == {10}
    assert lists.select("user_id").distinct().count() == sample_run.facts.n_users
    assert lists.join(store.read("silver.ratings"), ["user_id", "movie_id"], "left_semi").isEmpty()


def test_a_rated_movie_has_neighbours_and_is_none_of_its_own(sample_run: SampleRun) -> None:
    neighbours = sample_run.store.read("gold.movie_similarity")
    rated = sample_run.store.read("gold.movie_factors").count()

    assert neighbours.where("movie_id = similar_movie_id").isEmpty()
    assert counted(neighbours, "rank") == dict.fromkeys(range(1, 6), rated)


def test_every_cell_of_grid_and_fold_is_kept(sample_run: SampleRun) -> None:
    cells = sample_run.store.read("gold.cv_results").orderBy("fold").collect()

    assert [(cell["fold"], cell["rank"], cell["max_iter"], cell["reg_param"]) for cell in cells] == [
        (0, 10, 10, 0.1),
        (1, 10, 10, 0.1),
    ]


def test_every_suite_was_judged_and_no_critical_expectation_failed(sample_run: SampleRun) -> None:
    verdicts = sample_run.store.read("ops.validation_results")

    assert set(counted(verdicts, "suite")) == set(LAYERED)
    assert verdicts.where("severity = 'critical' AND NOT success").isEmpty()


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
