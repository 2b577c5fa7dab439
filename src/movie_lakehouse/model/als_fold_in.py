"""Users whom ALS, plain or on what biases leave, has not seen: its own half-step for them against its movies."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame

from movie_lakehouse.model.bayes.factorisation import Ratings
from movie_lakehouse.model.bayes.features import Floats
from movie_lakehouse.model.factor_model import FactorModel
from movie_lakehouse.model.one_worker.alternating import rows_given
from movie_lakehouse.model.user_blocks import matrix, solved_by_blocks


@dataclass(frozen=True)
class AlsFoldIn:
    """What folding users into a fitted ALS needs beside its movies.

    Attributes:
        reg_param: that it was fitted with.
        nonnegative: whether no factor may be below zero.
        bias_regularisation: ratings that a user's bias is shrunk by; None: the model has no biases.
    """

    reg_param: float
    nonnegative: bool
    bias_regularisation: float | None = None

    def fold_in(self, model: FactorModel, ratings: DataFrame) -> FactorModel:
        """The model with just the users of the ratings, each folded in with their own.

        Args:
            model: fitted with these settings.
            ratings: user_id int, movie_id int, rating double, one row a pair; who has rated no movie that the model
                knows is left out.
        """
        mean, movies = model.getOrDefault(model.mean), model.movie_factors.select("movie_id", "bias", "factors")
        known = ratings.join(movies.select("movie_id"), on="movie_id", how="left_semi")
        users = solved_by_blocks(known, movies, partial(_rows, settings=self, mean=mean))
        return FactorModel(users, model.movie_factors, mean)


def _rows(ratings: Ratings, movies: pa.Table, settings: AlsFoldIn, mean: float) -> Floats:
    """The users' rows [bias, factors]: the bias of what the movies' leave, the factors of what both leave."""
    biases, n_ratings = np.zeros(ratings.rated.shape[0]), ratings.rated.getnnz(axis=1)
    of_movies = movies["bias"].to_numpy().astype(np.float64)
    rated = ratings.stars.tocoo()
    left = rated.data - mean - of_movies[rated.col]
    if settings.bias_regularisation is not None:
        biases = np.bincount(rated.row, left, minlength=len(biases)) / (n_ratings + settings.bias_regularisation)
    residuals = Ratings.of(rated.row, rated.col, left - biases[rated.row], ratings.rated.shape)
    factors = rows_given(
        matrix(movies, "factors"), residuals, reg_param=settings.reg_param, nonnegative=settings.nonnegative
    )
    return np.column_stack([biases, factors])
