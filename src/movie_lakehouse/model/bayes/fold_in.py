"""Users whom the model has not seen: the exact solution against the movies, in plain numpy."""

import numpy as np

from movie_lakehouse.model.bayes.features import Floats, Matrix, pooled
from movie_lakehouse.model.bayes.hyperparameters import ROUNDS, Hyperparameters, noise_factor
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
    deviations = (stars - hyperparameters.mean)[None, :]
    squares, rated = np.sum(deviations**2, axis=1), np.ones_like(deviations)
    movies = Moments.of(means, covariances, one=0)
    rows = fold_in_all(rated, deviations, squares, movies=movies, loadings=loadings, hyperparameters=hyperparameters)
    return np.asarray(rows[0])


def fold_in_all(
    rated: Matrix,
    deviations: Matrix,
    squares: Floats,
    *,
    movies: Moments,
    loadings: Floats,
    hyperparameters: Hyperparameters,
) -> Floats:
    """The rows [bias, factors] of users with these ratings, shape (users, k + 1): the fit's own half-step for them.

    Each is the ridge solution (L + c G) x = L m + c g, where G and g sum up the rated movies, their uncertainty
    included, m is what the user's choice of movies lets expect, and c the user's noise precision, found in some rounds.
    Users do not touch one another: folded in together or one by one, the rows are the same.

    Args:
        rated: ones where a user rated a movie, shape (users, movies); who rated none gets the expected row.
        deviations: the ratings less the model's mean, in the same places.
        squares: each user's sum of squared deviations, shape (users,).
        movies: of the fitted model.
        loadings: of the movies, shape (movies, d).
        hyperparameters: of the fitted model.
    """
    known = hyperparameters
    evidence = movies.gathered(rated, deviations)
    n_ratings = np.asarray(rated.sum(axis=1)).ravel()
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
