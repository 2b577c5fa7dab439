"""The ranking model fitted with Spark: X'X by blocks of users, added up and inverted in one bounded place."""

from collections.abc import Iterator
from functools import partial
from typing import Final

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from movie_lakehouse.model.ranking.ease import Float32s, Float64s, item_weights
from movie_lakehouse.model.ranking.profiles import as_lists, dense_likings

_RATINGS_A_BLOCK: Final = 1_000_000
"""Ratings whose products one task adds up: seconds of work, against the 36 MB that it hands on."""


def ranking_weights(catalogue: DataFrame, profiles: DataFrame, regularisation: float) -> DataFrame:
    """Fit the item model: what each movie of the catalogue adds to the score of each other.

    The catalogue and the profiles are counted here and now; hold them if they are dear. Each block of users gives its
    part of X'X, which is as large as the catalogue squared whatever the number of users; one task adds the parts up
    as they come and inverts the sum, in memory that the size of the catalogue bounds.

    Args:
        catalogue: movie_id, position (0.. without gaps).
        profiles: user_id, positions array<int>, ratings array<double>, as ``user_profiles`` gives them.
        regularisation: what is added to the diagonal of X'X.

    Returns:
        movie_id, position int, weights array<float>: row ``position`` of E, so that a user's score for the movie at
        position i is the sum of liking * weights[i] over the movies that the user has rated.
    """
    n_movies = catalogue.count()
    n_ratings = profiles.agg(F.coalesce(F.sum(F.size("positions")), F.lit(0)).alias("n")).first()
    assert n_ratings is not None  # an aggregate without groups always has its one row
    n_blocks = 1 + int(n_ratings["n"]) // _RATINGS_A_BLOCK
    parts = profiles.repartition(n_blocks, "user_id").mapInArrow(
        partial(_multiply, n_movies=n_movies), "position INT, products ARRAY<FLOAT>"
    )
    rows = parts.repartition(1).mapInArrow(
        partial(_solve, n_movies=n_movies, regularisation=regularisation), "position INT, weights ARRAY<FLOAT>"
    )
    return catalogue.join(rows, "position", "inner").select("movie_id", "position", "weights")


def incoming_weights(weights: DataFrame, n_movies: int) -> DataFrame:
    """The columns of E: what each movie's score gets from the movies of the catalogue.

    Args:
        weights: movie_id, position, weights, as ``ranking_weights`` gives them.
        n_movies: movies in the catalogue.

    Returns:
        movie_id, weights array<float>: what a liked movie adds to this movie's score, by the liked one's position.
    """
    columns = (
        weights.select("position", "weights")
        .repartition(1)
        .mapInArrow(partial(_transpose, n_movies=n_movies), "position INT, weights ARRAY<FLOAT>")
    )
    return weights.select("movie_id", "position").join(columns, "position", "inner").select("movie_id", "weights")


def _multiply(batches: Iterator[pa.RecordBatch], n_movies: int) -> Iterator[pa.RecordBatch]:
    """X'X of a partition's users, row by row."""
    gram = np.zeros((n_movies, n_movies), dtype=np.float32)
    for _, matrix in dense_likings(batches, n_movies):
        gram += matrix.T @ matrix
    yield _rows("products", gram)


def _solve(batches: Iterator[pa.RecordBatch], n_movies: int, regularisation: float) -> Iterator[pa.RecordBatch]:
    """E, row by row, from the rows of all parts of X'X."""
    gram = _added_up(batches, "products", n_movies)
    yield _rows("weights", item_weights(gram, regularisation).astype(np.float32))


def _transpose(batches: Iterator[pa.RecordBatch], n_movies: int) -> Iterator[pa.RecordBatch]:
    """The columns of a matrix whose rows come in any order."""
    yield _rows("weights", _added_up(batches, "weights", n_movies).T.astype(np.float32))


def _added_up(batches: Iterator[pa.RecordBatch], name: str, n_movies: int) -> Float64s:
    """The sum of all rows that come for each position, as a square matrix."""
    total = np.zeros((n_movies, n_movies))
    for batch in batches:
        rows = batch[name].flatten().to_numpy().reshape(batch.num_rows, n_movies)
        np.add.at(total, batch["position"].to_numpy(), rows)
    return total


def _rows(name: str, matrix: Float32s) -> pa.RecordBatch:
    """A matrix as rows of a position and a list."""
    positions = pa.array(np.arange(len(matrix), dtype=np.int32))
    return pa.RecordBatch.from_arrays([positions, as_lists(matrix)], names=["position", name])
