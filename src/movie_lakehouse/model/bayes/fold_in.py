"""Users whom the model has not seen: the exact solution against the movies, in plain numpy."""

import numpy as np

from movie_lakehouse.model.bayes.factorisation import (
    ROUNDS,
    Hyperparameters,
    Ratings,
    noise_factor,
    sums_of_squares,
)
from movie_lakehouse.model.bayes.features import Floats, pooled
from movie_lakehouse.model.bayes.moments import Moments


def fold_in(
    stars: Floats, means: Floats, covariances: Floats, loadings: Floats, hyperparameters: Hyperparameters
) -> Floats:
    """The row [bias, factors] of one user, as fold_in_all gives it.

    Args:
        stars: the ratings, shape (n,); n may be 0, which gives the expected row.
        means: of the rated movies, [bias, factors], shape (n, k + 1).
        covariances: of the rated movies, shape (n, k + 1, k + 1).
        loadings: of the rated movies, shape (n, d).
        hyperparameters: of the fitted model.
    """
    n = len(stars)
    ratings = Ratings.of(np.zeros(n, dtype=np.intp), np.arange(n), stars, (1, n))
    return np.asarray(fold_in_all(ratings, means, covariances, loadings, hyperparameters)[0])


def fold_in_all(
    ratings: Ratings, means: Floats, covariances: Floats, loadings: Floats, hyperparameters: Hyperparameters
) -> Floats:
    """The rows [bias, factors] of users with these ratings, shape (users, k + 1): the fit's own half-step for them.

    Each is the ridge solution (L + c G) x = L m + c g, where G and g sum up the rated movies, their uncertainty
    included, m is what the user's choice of movies lets expect, and c the user's noise precision, found in some rounds.
    Users do not touch one another: folded in together or one by one, the rows are the same.

    Args:
        ratings: of the users; who has none gets the expected row.
        means: of the movies, [bias, factors], shape (movies, k + 1).
        covariances: of the movies, shape (movies, k + 1, k + 1).
        loadings: of the movies, shape (movies, d).
        hyperparameters: of the fitted model.
    """
    known, rated = hyperparameters, ratings.rated
    deviations = ratings.less(known.mean)
    evidence = Moments.of(means, covariances, one=0).gathered(rated, deviations)
    squares, n_ratings = sums_of_squares(deviations), rated.getnnz(axis=1)
    expected = (known.offset + pooled(rated, loadings) @ known.slopes) @ known.precision
    factors = np.ones(len(n_ratings))
    for _ in range(ROUNDS):
        weights = known.noise_precision * factors
        precisions = known.precision + weights[:, None, None] * evidence.gram
        user_covariances = np.asarray(np.linalg.inv(precisions), dtype=np.float64)
        rows = np.einsum("ijk,ik->ij", user_covariances, expected + weights[:, None] * evidence.target)
        squared_errors = evidence.squared_errors(squares, Moments.of(rows, user_covariances, one=1))
        factors = noise_factor(n_ratings, squared_errors, known.noise_precision)
    return np.asarray(rows)
