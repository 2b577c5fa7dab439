"""Train on one side of a split, measure on the other, for every contender at once."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from movie_lakehouse.evaluation.errors import error_metrics
from movie_lakehouse.evaluation.list_metrics import list_metrics
from movie_lakehouse.evaluation.lists import contending_lists
from movie_lakehouse.evaluation.sides import Sides
from movie_lakehouse.lakehouse.materialise import Hold
from movie_lakehouse.model.bayes.folded_in import fold_in_users
from movie_lakehouse.model.bayes.on_spark import BayesSettings, fit_side_by_side
from movie_lakehouse.model.biases import fit_biases
from movie_lakehouse.model.factor_model import FactorModel
from movie_lakehouse.model.published import PublishedModel, of_fit
from movie_lakehouse.model.rivals import one_row_a_model, rival_predictions, with_bias_where_cold
from movie_lakehouse.model.training import TrainingSettings, fit_setting


def evaluate(sides: Sides, movies: DataFrame, settings: TrainingSettings, k: int, hold: Hold) -> DataFrame:
    """Measure all models and baselines on the held-out side, having seen the training side alone.

    With profiles, the Bayesian model folds every user in with the user's own history, and biases of users come from it
    too; ALS knows the users that it was trained on, and takes the biases' prediction for the others.

    Args:
        sides: what models may see, what is known of users, and what is to be predicted.
        movies: movie_id, release_year, genres: what is known of movies without ratings.
        settings: of the two kinds of ALS; the first setting of their grid is fitted.
        k: length of the lists.
        hold: holds what is read more than once, until the answers are no longer read.

    Returns:
        model, metric, value, low, high, n_users; low and high are null where there is no interval.
    """
    sides = Sides(hold(sides.train), hold(sides.history), hold(sides.held_out), sides.has_profiles)
    fitted = hold(fit_side_by_side(sides.train, {"train": F.lit(True)}, movies, BayesSettings(seed=settings.seed)))
    biases, bayes = fit_biases(sides.train), of_fit(fitted, "train", {})
    models: dict[str, FactorModel] = {
        "bayes": bayes.model,
        "als": fit_setting(sides.train, settings.grid.settings()[0], settings),
    }
    if sides.has_profiles:
        biases, models["bayes"] = biases.with_users_of(sides.history), with_users_folded_in(bayes, sides.history, hold)
    predictions = rival_predictions(sides.held_out, biases, models)
    predictions = with_bias_where_cold(predictions, "als", users=models["als"].user_factors)
    lists = {name: hold(frame) for name, frame in contending_lists(sides, models, k, hold).items()}
    errors = error_metrics(one_row_a_model(hold(predictions)), settings.seed)
    return errors.unionByName(list_metrics(lists, sides, k, settings.seed))


def with_users_folded_in(fitted: PublishedModel, history: DataFrame, hold: Hold) -> FactorModel:
    """The model with just the users of the history, each folded in with their own ratings of it."""
    assert fitted.fold_in is not None, "only a model that keeps covariances can fold users in"
    mean = fitted.model.getOrDefault(fitted.model.mean)
    users = hold(fold_in_users(history, fitted.movie_factors, fitted.fold_in))
    return FactorModel(users, fitted.model.movie_factors, mean)
