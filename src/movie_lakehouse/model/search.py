"""The search: every setting of a grid scored in every fold, by whole models as tasks or by Spark's CrossValidator.

Both ways fit the same objective to the same folds from the same start, and give the same cells but for rounding. Models
as tasks are many times faster, for as long as the ratings fit one worker; Spark's way distributes the data.
The winner is fitted by Spark either way.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from pyspark.ml.recommendation import ALS
from pyspark.sql import DataFrame

from movie_lakehouse.errors import TaskError
from movie_lakehouse.model.cells import Cell, best_setting, cells_of
from movie_lakehouse.model.cross_validation import FittedModel, GridEstimator, cross_validated, param_map
from movie_lakehouse.model.grid import Grid, Setting
from movie_lakehouse.model.one_worker.on_spark import MOST_RATINGS, scores_of_models
from movie_lakehouse.model.one_worker.trajectory import FitOptions

SearchWay = Literal["auto", "models", "spark"]
_HOW: Final = {"models": "whole models as tasks", "spark": "Spark's CrossValidator"}


@dataclass(frozen=True)
class SearchOutcome:
    """The winning setting, its model fitted on the whole training part, and every cell."""

    best: Setting
    model: FittedModel
    cells: list[Cell]


def search(
    train: DataFrame,
    grid: Grid,
    estimator: GridEstimator,
    *,
    n_folds: int,
    parallelism: int,
    way: SearchWay = "auto",
    on_fit: Callable[[int, int], None] = lambda done, total: None,
    say: Callable[[str], None] = lambda text: None,
) -> SearchOutcome:
    """Cross-validate the grid and fit the winner on all of ``train``.

    Args:
        train: user_id, movie_id, rating and fold (0 to n_folds - 1).
        grid: the settings to try.
        estimator: the ALS, plain or biased, whose other parameters all settings share.
        n_folds: number of folds.
        parallelism: models fitted at the same time.
        way: models (whole models as tasks), spark (CrossValidator), or auto: models where the ratings fit one worker.
        on_fit: is told fits done and fits to do.
        say: is told which way is taken, and why.

    Raises:
        TaskError: a fold is empty, or no held-out row could be scored, for want of ratings.
    """
    settings = grid.settings()
    fold_sizes = _fold_sizes(train, n_folds)
    n_ratings = sum(fold_sizes.values())
    way = chosen_way(way, n_ratings)
    say(f"search={way}: {len(settings)} settings in {n_folds} folds by {_HOW[way]}, {n_ratings:,} ratings")
    on_fit(0, len(settings) * n_folds)
    if way == "spark":
        scores, model = cross_validated(
            train, settings, estimator, n_folds=n_folds, parallelism=parallelism, on_fit=on_fit
        )
        cells = cells_of(scores, settings, fold_sizes)
        return SearchOutcome(best_setting(cells), model, cells)
    options = _fit_options(estimator)
    scores = scores_of_models(train, grid, options, n_folds=n_folds, parallelism=parallelism, on_fit=on_fit)
    cells = cells_of(scores, settings, fold_sizes)
    best = best_setting(cells)
    return SearchOutcome(best, estimator.copy(param_map(estimator, best)).fit(train), cells)


def chosen_way(way: SearchWay, n_ratings: int) -> Literal["models", "spark"]:
    """The way that is taken for so many ratings."""
    if way == "auto":
        return "spark" if n_ratings > MOST_RATINGS else "models"
    return way


def _fit_options(estimator: GridEstimator) -> FitOptions:
    """What the estimator fixes for all settings, as models as tasks take it."""
    if isinstance(estimator, ALS):
        return FitOptions(estimator.getNonnegative(), estimator.getSeed(), estimator.getNumUserBlocks())
    shrunk_by = (
        estimator.getOrDefault(estimator.userRegularisation),
        estimator.getOrDefault(estimator.movieRegularisation),
    )
    return FitOptions(False, estimator.getSeed(), estimator.getOrDefault(estimator.numBlocks), shrunk_by)


def _fold_sizes(train: DataFrame, n_folds: int) -> dict[int, int]:
    """Rows a fold; every fold must have some."""
    sizes = {row["fold"]: row["count"] for row in train.groupBy("fold").count().collect()}
    if len(sizes) < n_folds:
        raise TaskError(
            f"Only {len(sizes)} of {n_folds} folds have ratings ({sum(sizes.values())} to train on): "
            "use fewer folds or more data."
        )
    return sizes
