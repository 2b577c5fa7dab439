"""The model that people get, whichever kind it is, in the form of the tables of factors."""

from dataclasses import dataclass, field
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from movie_lakehouse.model.bayes.stored import hyperparameters_of_json
from movie_lakehouse.model.factor_model import FactorModel


@dataclass(frozen=True)
class PublishedModel:
    """A fitted model.

    Attributes:
        model: what predicts.
        movie_factors: those of ``model`` with covariance and loadings, null where the kind has none.
        fold_in: what adding a new user needs, as JSON; None where the kind cannot.
        parameters: what it was fitted with.
    """

    model: FactorModel
    movie_factors: DataFrame
    fold_in: str | None = None
    parameters: dict[str, Any] = field(default_factory=dict)


def without_fold_in(model: FactorModel, parameters: dict[str, Any]) -> PublishedModel:
    """A model that keeps no covariances."""
    nothing = F.lit(None).cast("array<float>")
    movies = model.movie_factors.withColumn("covariance", nothing).withColumn("loadings", nothing)
    return PublishedModel(model, movies, parameters=parameters)


def of_fits(fitted: DataFrame, parameters: dict[str, Any]) -> dict[str, PublishedModel]:
    """The models that fit_side_by_side has fitted, by name; hold the frame, for it is read three times a model."""
    # Collected, not fetched row by row: the fits would be one after another.
    found = fitted.where("side = 'model'").select("fit", "hyperparameters").collect()
    return {row["fit"]: _of_fit(fitted, row["fit"], row["hyperparameters"], parameters) for row in found}


def _of_fit(fitted: DataFrame, name: str, hyperparameters: str, parameters: dict[str, Any]) -> PublishedModel:
    """One of them."""
    rows = fitted.where(F.col("fit") == name)
    users = rows.where("side = 'user'").select(F.col("id").alias("user_id"), "bias", "factors")
    movies = rows.where("side = 'movie'").select(
        F.col("id").alias("movie_id"), "bias", "factors", "covariance", "loadings"
    )
    model = FactorModel(users, movies, hyperparameters_of_json(hyperparameters).mean)
    return PublishedModel(model, movies, hyperparameters, parameters)
