"""Users solved for on Spark: blocks of users, each beside all the movies of a fitted model."""

from collections.abc import Callable
from functools import partial
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from movie_lakehouse.model.bayes.factorisation import Ratings
from movie_lakehouse.model.bayes.features import Floats

RATINGS_A_BLOCK: Final = 1_000_000
"""Sixteen megabytes in a worker, beside a few kilobytes a movie."""
_SOLVED: Final = "user_id INT, bias FLOAT, factors ARRAY<FLOAT>"

Solve = Callable[[Ratings, pa.Table], Floats]
"""Gives the users' rows [bias, factors], shape (users, k + 1), from their ratings of the movies of the table."""


def solved_by_blocks(ratings: DataFrame, movie_factors: DataFrame, solve: Solve) -> DataFrame:
    """Solve for the users' biases and factors against a fitted model's movies.

    The ratings are counted here and now, to find the number of blocks; the rest is computed when the result is.

    Args:
        ratings: user_id int, movie_id int, rating double, one row a pair; those of movies that the model lacks do not
            count.
        movie_factors: movie_id int and whatever ``solve`` asks for.
        solve: what a block's users come from.

    Returns:
        user_id int, bias float, factors array<float>: a row a user, in the form of gold.user_factors.
    """
    n_blocks = 1 + ratings.count() // RATINGS_A_BLOCK
    # Named anew, for a model made of the same frame may share its columns, which a cogroup does not tell apart.
    named = (F.col(name).alias(name) for name in ("user_id", "movie_id", "rating"))
    of_users = ratings.select(F.pmod(F.xxhash64("user_id"), F.lit(n_blocks)).alias("block"), *named)
    every_block = F.explode(F.sequence(F.lit(0).cast("long"), F.lit(n_blocks - 1).cast("long")))
    movies = movie_factors.select(every_block.alias("block"), "*")
    blocks = of_users.groupBy("block").cogroup(movies.groupBy("block"))
    return blocks.applyInArrow(partial(_solved_block, solve=solve), _SOLVED)


def matrix(movies: pa.Table, column: str) -> Floats:
    """A column of lists of one length as a matrix."""
    values = movies[column].combine_chunks().flatten().to_numpy().astype(np.float64)
    return np.asarray(values.reshape(movies.num_rows, -1))


def _solved_block(ratings: pa.Table, movies: pa.Table, solve: Solve) -> pa.Table:
    """The rows of one block's users."""
    user_ids, users = np.unique(ratings["user_id"].to_numpy(), return_inverse=True)
    places = pd.Index(movies["movie_id"].to_numpy()).get_indexer(pd.Index(ratings["movie_id"].to_numpy()))
    is_known, shape = places >= 0, (len(user_ids), movies.num_rows)
    known = Ratings.of(users[is_known], places[is_known], ratings["rating"].to_numpy()[is_known], shape)
    rows = solve(known, movies).astype(np.float32)
    # Typed, for a block without users has no list to tell the type by.
    factors = pa.array(list(rows[:, 1:]), pa.list_(pa.float32()))
    return pa.table({"user_id": user_ids.astype(np.int32), "bias": rows[:, 0], "factors": factors})
