"""Training from ratings to published factors: search on the training part, score once, refit on everything."""

from collections.abc import Callable
from dataclasses import dataclass

from pyspark.ml.recommendation import ALSModel
from pyspark.sql import DataFrame

from movie_lakehouse.errors import TaskError
from movie_lakehouse.model.als import als_estimator
from movie_lakehouse.model.grid import Grid
from movie_lakehouse.model.search import SearchOutcome, search
from movie_lakehouse.model.split import with_fold


@dataclass(frozen=True)
class TrainingSettings:
    """What training depends on beside the ratings."""

    grid: Grid
    n_folds: int
    nonnegative: bool
    seed: int
    parallelism: int


def tune(train: DataFrame, settings: TrainingSettings, on_fit: Callable[[int, int], None]) -> SearchOutcome:
    """Search the grid on the training part by cross-validation.

    Args:
        train: user_id, movie_id, rating of the training part only.
        settings: grid, folds, seed and the like.
        on_fit: is told fits done and fits to do.

    Raises:
        TaskError: there are too few ratings for the folds.
    """
    n_ratings = train.count()
    if n_ratings == 0:
        raise TaskError("There are no ratings to train on.")
    estimator = als_estimator(
        settings.grid.settings()[0], nonnegative=settings.nonnegative, seed=settings.seed, n_ratings=n_ratings
    )
    return search(
        with_fold(train, settings.n_folds, settings.seed),
        settings.grid,
        estimator,
        n_folds=settings.n_folds,
        parallelism=settings.parallelism,
        on_fit=on_fit,
    )


def fit_published(ratings: DataFrame, outcome: SearchOutcome, settings: TrainingSettings) -> ALSModel:
    """Fit the winning setting on all ratings: the model that people get."""
    estimator = als_estimator(
        outcome.best, nonnegative=settings.nonnegative, seed=settings.seed, n_ratings=ratings.count()
    )
    return estimator.fit(ratings)
