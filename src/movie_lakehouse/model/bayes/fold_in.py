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
    movies = Moments.of(means, covariances, one=0)
    extended, target = movies.outer.sum(axis=0), deviations @ movies.rows
    free = np.delete(np.arange(len(extended)), 1)
    gram, aim = extended[free[:, None], free], target[free] - extended[free, 1]
    expected = known.offset + loadings.sum(axis=0) / np.sqrt(max(len(stars), 1)) @ known.slopes
    factor = 1.0
    for _ in range(ROUNDS):
        weight = known.noise_precision * factor
        covariance = np.linalg.inv(known.precision + weight * gram)
        row = covariance @ (known.precision @ expected + weight * aim)
        user = Moments.of(row[None], covariance[None], one=1)
        squared_error = deviations @ deviations - 2 * target @ user.rows[0] + np.sum(extended * user.outer[0])
        factor = float(noise_factor(np.float64(len(stars)), squared_error, known.noise_precision))  # type: ignore[arg-type]
    return np.asarray(row)
