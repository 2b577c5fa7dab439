"""One fit of the search, scored on the fold that it has not seen after each of several numbers of iterations."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from movie_lakehouse.model.bayes.factorisation import Places, Ratings
from movie_lakehouse.model.bayes.features import Floats
from movie_lakehouse.model.one_worker.alternating import alternating
from movie_lakehouse.model.one_worker.start import first_user_factors
from movie_lakehouse.scale import HIGHEST, LOWEST


@dataclass(frozen=True)
class Trajectory:
    """Settings that differ in nothing but when they stop, and the fold to leave out.

    Attributes:
        fold: is scored; the others are fitted.
        rank, reg_param: as in Spark's ALS.
        max_iters: after which iterations to score, ascending.
    """

    fold: int
    rank: int
    reg_param: float
    max_iters: tuple[int, ...]


@dataclass(frozen=True)
class FitOptions:
    """What all fits of a search share.

    Attributes:
        nonnegative: whether no factor may be below zero.
        seed: of the first factors.
        n_blocks: user blocks of Spark's ALS, by which it draws the first factors.
        biases: ratings that a user's and a movie's bias are shrunk by; None: factors only.
    """

    nonnegative: bool
    seed: int
    n_blocks: int
    biases: tuple[float, float] | None = None


@dataclass(frozen=True)
class Rows:
    """Ratings as parallel arrays."""

    user_ids: NDArray[np.integer]
    movie_ids: NDArray[np.integer]
    stars: Floats

    def where(self, kept: NDArray[np.bool_]) -> "Rows":
        """Those rows alone."""
        return Rows(self.user_ids[kept], self.movie_ids[kept], self.stars[kept])


def scored(
    rows: Rows, folds: NDArray[np.integer], trajectory: Trajectory, options: FitOptions
) -> Iterator[tuple[int, float | None, int]]:
    """Fit to all folds but one and give iterations, RMSE (None: no row) and rows scored, for each of ``max_iters``.

    Plain factors score the rows whose user and movie were both fitted, as Spark's ALS does with cold rows dropped;
    factors beside biases score every row, as ``FactorModel`` does.
    """
    held_out = folds == trajectory.fold
    fitted, unseen = rows.where(~held_out), rows.where(held_out)
    user_ids, users = np.unique(fitted.user_ids, return_inverse=True)
    movie_ids, movies = np.unique(fitted.movie_ids, return_inverse=True)
    shape = (len(user_ids), len(movie_ids))
    offsets = _Offsets.of(users, movies, fitted.stars, shape, options.biases)
    scorer = _Scorer(_places(user_ids, unseen.user_ids), _places(movie_ids, unseen.movie_ids), unseen.stars, offsets)
    if options.biases is None:
        scorer = scorer.warm()
    if not len(scorer.stars) or not len(fitted.stars):
        yield from ((max_iter, None, 0) for max_iter in trajectory.max_iters)
        return
    residuals = (fitted.stars - offsets.at(users, movies)).astype(np.float32).astype(np.float64)
    fit = alternating(
        Ratings.of(users, movies, residuals, shape),
        first_user_factors(user_ids, trajectory.rank, options.seed, options.n_blocks),
        reg_param=trajectory.reg_param,
        nonnegative=options.nonnegative,
    )
    for iteration, factors in enumerate(islice(fit, max(trajectory.max_iters)), start=1):
        if iteration in trajectory.max_iters:
            yield iteration, scorer.rmse(*factors), len(scorer.stars)


@dataclass(frozen=True)
class _Offsets:
    """What is predicted before the factors have a say: mean and biases, or nothing.

    Attributes:
        mean: in stars.
        users, movies: a bias each, and at the end the zero of one that is not known, which place -1 picks.
        bounds: of predictions.
    """

    mean: float
    users: Floats
    movies: Floats
    bounds: tuple[float, float]

    @classmethod
    def of(
        cls, users: Places, movies: Places, stars: Floats, shape: tuple[int, int], shrunk_by: tuple[float, float] | None
    ) -> "_Offsets":
        """Biases as ``biases.fit_biases`` has them."""
        if shrunk_by is None or not len(stars):
            return cls(0.0, np.zeros(shape[0] + 1), np.zeros(shape[1] + 1), (-np.inf, np.inf))
        deviations = stars - stars.mean()
        of_movies = _shrunk_means(movies, deviations, shape[1], shrunk_by[1])
        of_users = _shrunk_means(users, deviations - of_movies[movies], shape[0], shrunk_by[0])
        return cls(float(stars.mean()), of_users, of_movies, (LOWEST, HIGHEST))

    def at(self, users: Places, movies: Places) -> Floats:
        """Those of pairs."""
        return self.mean + self.users[users] + self.movies[movies]


@dataclass(frozen=True)
class _Scorer:
    """The rows held out; a user or movie that was not fitted has the place -1."""

    users: Places
    movies: Places
    stars: Floats
    offsets: _Offsets

    def warm(self) -> "_Scorer":
        """Only the rows whose user and movie were both fitted."""
        known = (self.users >= 0) & (self.movies >= 0)
        return _Scorer(self.users[known], self.movies[known], self.stars[known], self.offsets)

    def rmse(self, users: Floats, movies: Floats) -> float:
        """Root of the mean squared error of these factors, in stars; without factors the offsets alone predict."""
        left, right = _with_zero(users)[self.users], _with_zero(movies)[self.movies]
        predicted = self.offsets.at(self.users, self.movies) + np.einsum("ij,ij->i", left, right)
        return float(np.sqrt(np.mean((predicted.clip(*self.offsets.bounds) - self.stars) ** 2)))


def _places(ids: NDArray[np.integer], wanted: NDArray[np.integer]) -> Places:
    """Where each wanted id is among the ascending ids; -1: nowhere."""
    places = np.searchsorted(ids, wanted).clip(max=max(len(ids) - 1, 0))
    return np.where(ids[places] == wanted, places, -1) if len(ids) else np.full(len(wanted), -1)


def _shrunk_means(places: Places, values: Floats, n: int, shrunk_by: float) -> Floats:
    """Sum of each place's values over their number plus ``shrunk_by``; a zero follows."""
    return np.append(np.bincount(places, values, minlength=n) / (np.bincount(places, minlength=n) + shrunk_by), 0.0)


def _with_zero(rows: Floats) -> Floats:
    """The rows and one of zeros at the end."""
    return np.vstack([rows, np.zeros(rows.shape[1])])
