"""One training: the search, and the candidate beside its rivals on ratings that none of them has seen."""

from dataclasses import asdict, dataclass, replace
from typing import Final

from pyspark.sql import DataFrame

from movie_lakehouse.evaluation.known_users import biases_of, known_to_als, known_to_bayes
from movie_lakehouse.evaluation.published_lists import judged, judged_lists, list_quality
from movie_lakehouse.evaluation.sides import CUT_OFF, FEWEST_USERS, RANDOM, Sides, deciding_sides
from movie_lakehouse.job.context import Context
from movie_lakehouse.job.stages import FITTING, SCORING, SEARCHING
from movie_lakehouse.lakehouse.materialise import Hold, short
from movie_lakehouse.lakehouse.tables import silver
from movie_lakehouse.model.als import as_factor_model
from movie_lakehouse.model.bayes.on_spark import BayesSettings, fit_side_by_side
from movie_lakehouse.model.cells import Cell
from movie_lakehouse.model.factor_model import FactorModel
from movie_lakehouse.model.grid import PRESETS
from movie_lakehouse.model.metrics import rating_errors
from movie_lakehouse.model.published import PublishedModel, of_fits, without_fold_in
from movie_lakehouse.model.rivals import one_row_a_model, rival_predictions, with_bias_where_cold
from movie_lakehouse.model.search import SearchOutcome
from movie_lakehouse.model.training import TrainingSettings, fit_setting, tune

_HOW: Final = {
    CUT_OFF: "the last ratings of all who rated after the global cut-off are held out",
    RANDOM: f"a random share is held out, for fewer than {FEWEST_USERS} users rated anything after a global cut-off",
}


@dataclass(frozen=True)
class Trial:
    """What a training has found.

    Attributes:
        split: how ratings were held out: cut-off or random.
        cells: the search's.
        published: the model that is to be published, fitted to all ratings.
        rivals: the held-out ratings and what each model predicts for them, as rival_predictions gives it.
        errors: of each model, as rating_errors gives them.
        lists: of the candidate and of popular movies, as judged_lists gives them.
        list_metrics: of each user's lists, as judged gives them.
        list_quality: their means, as list_quality gives them.
    """

    split: str
    cells: list[Cell]
    published: PublishedModel
    rivals: DataFrame
    errors: DataFrame
    lists: DataFrame
    list_metrics: DataFrame
    list_quality: DataFrame

    @classmethod
    def of(
        cls,
        split: str,
        cells: list[Cell],
        published: PublishedModel,
        rivals: DataFrame,
        lists: DataFrame,
        *,
        hold: Hold,
    ) -> "Trial":
        """That of these predictions and lists, measured."""
        rivals, lists = hold(rivals), hold(lists)
        by_user = hold(judged(lists, rivals))
        errors, quality = short(rating_errors(one_row_a_model(rivals))), short(list_quality(by_user))
        return cls(split, cells, published, rivals, errors, lists, by_user, quality)


def try_out(context: Context, hold: Hold) -> Trial:
    """Search, fit and score. What was held out is seen by the model that is to be published, and by no other.

    Raises:
        TaskError: there are too few ratings.
        SettingError: the way of searching cannot take the grid.
    """
    chosen, settings = context.settings, training_settings(context)
    columns = ("user_id", "movie_id", "rating", "rated_at")
    ratings = hold(context.store.read(silver.RATINGS.name).select(*columns))
    split, sides = deciding_sides(ratings, chosen.test_fraction, chosen.seed, hold)
    context.notice(f"split={split}: {_HOW[split]}")
    with context.stage(SEARCHING):
        outcome = tune(sides.train, settings, lambda done, total: context.step("fits", done, total), context.notice)
    with context.stage(FITTING):
        models = _als_models(settings, outcome, sides, hold)
        if chosen.model == "bayes":
            models["bayes"], published = _bayes(context, ratings, sides, hold)
        else:
            parameters = outcome.best._asdict() | {"nonnegative": settings.nonnegative}
            published = without_fold_in(fit_setting(ratings, outcome.best, settings), parameters)
    with context.stage(SCORING):
        rivals = rival_predictions(sides.held_out, biases_of(sides), models)
        rivals = with_bias_where_cold(rivals, "als", users=models["als"].user_factors)
        lists = judged_lists(sides, models[chosen.model], chosen.ranking, hold)
        return Trial.of(split, outcome.cells, published, rivals, lists, hold=hold)


def training_settings(context: Context) -> TrainingSettings:
    """The job's settings that the search depends on."""
    chosen = context.settings
    return TrainingSettings(
        chosen.settings_grid,
        chosen.folds,
        chosen.nonnegative,
        seed=chosen.seed,
        parallelism=chosen.parallelism,
        family="biased_als" if chosen.model == "biased_als" else "als",
        search=chosen.search,
    )


def _als_models(settings: TrainingSettings, outcome: SearchOutcome, sides: Sides, hold: Hold) -> dict[str, FactorModel]:
    """The search's winner, and plain ALS beside it where another kind was searched: every run has it as a baseline."""
    searched = as_factor_model(outcome.model)
    models: dict[str, FactorModel] = {
        settings.family: known_to_als(searched, settings.fold_in(outcome.best), sides, hold)
    }
    if "als" not in models:
        plain, (setting, *_) = replace(settings, family="als"), PRESETS["single"].settings()
        models["als"] = known_to_als(fit_setting(sides.train, setting, plain), plain.fold_in(setting), sides, hold)
    return models


def _bayes(context: Context, ratings: DataFrame, sides: Sides, hold: Hold) -> tuple[FactorModel, PublishedModel]:
    """The Bayesian model as it is scored, and as it is published, fitted side by side."""
    bayes = BayesSettings(seed=context.settings.seed)
    parts, movies = {"train": sides.train, "all": ratings}, context.store.read(silver.MOVIES.name)
    fitted = hold(fit_side_by_side(parts, movies, bayes, context.settings.parallelism))
    models = of_fits(fitted, asdict(bayes))
    return known_to_bayes(models["train"], sides, hold), models["all"]
