"""Alternating least squares with each row's penalty weighted by its number of ratings."""

from itertools import islice, pairwise

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import nnls

from movie_lakehouse.model.bayes.factorisation import Ratings
from movie_lakehouse.model.one_worker.alternating import alternating
from movie_lakehouse.model.one_worker.start import first_user_factors

Floats = NDArray[np.float64]
REG_PARAM = 0.05
RATED = np.random.default_rng(1).random((12, 9)) < 0.5
STARS = np.where(RATED, np.random.default_rng(2).uniform(0.5, 5, (12, 9)), 0)
START = first_user_factors(np.arange(12), rank=3, seed=4, n_blocks=1)


def ratings() -> Ratings:
    users, movies = np.nonzero(RATED)
    return Ratings.of(users, movies, STARS[users, movies], RATED.shape)


def objective(users: Floats, movies: Floats) -> float:
    """Squared errors plus each row's squared length times its number of ratings."""
    errors = np.where(RATED, STARS - users @ movies.T, 0)
    lengths = RATED.sum(axis=1) @ (users**2).sum(axis=1) + RATED.sum(axis=0) @ (movies**2).sum(axis=1)
    return float((errors**2).sum() + REG_PARAM * lengths)


def dense_half_step(others: Floats, rated: Floats, stars: Floats, nonnegative: bool) -> Floats:
    """Each row by itself, as a least-squares problem with the penalty as further rows."""
    rows = []
    for mask, values in zip(rated, stars, strict=True):
        ridge = np.sqrt(REG_PARAM * mask.sum()) * np.eye(others.shape[1])
        matrix, target = np.vstack([others[mask], ridge]), np.append(values[mask], np.zeros(len(ridge)))
        rows.append(nnls(matrix, target)[0] if nonnegative else np.linalg.lstsq(matrix, target)[0])
    return np.array(rows)


@pytest.mark.parametrize("nonnegative", [True, False])
def test_an_iteration_solves_the_movies_and_then_the_users(nonnegative: bool) -> None:
    users, movies = next(alternating(ratings(), START, reg_param=REG_PARAM, nonnegative=nonnegative))

    expected = dense_half_step(START, RATED.T, STARS.T, nonnegative)
    assert movies == pytest.approx(expected, abs=1e-5)
    assert users == pytest.approx(dense_half_step(expected, RATED, STARS, nonnegative), abs=1e-5)


@pytest.mark.parametrize("nonnegative", [True, False])
def test_the_objective_never_grows(nonnegative: bool) -> None:
    fit = alternating(ratings(), START, reg_param=REG_PARAM, nonnegative=nonnegative)

    values = [objective(*factors) for factors in islice(fit, 15)]

    assert all(after <= before + 1e-4 for before, after in pairwise(values))
    assert values[-1] < values[0]


def test_nonnegative_factors_are_not_negative() -> None:
    fit = alternating(ratings(), START, reg_param=REG_PARAM, nonnegative=True)

    assert all(min(users.min(), movies.min()) >= 0 for users, movies in islice(fit, 3))
