"""The catalogue that the ranking model knows, and what each user has rated of it."""

from collections.abc import Iterator
from functools import partial
from typing import Final

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from movie_lakehouse.model.ranking.ease import Float32s, likings

_LIKED_ENOUGH: Final = 3.0
_USERS_AT_A_TIME: Final = 1024
"""Rows of X that are spelt out in memory together: 12 MB for a catalogue of 3000."""


def popular_catalogue(ratings: DataFrame, max_movies: int) -> DataFrame:
    """The movies with the most ratings of 3 stars or more, ties by the lower number.

    Args:
        ratings: movie_id, rating.
        max_movies: how many at most.

    Returns:
        movie_id, position int (0 for the most rated, without gaps): the movie's row and column in the model.
    """
    counts = ratings.where(F.col("rating") >= _LIKED_ENOUGH).groupBy("movie_id").agg(F.count(F.lit(1)).alias("n"))
    most_rated = [F.desc("n"), F.col("movie_id")]
    position = F.row_number().over(Window.orderBy(*most_rated)) - 1
    return counts.orderBy(*most_rated).limit(max_movies).select("movie_id", position.alias("position"))


def user_profiles(ratings: DataFrame, catalogue: DataFrame) -> DataFrame:
    """What each user has rated of the catalogue.

    Args:
        ratings: user_id, movie_id, rating, one row a pair.
        catalogue: movie_id, position.

    Returns:
        user_id, positions array<int>, ratings array<double> in the same order; empty for who rated nothing of it.
    """
    placed = ratings.join(F.broadcast(catalogue), "movie_id", "left")
    pair = F.struct("position", F.col("rating").cast("double").alias("rating"))
    # What is null is not collected: a user who rated nothing of the catalogue has a row of empty lists.
    pairs = F.collect_list(F.when(F.col("position").isNotNull(), pair)).alias("pairs")
    return (
        placed.groupBy("user_id")
        .agg(pairs)
        .select("user_id", F.col("pairs.position").alias("positions"), F.col("pairs.rating").alias("ratings"))
    )


def user_likings(profiles: DataFrame, n_movies: int) -> DataFrame:
    """The users' rows of X: user_id int, likings binary: float32 numbers, one for each position of the catalogue.

    Bytes, for Spark copies them whole where it would copy an array's numbers one by one.
    """
    return profiles.mapInArrow(partial(_spell_out, n_movies=n_movies), "user_id INT, likings BINARY")


def _spell_out(batches: Iterator[pa.RecordBatch], n_movies: int) -> Iterator[pa.RecordBatch]:
    """Batches of profiles as batches of rows of X."""
    for users, matrix in dense_likings(batches, n_movies):
        yield pa.RecordBatch.from_arrays([users, as_bytes(matrix)], names=["user_id", "likings"])


def dense_likings(batches: Iterator[pa.RecordBatch], n_movies: int) -> Iterator[tuple[pa.Array, Float32s]]:
    """The users of profiles and their rows of X as matrices of at most 1024 rows and n_movies columns."""
    for batch in batches:
        for start in range(0, batch.num_rows, _USERS_AT_A_TIME):
            part = batch.slice(start, _USERS_AT_A_TIME)
            positions = part["positions"]
            row = np.repeat(np.arange(part.num_rows), positions.value_lengths().to_numpy(zero_copy_only=False))
            matrix = np.zeros((part.num_rows, n_movies), dtype=np.float32)
            matrix[row, positions.flatten().to_numpy()] = likings(part["ratings"].flatten().to_numpy())
            yield part["user_id"], matrix


def as_bytes(matrix: Float32s) -> pa.BinaryArray:
    """The rows of a matrix as an Arrow array of their bytes."""
    return pa.array([row.tobytes() for row in np.ascontiguousarray(matrix)], pa.binary())
