"""An evaluation as rows for people: metric by metric, the best first."""

from typing import Any

from pyspark.sql import DataFrame

HIGHER_IS_BETTER = ("ndcg", "map", "precision", "recall", "coverage", "novelty")
OF_LISTS = HIGHER_IS_BETTER[:5]
Row = tuple[Any, ...]


def as_rows(split: str, metrics: DataFrame, k: int) -> list[Row]:
    """Rows of split, model, metric, value, low, high, n_users; as many as there are models times metrics.

    Args:
        split: how the ratings were held out.
        metrics: as evaluate gives them.
        k: length of the lists; it is named in their metrics.
    """
    rows: list[Row] = []
    for row in metrics.collect():
        name = f"{row['metric']}@{k}" if row["metric"] in OF_LISTS else row["metric"]
        rows.append((split, row["model"], name, row["value"], row["low"], row["high"], row["n_users"]))
    return sorted(rows, key=_best_first)


def _best_first(row: Row) -> tuple[str, float]:
    """Metric, then value: the best first, which for errors is the lowest."""
    metric, value = row[2], row[3]
    return metric, -value if metric.split("@")[0] in HIGHER_IS_BETTER else value
