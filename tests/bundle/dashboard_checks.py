"""What must hold of the bundle's dashboards. A check gives the problems it finds, a line each."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from movie_lakehouse.job.bundle import Bundle


def dashboard_files(bundle: Bundle) -> Iterator[tuple[str, Path]]:
    """The file of each dashboard, which is named relative to the resource's own file."""
    for key, dashboard in bundle.tree["resources"]["dashboards"].items():
        yield key, bundle.origin(f"resources.dashboards.{key}").parent / dashboard.get("file_path", "")


def dashboard_files_exist(bundle: Bundle) -> Iterator[str]:
    """And hold JSON."""
    for key, file in dashboard_files(bundle):
        if not file.is_file():
            yield f"resources.dashboards.{key}: no file {file.name}"
        elif not isinstance(json.loads(file.read_text(encoding="utf-8")), dict):
            yield f"resources.dashboards.{key}: {file.name} is not a dashboard"


def dashboards_read_the_deployments_own_gold(bundle: Bundle) -> Iterator[str]:
    """With the rights of whoever looks."""
    for key, dashboard in bundle.tree["resources"]["dashboards"].items():
        wanted = {
            "dataset_catalog": "${var.catalog}",
            "dataset_schema": "${resources.schemas.gold.name}",
            "embed_credentials": False,
        }
        for name, value in wanted.items():
            if dashboard.get(name) != value:
                yield f"resources.dashboards.{key}.{name}: not {value}"


def widgets_show_datasets_that_there_are(bundle: Bundle) -> Iterator[str]:
    """Every widget's data set exists and every data set is shown; an encoding names a field of the widget's query."""
    for _, file in dashboard_files(bundle):
        dashboard = json.loads(file.read_text(encoding="utf-8"))
        names = {dataset["name"] for dataset in dashboard["datasets"]}
        shown = {query["datasetName"] for _, query in queries_of(dashboard)}
        yield from (
            f"{widget}: no data set {query['datasetName']}"
            for widget, query in queries_of(dashboard)
            if query["datasetName"] not in names
        )
        yield from (f"data set {name}: not shown" for name in sorted(names - shown))
        for widget in widgets_of(dashboard):
            fields = {field["name"] for query in widget.get("queries", []) for field in query["query"]["fields"]}
            for name in _encoded(widget.get("spec", {}).get("encodings", {})):
                if name not in fields:
                    yield f"{widget['name']}: shows {name}, which it does not query"


def widgets_of(dashboard: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The widgets of all pages."""
    for page in dashboard["pages"]:
        yield from (item["widget"] for item in page["layout"])


def queries_of(dashboard: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each widget's queries upon data sets."""
    for widget in widgets_of(dashboard):
        for query in widget.get("queries", []):
            yield widget["name"], query["query"]


def _encoded(encodings: Any) -> Iterator[str]:
    """The fields that a widget's encodings name."""
    if isinstance(encodings, list):
        for item in encodings:
            yield from _encoded(item)
    elif isinstance(encodings, dict):
        if "fieldName" in encodings:
            yield encodings["fieldName"]
        for item in encodings.values():
            yield from _encoded(item)


CHECKS = (
    dashboard_files_exist,
    dashboards_read_the_deployments_own_gold,
    widgets_show_datasets_that_there_are,
)
