"""What is known of users and movies beside the stars: who rated what, genres and release years."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:  # to load it takes a fifth of the time that one person waits for movies, who needs nothing of it
    from scipy import sparse

Floats = NDArray[np.float64]
Matrix: TypeAlias = "sparse.csr_matrix | Floats"
"""Sparse where there are many users, dense for the ratings of one."""

_FIRST_YEAR: Final = 1940
_YEARS_A_BIN: Final = 6
_YEAR_BINS: Final = 14
_USUAL_YEAR: Final = 1995
"""Stands for a year that is not known: the middle of what people rate."""
_ROUNDS: Final = 6
_OVERSAMPLING: Final = 10


def content_features(genres: Sequence[Sequence[str]], years: Sequence[int | None]) -> Floats:
    """Genres as a row of length 1 (all zero without any) and the bin of six years that the release falls in.

    Returns:
        Shape (movies, distinct genres + 14).

    >>> content_features([["Drama"], []], [1996, 1940])[:, :1].tolist()
    [[1.0], [0.0]]
    """
    names = sorted({genre for row in genres for genre in row})
    column = {name: place for place, name in enumerate(names)}
    has_genre = np.zeros((len(genres), len(names)))
    for row, names_of_row in enumerate(genres):
        has_genre[row, [column[name] for name in names_of_row]] = 1
    has_genre /= np.sqrt(np.maximum(has_genre.sum(axis=1, keepdims=True), 1))
    known = np.array([_USUAL_YEAR if year is None else year for year in years], dtype=np.int64)
    bins = np.clip((known - _FIRST_YEAR) // _YEARS_A_BIN, 0, _YEAR_BINS - 1)
    return np.hstack([has_genre, np.eye(_YEAR_BINS)[bins]])


def taste_loadings(rated: "sparse.csr_matrix", n_features: int, seed: int) -> Floats:
    """How each movie loads on the main directions in which users differ in what they rate.

    They are the leading right singular vectors of D^-1/2 B, where B says who rated what and D counts a user's ratings,
    by randomised subspace iteration (Halko, Martinsson and Tropp, 2011): products with the sparse matrix only.

    Args:
        rated: ones where a user rated a movie, shape (users, movies).
        n_features: directions wanted; fewer come where there are fewer users or movies.
        seed: of the start.

    Returns:
        Shape (movies, at most n_features), scaled so that user features have a mean square row of 1 where there are
        no more directions, and of less by what a few of the others hold.
    """
    n_columns = min(n_features + _OVERSAMPLING, *rated.shape)
    basis = np.random.default_rng(seed).standard_normal((rated.shape[1], n_columns))
    counts = _counts(rated)[:, None]
    for _ in range(_ROUNDS):
        basis, _triangle = np.linalg.qr(rated.T @ (rated @ basis / counts))
    image = pooled(rated, basis)
    strengths, vectors = np.linalg.eigh(image.T @ image)
    loadings = basis @ vectors[:, ::-1][:, :n_features]
    return np.asarray(loadings / np.sqrt(strengths.sum() / rated.shape[0]))


def pooled(rated: Matrix, rows: Floats) -> Floats:
    """For each row of ``rated``, the sum of ``rows`` over what it has, divided by the root of how many those are."""
    return np.asarray((rated @ rows) / np.sqrt(_counts(rated))[:, None])


def scaled(features: Floats) -> Floats:
    """The features with a mean square row of 1 (all zero stays so)."""
    mean_square = float(np.mean(np.sum(features**2, axis=1)))
    return np.asarray(features / np.sqrt(max(mean_square, 1e-12)))


def _counts(rated: Matrix) -> Floats:
    """Ones a row, at least 1."""
    counts = np.asarray(rated.sum(axis=1), dtype=np.float64).ravel()
    return np.maximum(counts, 1.0)
