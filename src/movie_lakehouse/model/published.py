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


def of_fit(fitted: DataFrame, name: str, parameters: dict[str, Any]) -> PublishedModel:
    """One of the models that fit_side_by_side has fitted; hold the frame, for it is read three times."""
    rows = fitted.where(F.col("fit") == name)
    row = rows.where("side = 'model'").select("hyperparameters").first()
    assert row is not None, f"no model was fitted for {name}"
    users = rows.where("side = 'user'").select(F.col("id").alias("user_id"), "bias", "factors")
    movies = rows.where("side = 'movie'").select(
        F.col("id").alias("movie_id"), "bias", "factors", "covariance", "loadings"
    )
    model = FactorModel(users, movies, hyperparameters_of_json(row["hyperparameters"]).mean)
    return PublishedModel(model, movies, row["hyperparameters"], parameters)
