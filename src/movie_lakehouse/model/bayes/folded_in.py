"""Many users folded into a published Bayesian model on Spark."""

from functools import partial

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame

from movie_lakehouse.model.bayes.factorisation import Ratings, sums_of_squares
from movie_lakehouse.model.bayes.features import Floats
from movie_lakehouse.model.bayes.fold_in import fold_in_all
from movie_lakehouse.model.bayes.moments import Moments
from movie_lakehouse.model.bayes.stored import hyperparameters_of_json, whole_covariances
from movie_lakehouse.model.user_blocks import matrix, solved_by_blocks


def fold_in_users(ratings: DataFrame, movie_factors: DataFrame, hyperparameters: str) -> DataFrame:
    """Solve for the users' biases and factors against a fitted model's movies, whether or not it has seen the users.

    Args:
        ratings: user_id int, movie_id int, rating double, one row a pair; those of movies that the model lacks do not
            count.
        movie_factors: movie_id int, bias float, factors, covariance and loadings array<float>, as in
            gold.movie_factors.
        hyperparameters: what folding in needs, as gold.model_runs.fold_in has it.

    Returns:
        user_id int, bias float, factors array<float>: a row a user, in the form of gold.user_factors.
    """
    movies = movie_factors.select("movie_id", "bias", "factors", "covariance", "loadings")
    return solved_by_blocks(ratings, movies, partial(_rows, hyperparameters=hyperparameters))


def _rows(ratings: Ratings, movies: pa.Table, hyperparameters: str) -> Floats:
    """The users' rows [bias, factors]."""
    means = np.column_stack([movies["bias"].to_numpy(), matrix(movies, "factors")])
    covariances = whole_covariances(matrix(movies, "covariance"), means.shape[1])
    known = hyperparameters_of_json(hyperparameters)
    deviations = ratings.less(known.mean)
    return fold_in_all(
        ratings.rated,
        deviations,
        sums_of_squares(deviations),
        movies=Moments.of(means, covariances, one=0),
        loadings=matrix(movies, "loadings"),
        hyperparameters=known,
    )
