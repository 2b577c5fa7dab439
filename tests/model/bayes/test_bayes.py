"""The Bayesian factorisation in numpy, on ratings made from planted biases, factors and genres."""

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from movie_lakehouse.model.bayes.factorisation import Posterior, Ratings, fit
from movie_lakehouse.model.bayes.features import content_features, pooled, scaled, taste_loadings
from movie_lakehouse.model.bayes.fold_in import fold_in
from movie_lakehouse.model.bayes.stored import hyperparameters_as_json, hyperparameters_of_json

N_USERS, N_MOVIES, NOISE = 80, 120, 0.3
SHAPE = (N_USERS, N_MOVIES)


@dataclass(frozen=True)
class Planted:
    """Ratings, three in ten of all pairs, and what each pair's would be without noise."""

    users: NDArray[np.int64]
    movies: NDArray[np.int64]
    stars: NDArray[np.float64]
    truth: NDArray[np.float64]
    genres: list[list[str]]


@pytest.fixture(scope="module")
def planted() -> Planted:
    """Movies of genre good are a star better than the others; the last movie is good and nobody rated it."""
    rng = np.random.default_rng(5)
    genres = [["good"] if movie % 2 else ["bad"] for movie in range(N_MOVIES)]
    quality = np.array([0.5 if names == ["good"] else -0.5 for names in genres])
    taste = rng.normal(0, 0.7, (N_USERS, 2)) @ rng.normal(0, 0.7, (N_MOVIES, 2)).T
    truth = 3 + rng.normal(0, 0.3, (N_USERS, 1)) + quality + taste
    is_rated = rng.random(SHAPE) < 0.3
    is_rated[:, -1] = False
    users, movies = np.nonzero(is_rated)
    return Planted(users, movies, truth[users, movies] + rng.normal(0, NOISE, len(users)), truth, genres)


@pytest.fixture(scope="module")
def fitted(planted: Planted) -> Posterior:
    ratings = Ratings.of(planted.users, planted.movies, planted.stars, SHAPE)
    content = content_features(planted.genres, [1995] * N_MOVIES)
    return fit(ratings, content, rank=2, n_features=5, n_sweeps=30, seed=1)


def predicted(fitted: Posterior, users: NDArray[np.float64]) -> NDArray[np.float64]:
    biases = users[:, :1] + fitted.movies[:, 0]
    return fitted.hyperparameters.mean + biases + users[:, 1:] @ fitted.movies[:, 1:].T


def test_pairs_that_nobody_rated_are_predicted_nearly_as_well_as_the_noise_allows(
    planted: Planted, fitted: Posterior
) -> None:
    is_rated = np.zeros(SHAPE, dtype=bool)
    is_rated[planted.users, planted.movies] = True
    is_rated[:, -1] = True
    off = (predicted(fitted, fitted.users) - planted.truth)[~is_rated]

    assert np.sqrt(np.mean(off**2)) < NOISE


def test_the_noise_is_found(fitted: Posterior) -> None:
    assert fitted.hyperparameters.noise_precision**-0.5 == pytest.approx(NOISE, rel=0.2)


def test_a_movie_without_ratings_is_expected_to_be_as_good_as_its_genre(fitted: Posterior) -> None:
    good, bad = fitted.movies[1:-1:2, 0].mean(), fitted.movies[0:-1:2, 0].mean()

    assert abs(fitted.movies[-1, 0] - good) < abs(fitted.movies[-1, 0] - bad)


def test_the_less_a_movie_was_rated_the_less_sure_is_its_row(planted: Planted, fitted: Posterior) -> None:
    n_ratings = np.bincount(planted.movies, minlength=N_MOVIES)
    unsure = np.trace(fitted.movie_covariances, axis1=1, axis2=2)

    assert unsure.argmax() == n_ratings.argmin() == N_MOVIES - 1


def test_folding_a_users_ratings_in_gives_that_users_predictions(planted: Planted, fitted: Posterior) -> None:
    rows = []
    for user in range(N_USERS):
        rated = planted.movies[planted.users == user]
        stars = planted.stars[planted.users == user]
        means, covariances = fitted.movies[rated], fitted.movie_covariances[rated]
        rows.append(fold_in(stars, means, covariances, fitted.loadings[rated], fitted.hyperparameters))
    off = predicted(fitted, np.array(rows)) - predicted(fitted, fitted.users)

    assert np.sqrt(np.mean(off**2)) < 0.1 * NOISE


def test_a_user_without_ratings_is_what_users_are_on_average(fitted: Posterior) -> None:
    nothing = np.array([], dtype=np.int64)

    row = fold_in(
        np.array([]),
        fitted.movies[nothing],
        fitted.movie_covariances[nothing],
        fitted.loadings[nothing],
        fitted.hyperparameters,
    )

    assert row == pytest.approx(fitted.hyperparameters.offset)


def test_the_same_seed_gives_the_same_model(planted: Planted) -> None:
    ratings = Ratings.of(planted.users, planted.movies, planted.stars, SHAPE)
    content = content_features(planted.genres, [None] * N_MOVIES)
    once, again = (fit(ratings, content, rank=2, n_features=5, n_sweeps=3, seed=1) for _ in range(2))

    assert np.array_equal(once.users, again.users)


def test_hyperparameters_survive_their_text(fitted: Posterior) -> None:
    again = hyperparameters_of_json(hyperparameters_as_json(fitted.hyperparameters))

    assert again.mean == fitted.hyperparameters.mean
    assert np.array_equal(again.slopes, fitted.hyperparameters.slopes)


def test_content_is_genres_as_a_row_of_length_one_and_a_bin_of_years() -> None:
    features = content_features([["A", "B"], ["B"], []], [1946, None, 2100])

    assert features[:, :2] == pytest.approx(np.array([[0.5**0.5, 0.5**0.5], [0, 1], [0, 0]]))
    assert features[:, 2:].argmax(axis=1).tolist() == [1, 9, 13]


def test_user_features_have_a_mean_square_row_of_one(planted: Planted) -> None:
    rated = Ratings.of(planted.users, planted.movies, planted.stars, SHAPE).rated

    features = pooled(rated, taste_loadings(rated, N_USERS, seed=1))

    assert np.mean(np.sum(features**2, axis=1)) == pytest.approx(1.0)
    assert np.mean(np.sum(scaled(3 * features) ** 2, axis=1)) == pytest.approx(1.0)
