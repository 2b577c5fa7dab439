"""Training from ratings to a published model: search on the training part, score beside rivals, refit on everything."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from pyspark.sql import DataFrame

from movie_lakehouse.errors import TaskError
from movie_lakehouse.model.als import als_estimator, as_factor_model, n_blocks
from movie_lakehouse.model.als_fold_in import AlsFoldIn
from movie_lakehouse.model.biased_als import BiasedALS
from movie_lakehouse.model.biases import USER_REGULARISATION
from movie_lakehouse.model.cross_validation import GridEstimator
from movie_lakehouse.model.factor_model import FactorModel
from movie_lakehouse.model.grid import Grid, Setting
from movie_lakehouse.model.search import SearchOutcome, SearchWay, search
from movie_lakehouse.model.split import with_fold

Family = Literal["als", "biased_als"]


@dataclass(frozen=True)
class TrainingSettings:
    """What the search depends on beside the ratings.

    Attributes:
        grid: the settings to try.
        n_folds: parts of the cross-validation.
        nonnegative: whether the factors of plain ALS must not be negative; residuals need both signs.
        seed: of folds and factors.
        parallelism: models fitted at the same time.
        family: plain ALS, or ALS on what the biases leave.
        search: by whole models as tasks, by Spark's CrossValidator, or by what suits the number of ratings.
    """

    grid: Grid
    n_folds: int
    nonnegative: bool
    seed: int
    parallelism: int
    family: Family = "als"
    search: SearchWay = "auto"

    def estimator(self, setting: Setting, n_ratings: int) -> GridEstimator:
        """An unfitted model of the family."""
        if self.family == "als":
            return als_estimator(setting, nonnegative=self.nonnegative, seed=self.seed, n_ratings=n_ratings)
        return BiasedALS(
            rank=setting.rank,
            maxIter=setting.max_iter,
            regParam=setting.reg_param,
            seed=self.seed,
            numBlocks=n_blocks(n_ratings),
        )

    def fold_in(self, setting: Setting) -> AlsFoldIn:
        """What folds users into a model that was fitted with this setting."""
        if self.family == "als":
            return AlsFoldIn(setting.reg_param, self.nonnegative)
        return AlsFoldIn(setting.reg_param, nonnegative=False, bias_regularisation=USER_REGULARISATION)


def tune(
    train: DataFrame,
    settings: TrainingSettings,
    on_fit: Callable[[int, int], None],
    say: Callable[[str], None] = lambda text: None,
) -> SearchOutcome:
    """Search the grid on the training part by cross-validation.

    Args:
        train: user_id, movie_id, rating of the training part only.
        settings: grid, folds, seed and the like.
        on_fit: is told fits done and fits to do.
        say: is told which way of searching is taken.

    Raises:
        TaskError: there are too few ratings for the folds.
        SettingError: the way of searching cannot take the grid.
    """
    n_ratings = train.count()
    if n_ratings == 0:
        raise TaskError("There are no ratings to train on.")
    return search(
        with_fold(train, settings.n_folds, settings.seed),
        settings.grid,
        settings.estimator(settings.grid.settings()[0], n_ratings),
        n_folds=settings.n_folds,
        parallelism=settings.parallelism,
        way=settings.search,
        on_fit=on_fit,
        say=say,
    )


def fit_setting(ratings: DataFrame, setting: Setting, settings: TrainingSettings) -> FactorModel:
    """Fit one setting on all of the ratings."""
    return as_factor_model(settings.estimator(setting, ratings.count()).fit(ratings))
