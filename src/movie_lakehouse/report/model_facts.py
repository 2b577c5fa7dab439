"""The search, and the model beside its baselines."""

import json
from dataclasses import dataclass
from datetime import datetime

from movie_lakehouse.errors import NotFoundError
from movie_lakehouse.query.reader import LakehouseReader
from movie_lakehouse.query.training import run_in_place, training_runs
from movie_lakehouse.report.asking import records

FIRST_SPLIT = "random"
"""The split by which models were judged before their parameters told it."""

_SCORES = """
SELECT model, split, max(value) FILTER (metric = 'rmse') AS rmse, max(value) FILTER (metric = 'mae') AS mae,
  max(value) FILTER (metric = 'rmse_warm') AS rmse_warm, max(value) FILTER (metric = 'n_rows') AS n_rows,
  max(value) FILTER (metric = 'n_cold') AS n_cold, max(value) FILTER (metric = 'ndcg@10') AS ndcg
FROM gold.model_metrics WHERE run_id = ? GROUP BY model, split ORDER BY split <> ?, split, rmse NULLS LAST, model
"""
_REFUSAL = """
SELECT message FROM ops.job_runs WHERE run_id = ? AND task = 'train' AND status = 'refused' ORDER BY ended_at DESC
"""
_GRID = """
SELECT rank, max_iter, reg_param, avg(rmse) AS rmse, min(rmse) AS best_rmse, max(rmse) AS worst_rmse,
  count(*) AS n_folds, sum(n_scored)::BIGINT AS n_scored, sum(n_cold)::BIGINT AS n_cold
FROM gold.cv_results WHERE run_id = ? GROUP BY rank, max_iter, reg_param
ORDER BY rmse NULLS LAST, rank, max_iter, reg_param
"""


@dataclass(frozen=True)
class Score:
    """A model's errors on the held-out ratings, in stars, and its NDCG@10; None for what was not measured."""

    model: str
    split: str
    rmse: float | None
    mae: float | None
    rmse_warm: float | None
    n_rows: float | None
    n_cold: float | None
    ndcg: float | None


@dataclass(frozen=True)
class Contest:
    """The newest model beside its baselines.

    Attributes:
        run_id: the run that trained it, which an earlier one may be.
        candidate: the model that was to be published.
        parameters: its settings.
        promoted: whether it was published.
        in_place: the run whose model people query, None where none has been published.
        why: why it was refused, None where it was not or nothing says so.
        scores: by split, that which the model was judged by first, the others being of `lakehouse evaluate`; of each
            the best first.
    """

    run_id: str
    trained_at: datetime
    candidate: str
    parameters: dict[str, object]
    promoted: bool
    in_place: str | None
    why: str | None
    scores: tuple[Score, ...]

    def rmse_of(self, model: str) -> float | None:
        """The model's RMSE on the first split that has it."""
        return next((score.rmse for score in self.scores if score.model == model), None)


@dataclass(frozen=True)
class Setting:
    """A setting of the grid and its errors over the folds, in stars; None where no row could be scored."""

    rank: int
    max_iter: int
    reg_param: float
    rmse: float | None
    best_rmse: float | None
    worst_rmse: float | None
    n_folds: int
    n_scored: int
    n_cold: int


def contest_of(reader: LakehouseReader) -> Contest:
    """The newest model beside its baselines.

    Raises:
        NotFoundError: no model has been trained.
        TableError: a table is not there.
    """
    trained = list(training_runs(reader, limit=1))
    if not trained:
        raise NotFoundError("gold.model_runs is empty: no model has been trained yet.")
    run_id, trained_at, promoted, best_params = trained[0]
    parameters = json.loads(best_params)
    split = parameters.pop("split", FIRST_SPLIT)
    in_place, refusals = run_in_place(reader), list(reader.sql(_REFUSAL, [run_id]))
    return Contest(
        run_id,
        trained_at,
        parameters.pop("model", "als"),
        parameters,
        promoted,
        in_place[0] if in_place else None,
        refusals[0][0] if refusals else None,
        records(reader, Score, _SCORES, [run_id, split]),
    )


def grid_of(reader: LakehouseReader) -> tuple[Setting, ...]:
    """The settings that the newest search tried, best first.

    Raises:
        NotFoundError: no model has been trained.
        TableError: a table is not there.
    """
    return records(reader, Setting, _GRID, [contest_of(reader).run_id])
