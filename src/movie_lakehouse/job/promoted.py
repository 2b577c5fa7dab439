"""Which model is in place: the newest row of gold.model_runs that was promoted."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from movie_lakehouse.lakehouse.store import Store
from movie_lakehouse.lakehouse.tables import gold

_NEWEST = """
SELECT run_id, best_params, table_versions FROM {table} WHERE promoted ORDER BY trained_at DESC LIMIT 1
"""


@dataclass(frozen=True)
class PromotedRun:
    """The run that trained the model in place.

    Attributes:
        run_id: the run.
        parameters: what the model was fitted with, how it was judged, and the mean that its biases deviate from.
        trained_on: the versions of the tables that it was trained on.
    """

    run_id: str
    parameters: Mapping[str, Any]
    trained_on: Mapping[str, int]


def newest_promoted(store: Store, version: int | None = None) -> PromotedRun | None:
    """The run whose model is in place, now or at a version of gold.model_runs; None where none has been promoted."""
    rows = store.rows(gold.MODEL_RUNS.name, _NEWEST, version)
    if not rows:
        return None
    (row,) = rows
    return PromotedRun(row["run_id"], json.loads(row["best_params"]), dict(row["table_versions"]))


def mean_rating(store: Store) -> float:
    """What the biases of the model in place are deviations from, in stars; 0 for a model that has none."""
    promoted = newest_promoted(store)
    return 0.0 if promoted is None else float(promoted.parameters.get("mean_rating") or 0)
