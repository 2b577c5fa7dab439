"""What the dashboard asks of the gold tables can be answered by them."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from dashboard_checks import queries_of
from pyspark.sql import DataFrame, SparkSession

from support.built_wheel import PROJECT
from support.small_lakehouse import ROWS, table_of

DASHBOARD: dict[str, Any] = json.loads((PROJECT / "resources" / "overview.lvdash.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def gold(spark: SparkSession) -> Iterator[SparkSession]:
    """A session in which gold's tables go by their own names, as they do where gold is the schema in use."""
    names = [name.removeprefix("gold.") for name in ROWS if name.startswith("gold.")]
    for name in names:
        small(spark, name).createOrReplaceTempView(name)
    yield spark
    for name in names:
        spark.catalog.dropTempView(name)


def small(spark: SparkSession, name: str) -> DataFrame:
    """A gold table of the small lakehouse."""
    return table_of(spark, f"gold.{name}", ROWS[f"gold.{name}"])


def asked(gold: SparkSession, dataset: dict[str, Any]) -> DataFrame:
    return gold.sql("".join(dataset["queryLines"]))


@pytest.mark.parametrize("dataset", DASHBOARD["datasets"], ids=lambda dataset: dataset["name"])
def test_a_data_set_has_rows_and_the_columns_that_its_widgets_show(gold: SparkSession, dataset: dict[str, Any]) -> None:
    shown = {
        field["name"]
        for _, query in queries_of(DASHBOARD)
        if query["datasetName"] == dataset["name"]
        for field in query["fields"]
    }
    frame = asked(gold, dataset)
    assert shown <= set(frame.columns)
    assert not frame.isEmpty()


def test_the_model_page_shows_the_newest_run(gold: SparkSession) -> None:
    runs, metrics = small(gold, "model_runs"), small(gold, "model_metrics")
    later = runs.selectExpr("'later' AS run_id", "trained_at + INTERVAL 1 DAY AS trained_at")
    runs.select("run_id", "trained_at").union(later).createOrReplaceTempView("model_runs")
    newest = metrics.selectExpr("'later' AS run_id", "model", "split", "metric", "value + 1 AS value")
    metrics.union(newest).createOrReplaceTempView("model_metrics")
    (dataset,) = (dataset for dataset in DASHBOARD["datasets"] if dataset["name"] == "metrics")
    assert [row["value"] for row in asked(gold, dataset).collect()] == [1.7, 1.9]
