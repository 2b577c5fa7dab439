"""Many users folded into a published model on Spark: blocks of users, each beside all the movies."""

from functools import partial
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from movie_lakehouse.model.bayes.factorisation import Ratings
from movie_lakehouse.model.bayes.features import Floats
from movie_lakehouse.model.bayes.fold_in import fold_in_all
from movie_lakehouse.model.bayes.stored import hyperparameters_of_json, whole_covariances

_RATINGS_A_BLOCK: Final = 1_000_000
"""Sixteen megabytes in a worker, beside a few kilobytes a movie."""
_FOLDED: Final = "user_id INT, bias FLOAT, factors ARRAY<FLOAT>"


def fold_in_users(ratings: DataFrame, movie_factors: DataFrame, hyperparameters: str) -> DataFrame:
    """Solve for the users' biases and factors against a fitted model's movies, whether or not it has seen the users.

    The ratings are counted here and now, to find the number of blocks; the rest is computed when the result is.

    Args:
        ratings: user_id int, movie_id int, rating double, one row a pair; those of movies that the model lacks do not
            count.
        movie_factors: movie_id int, bias float, factors, covariance and loadings array<float>, as in
            gold.movie_factors.
        hyperparameters: what folding in needs, as gold.model_runs.fold_in has it.

    Returns:
        user_id int, bias float, factors array<float>: a row a user, in the form of gold.user_factors.
    """
    n_blocks = 1 + ratings.count() // _RATINGS_A_BLOCK
    of_users = ratings.select(
        F.pmod(F.xxhash64("user_id"), F.lit(n_blocks)).alias("block"), "user_id", "movie_id", "rating"
    )
    movies = movie_factors.select(
        F.explode(F.sequence(F.lit(0).cast("long"), F.lit(n_blocks - 1).cast("long"))).alias("block"),
        "movie_id",
        "bias",
        "factors",
        "covariance",
        "loadings",
    )
    blocks = of_users.groupBy("block").cogroup(movies.groupBy("block"))
    return blocks.applyInArrow(partial(_fold_block, hyperparameters=hyperparameters), _FOLDED)


def _fold_block(ratings: pa.Table, movies: pa.Table, hyperparameters: str) -> pa.Table:
    """The rows of one block's users."""
    known = hyperparameters_of_json(hyperparameters)
    user_ids, users = np.unique(ratings["user_id"].to_numpy(), return_inverse=True)
    places = pd.Index(movies["movie_id"].to_numpy()).get_indexer(pd.Index(ratings["movie_id"].to_numpy()))
    is_known, shape = places >= 0, (len(user_ids), movies.num_rows)
    stars = ratings["rating"].to_numpy()
    means = np.column_stack([movies["bias"].to_numpy(), _matrix(movies, "factors")])
    rows = fold_in_all(
        Ratings.of(users[is_known], places[is_known], stars[is_known], shape),
        means,
        whole_covariances(_matrix(movies, "covariance"), means.shape[1]),
        _matrix(movies, "loadings"),
        known,
    ).astype(np.float32)
    return pa.table({"user_id": user_ids.astype(np.int32), "bias": rows[:, 0], "factors": list(rows[:, 1:])})


def _matrix(movies: pa.Table, column: str) -> Floats:
    """A column of lists of one length as a matrix."""
    values = movies[column].combine_chunks().flatten().to_numpy().astype(np.float64)
    return np.asarray(values.reshape(movies.num_rows, -1))
