"""Train on one side of a split, measure on the other, for every contender at once."""

from pyspark.sql import DataFrame

from movie_lakehouse.evaluation.errors import error_metrics
from movie_lakehouse.evaluation.known_users import biases_of, known_to_als, known_to_bayes
from movie_lakehouse.evaluation.list_metrics import list_metrics
from movie_lakehouse.evaluation.lists import contending_lists
from movie_lakehouse.evaluation.sides import Sides
from movie_lakehouse.lakehouse.materialise import Hold
from movie_lakehouse.model.bayes.on_spark import BayesSettings, fit_side_by_side
from movie_lakehouse.model.factor_model import FactorModel
from movie_lakehouse.model.published import of_fits
from movie_lakehouse.model.rivals import one_row_a_model, rival_predictions, with_bias_where_cold
from movie_lakehouse.model.training import TrainingSettings, fit_setting


def evaluate(sides: Sides, movies: DataFrame, settings: TrainingSettings, k: int, hold: Hold) -> DataFrame:
    """Measure all models and baselines on the held-out side, having seen the training side alone.

    With profiles, every model folds each user in with the user's own history, and the biases of users come from it too.

    Args:
        sides: what models may see, what is known of users, and what is to be predicted.
        movies: movie_id, release_year, genres: what is known of movies without ratings.
        settings: of ALS; the first setting of the grid is fitted.
        k: length of the lists.
        hold: holds what is read more than once, until the answers are no longer read.

    Returns:
        model, metric, value, low, high, n_users; low and high are null where there is no interval.

    Raises:
        TaskError: a side has no ratings.
    """
    sides = sides.held(hold).with_both()
    models = _contenders(sides, movies, settings, hold)
    predictions = rival_predictions(sides.held_out, biases_of(sides), models)
    predictions = with_bias_where_cold(predictions, "als", users=models["als"].user_factors)
    lists = {name: hold(frame) for name, frame in contending_lists(sides, models, k, hold).items()}
    errors = error_metrics(one_row_a_model(hold(predictions)), settings.seed)
    return errors.unionByName(list_metrics(lists, sides, k, settings.seed))


def _contenders(sides: Sides, movies: DataFrame, settings: TrainingSettings, hold: Hold) -> dict[str, FactorModel]:
    """The models of ratings, which know the users of the held-out side."""
    fitted = hold(fit_side_by_side({"train": sides.train}, movies, BayesSettings(seed=settings.seed), parallelism=1))
    setting = settings.grid.settings()[0]
    als = fit_setting(sides.train, setting, settings)
    return {
        "bayes": known_to_bayes(of_fits(fitted, {})["train"], sides, hold),
        "als": known_to_als(als, settings.fold_in(setting), sides, hold),
    }
