"""The ranking model fitted with Spark: X'X by blocks of users, added up and inverted in one bounded place."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from movie_lakehouse.lakehouse.materialise import Hold
from movie_lakehouse.model.ranking.ease import MAX_MOVIES, REGULARISATION, Float32s, Float64s, item_weights
from movie_lakehouse.model.ranking.profiles import as_bytes, dense_likings, popular_catalogue, user_profiles

_RATINGS_A_BLOCK: Final = 1_000_000
"""Ratings whose products one task adds up: seconds of work, against the 36 MB that it hands on."""
_SPELT_OUT: Final = ["movie_id", "position", "weights"]


@dataclass(frozen=True)
class RankingModel:
    """The item model, as it is used.

    Attributes:
        weights: movie_id, position int (0.. without gaps), and the matrix E as float32 numbers by position: weights
            binary, the movie's row (what it adds to the others), and incoming binary, its column (what it gets).
        n_movies: movies in the catalogue.
        profiles: what those have rated of the catalogue to whom it was fitted, as user_profiles gives it.
    """

    weights: DataFrame
    n_movies: int
    profiles: DataFrame

    @property
    def catalogue(self) -> DataFrame:
        """movie_id, position."""
        return self.weights.select("movie_id", "position")

    def weights_table(self) -> DataFrame:
        """movie_id, position, weights array<float>: the rows of E for people to query."""
        wanted = "movie_id INT, position INT, weights ARRAY<FLOAT>"
        return self.weights.select("movie_id", "position", "weights").mapInArrow(_spell_out, wanted)


def fit_ranking_model(
    ratings: DataFrame, hold: Hold, *, max_movies: int = MAX_MOVIES, regularisation: float = REGULARISATION
) -> RankingModel:
    """Fit the item model: what each movie of the catalogue adds to the score of each other.

    Each block of users gives its part of X'X, which is as large as the catalogue squared whatever the number of users;
    one task adds the parts up as they come and inverts the sum, in memory that the size of the catalogue bounds.

    Args:
        ratings: user_id, movie_id, rating, one row a pair.
        hold: holds what is read more than once.
        max_movies: the size of the catalogue at most.
        regularisation: what is added to the diagonal of X'X.
    """
    catalogue = hold(popular_catalogue(ratings, max_movies))
    profiles = hold(user_profiles(ratings, catalogue))
    n_movies, n_blocks = _count(profiles)
    parts = profiles.repartition(n_blocks, "user_id").mapInArrow(
        partial(_multiply, n_movies=n_movies), "position INT, products BINARY"
    )
    rows = parts.repartition(1).mapInArrow(
        partial(_solve, n_movies=n_movies, regularisation=regularisation),
        "position INT, weights BINARY, incoming BINARY",
    )
    matrix = catalogue.join(rows, "position", "inner").select("movie_id", "position", "weights", "incoming")
    return RankingModel(hold(matrix), n_movies, profiles)


def _count(profiles: DataFrame) -> tuple[int, int]:
    """The catalogue's movies, each rated by somebody, and in how many parts of ratings X'X is worth computing."""
    last, n_ratings = F.max(F.array_max("positions")), F.sum(F.size("positions"))
    (found,) = profiles.agg(last.alias("last"), n_ratings.alias("n_ratings")).collect()
    n_movies = 0 if found["last"] is None else found["last"] + 1
    return n_movies, 1 + (found["n_ratings"] or 0) // _RATINGS_A_BLOCK


def _multiply(batches: Iterator[pa.RecordBatch], n_movies: int) -> Iterator[pa.RecordBatch]:
    """X'X of a partition's users, row by row."""
    gram = np.zeros((n_movies, n_movies), dtype=np.float32)
    for _, matrix in dense_likings(batches, n_movies):
        gram += matrix.T @ matrix
    yield _rows(products=gram)


def _solve(batches: Iterator[pa.RecordBatch], n_movies: int, regularisation: float) -> Iterator[pa.RecordBatch]:
    """E by rows and by columns, from the rows of all parts of X'X."""
    gram: Float64s = np.zeros((n_movies, n_movies))
    for batch in batches:
        for position, row in zip(batch["position"].to_numpy(), batch["products"], strict=True):
            gram[position] += np.frombuffer(row.as_buffer(), np.float32)
    weights = item_weights(gram, regularisation).astype(np.float32)
    yield _rows(weights=weights, incoming=weights.T)


def _rows(**matrices: Float32s) -> pa.RecordBatch:
    """Square matrices as rows of a position and each matrix's bytes there."""
    n_rows = max(len(matrix) for matrix in matrices.values())
    arrays = {name: as_bytes(matrix) for name, matrix in matrices.items()}
    return pa.RecordBatch.from_pydict({"position": pa.array(np.arange(n_rows, dtype=np.int32)), **arrays})


def _spell_out(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The batches with the weights as lists of numbers."""
    for batch in batches:
        numbers = np.frombuffer(b"".join(batch["weights"].to_pylist()), np.float32)
        starts = np.linspace(0, len(numbers), batch.num_rows + 1, dtype=np.int32)
        lists = pa.ListArray.from_arrays(pa.array(starts), pa.array(numbers))
        yield pa.RecordBatch.from_arrays([batch["movie_id"], batch["position"], lists], names=_SPELT_OUT)
