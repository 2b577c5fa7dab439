"""Alternating least squares on ratings that are at hand as a sparse matrix."""

from collections.abc import Iterator

import numpy as np
from scipy import sparse

from movie_lakehouse.model.bayes.factorisation import Ratings
from movie_lakehouse.model.bayes.features import Floats
from movie_lakehouse.model.one_worker.least_squares import Flags, solved


def alternating(
    ratings: Ratings, users: Floats, *, reg_param: float, nonnegative: bool
) -> Iterator[tuple[Floats, Floats]]:
    """Give users' and movies' factors after each iteration, without end.

    The objective is Spark's: the sum of (rating - user . movie)^2 over the ratings, plus reg_param times each row's
    squared length times its number of ratings (Zhou et al., ALS-WR, 2008). An iteration solves the movies, then the
    users. Rows are kept as float32 and solved in float64, as Spark does.

    Args:
        ratings: every user and every movie has some.
        users: the first factors, shape (users, rank).
        reg_param: above zero.
        nonnegative: whether no factor may be below zero.
    """
    by_user, by_movie = _Side(ratings, reg_param), _Side(ratings.transposed(), reg_param)
    free_users, free_movies = (
        np.ones((users.shape[1], n), dtype=bool) if nonnegative else None for n in ratings.rated.shape
    )
    while True:
        movies = by_movie.solved(users, free_movies)
        users = by_user.solved(movies, free_users)
        yield users, movies


def rows_given(others: Floats, ratings: Ratings, *, reg_param: float, nonnegative: bool) -> Floats:
    """The rows that minimise the objective given the other side's, shape (n, rank): a half-step on its own.

    Args:
        others: the other side's factors, shape (columns of the ratings, rank).
        ratings: of the rows that are wanted.
        reg_param: above zero.
        nonnegative: whether no factor may be below zero.
    """
    free = np.ones((others.shape[1], ratings.rated.shape[0]), dtype=bool) if nonnegative else None
    return _Side(ratings, reg_param).solved(others, free)


class _Side:
    """One side's half-step: its rows given the other side's."""

    def __init__(self, ratings: Ratings, reg_param: float) -> None:
        self._ratings = ratings
        self._penalties = reg_param * ratings.rated.getnnz(axis=1)

    def solved(self, others: Floats, free: Flags | None) -> Floats:
        """The rows that minimise the objective, shape (n, rank); ``free`` is as in ``least_squares.solved``."""
        rank = others.shape[1]
        gram = _gram(self._ratings.rated, others)
        gram[np.arange(rank), np.arange(rank)] += self._penalties
        target = np.ascontiguousarray((self._ratings.stars @ others).T)
        return np.ascontiguousarray(solved(gram, target, free).T, dtype=np.float32).astype(np.float64)


def _gram(rated: sparse.csr_matrix, others: Floats) -> Floats:
    """For each row the sum of the outer products of those it has rated, shape (rank, rank, n): one sparse product."""
    rank = others.shape[1]
    upper, lower = np.triu_indices(rank)
    place = np.empty((rank, rank), dtype=int)
    place[upper, lower] = place[lower, upper] = np.arange(len(upper))
    sums = rated @ (others[:, upper] * others[:, lower])
    return np.asarray(np.ascontiguousarray(sums.T)[place])
