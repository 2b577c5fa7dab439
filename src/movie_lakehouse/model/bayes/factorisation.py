"""The fit: users and movies in turn, each side's rows in closed form given the other's."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from movie_lakehouse.model.bayes.features import Floats, pooled, scaled, taste_loadings
from movie_lakehouse.model.bayes.hyperparameters import ROUNDS, Hyperparameters, noise_factor
from movie_lakehouse.model.bayes.moments import Evidence, Moments
from movie_lakehouse.model.bayes.prior import Prior

Places = NDArray[np.integer]

_START_SPREAD: Final = 0.1
_START_PRECISION: Final = 1.4


@dataclass(frozen=True)
class Ratings:
    """Ratings as sparse matrices of the same places, which they share: that is half of what they take.

    Attributes:
        rated: ones, shape (users, movies).
        stars: the ratings.
    """

    rated: sparse.csr_matrix
    stars: sparse.csr_matrix

    @classmethod
    def of(cls, users: Places, movies: Places, stars: Floats, shape: tuple[int, int]) -> "Ratings":
        """Those of parallel arrays of positions and stars, in any order, one of each pair."""
        matrix = sparse.csr_matrix((stars, (users, movies)), shape=shape)
        return cls(_in_places_of(matrix, np.ones(matrix.nnz)), matrix)

    def transposed(self) -> "Ratings":
        """The same, a row a movie."""
        matrix = self.stars.T.tocsr()
        return Ratings(_in_places_of(matrix, self.rated.data), matrix)

    def less(self, mean: float) -> sparse.csr_matrix:
        """What the ratings deviate from a mean, in the same places."""
        return _in_places_of(self.stars, self.stars.data - mean)


def _in_places_of(matrix: sparse.csr_matrix, values: Floats) -> sparse.csr_matrix:
    """A matrix of these values, whose places are another's very arrays."""
    return sparse.csr_matrix((values, matrix.indices, matrix.indptr), shape=matrix.shape)


def sums_of_squares(matrix: sparse.csr_matrix) -> Floats:
    """Each row's, shape (n,)."""
    return np.asarray(_in_places_of(matrix, matrix.data**2).sum(axis=1)).ravel()


@dataclass(frozen=True)
class Posterior:
    """A fitted model; a row is [bias, factors].

    Attributes:
        users, movies: posterior means, shapes (users, k + 1) and (movies, k + 1).
        movie_covariances: shape (movies, k + 1, k + 1).
        loadings: how a movie adds to the features of who rates it, shape (movies, d).
        hyperparameters: the rest.
    """

    users: Floats
    movies: Floats
    movie_covariances: Floats
    loadings: Floats
    hyperparameters: Hyperparameters


def fit(ratings: Ratings, content: Floats, *, rank: int, n_features: int, n_sweeps: int, seed: int) -> Posterior:
    """Fit the model.

    Args:
        ratings: one per user and movie; every user has some, a movie need not.
        content: what is known of the movies, shape (movies, anything).
        rank: factors a row.
        n_features: directions of who rates what.
        n_sweeps: turns of both sides.
        seed: of the start.
    """
    n_users, n_movies = ratings.rated.shape
    mean = float(ratings.stars.sum() / ratings.stars.nnz)
    deviations = ratings.less(mean)
    by_movie = Ratings(ratings.rated, deviations).transposed()
    squares, n_ratings = sums_of_squares(deviations), ratings.rated.getnnz(axis=1)
    loadings = taste_loadings(ratings.rated, n_features, seed)
    of_users = pooled(ratings.rated, loadings)
    of_movies = scaled(pooled(by_movie.rated, of_users))
    users, movies = Prior.vague(of_users, rank + 1), Prior.vague(np.hstack([of_movies, content]), rank + 1)
    movie_means = np.random.default_rng(seed).normal(0, _START_SPREAD, (n_movies, rank + 1))
    movie_means[:, 0] = 0
    movie_covariances = np.zeros((n_movies, rank + 1, rank + 1))
    noise = _Noise(_START_PRECISION, np.ones(n_users))
    for sweep in range(n_sweeps):
        evidence = Moments.of(movie_means, movie_covariances, one=0).gathered(ratings.rated, deviations)
        user_means, user_covariances = _half_step(evidence, noise.weights, users)
        raters = Moments.of(user_means, user_covariances, one=1)
        if sweep:
            noise = noise.learnt(evidence.squared_errors(squares, raters), n_ratings)
        of_raters = raters.weighted(noise.weights).gathered(by_movie.rated, by_movie.stars)
        movie_means, movie_covariances = _half_step(of_raters, np.ones(n_movies), movies)
    learnt = Hyperparameters(mean, noise.precision, users.offset, users.slopes, users.precision)
    return Posterior(user_means, movie_means, movie_covariances, loadings, learnt)


@dataclass(frozen=True)
class _Noise:
    """The precision of everybody's ratings and each user's factor of it: some rate more erratically than others."""

    precision: float
    factors: Floats

    @property
    def weights(self) -> Floats:
        """Each user's precision."""
        return self.precision * self.factors

    def learnt(self, squared_errors: Floats, n_ratings: Floats) -> "_Noise":
        """The noise that these expected sums of squared errors, one a user, speak for."""
        precision = float((n_ratings.sum() + 1) / (self.factors @ squared_errors + 1))
        return _Noise(precision, noise_factor(n_ratings, squared_errors, precision))


def _half_step(evidence: Evidence, weights: Floats, prior: Prior) -> tuple[Floats, Floats]:
    """Means and covariances of a side's rows given the other side, and its prior fitted to them."""
    covariances = np.asarray(np.linalg.inv(prior.precision + evidence.gram * weights[:, None, None]), dtype=np.float64)
    target = evidence.target * weights[:, None]
    for _ in range(ROUNDS):
        means = np.einsum("ijk,ik->ij", covariances, prior.expected @ prior.precision + target)
        prior.regress(means)
    prior.learn(means, covariances)
    return means, covariances
