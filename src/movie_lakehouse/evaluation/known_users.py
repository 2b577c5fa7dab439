"""Models that have seen the training side, made to know the users whose ratings are to be predicted."""

from movie_lakehouse.evaluation.sides import Sides
from movie_lakehouse.lakehouse.materialise import Hold
from movie_lakehouse.model.als_fold_in import AlsFoldIn
from movie_lakehouse.model.bayes.folded_in import fold_in_users
from movie_lakehouse.model.biases import Biases, fit_biases
from movie_lakehouse.model.factor_model import FactorModel
from movie_lakehouse.model.published import PublishedModel


def biases_of(sides: Sides) -> Biases:
    """The biases of the training side; with profiles, the users' come from their histories."""
    biases = fit_biases(sides.train)
    return biases.with_users_of(sides.history) if sides.has_profiles else biases


def known_to_bayes(fitted: PublishedModel, sides: Sides, hold: Hold) -> FactorModel:
    """The Bayesian model; with profiles, its users are those of the histories, each folded in with their own."""
    if not sides.has_profiles:
        return fitted.model
    assert fitted.fold_in is not None, "only a model that keeps covariances can fold users in"
    mean = fitted.model.getOrDefault(fitted.model.mean)
    users = hold(fold_in_users(sides.history, fitted.movie_factors, fitted.fold_in))
    return FactorModel(users, fitted.model.movie_factors, mean)


def known_to_als(fitted: FactorModel, fold_in: AlsFoldIn, sides: Sides, hold: Hold) -> FactorModel:
    """The same of ALS, plain or on what biases leave."""
    if not sides.has_profiles:
        return fitted
    folded = fold_in.fold_in(fitted, sides.history)
    return FactorModel(hold(folded.user_factors), folded.movie_factors, folded.getOrDefault(folded.mean))
