"""A user whom the model has not seen: the exact solution against the movies, in plain numpy."""

import numpy as np

from movie_lakehouse.model.bayes.factorisation import ROUNDS, Hyperparameters, noise_factor
from movie_lakehouse.model.bayes.features import Floats
from movie_lakehouse.model.bayes.moments import Moments


def fold_in(
    stars: Floats, means: Floats, covariances: Floats, loadings: Floats, hyperparameters: Hyperparameters
) -> Floats:
    """The row [bias, factors] of a user with these ratings: the fit's own half-step for one user.

    It is the ridge solution (L + c G) x = L m + c g, where G and g sum up the rated movies, their uncertainty included,
    m is what the user's choice of movies lets expect, and c the user's noise precision, found in a few rounds.

    Args:
        stars: the ratings, shape (n,); n may be 0, which gives the expected row.
        means: of the rated movies, [bias, factors], shape (n, k + 1).
        covariances: of the rated movies, shape (n, k + 1, k + 1).
        loadings: of the rated movies, shape (n, d).
        hyperparameters: of the fitted model.
    """
    known = hyperparameters
    deviations = stars - known.mean
    evidence = Moments.of(means, covariances, one=0).gathered(np.ones((1, len(stars))), deviations[None])
    squares = np.array([deviations @ deviations])
    expected = known.offset + loadings.sum(axis=0) / np.sqrt(max(len(stars), 1)) @ known.slopes
    factor = np.ones(1)
    for _ in range(ROUNDS):
        weight = known.noise_precision * factor
        covariance = np.linalg.inv(known.precision + weight * evidence.gram[0])
        row = covariance @ (known.precision @ expected + weight * evidence.target[0])
        squared_errors = evidence.squared_errors(squares, Moments.of(row[None], covariance[None], one=1))
        factor = noise_factor(np.array([float(len(stars))]), squared_errors, known.noise_precision)
    return np.asarray(row)
