"""The published kind of model on the default sample, whose true taste and noise are known."""

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from movie_lakehouse.gold.similarity import RATINGS_IN_DOUBT
from movie_lakehouse.gold.topk import top_k
from movie_lakehouse.gold.vectors import supported_unit_vectors, unit_vectors
from movie_lakehouse.model.bayes.factorisation import Posterior, Ratings, fit
from movie_lakehouse.model.bayes.features import content_features
from movie_lakehouse.model.bayes.on_spark import BayesSettings
from movie_lakehouse.scale import HIGHEST, LOWEST
from movie_lakehouse.sources.sample.activity import rating_chunks
from movie_lakehouse.sources.sample.catalogue import Catalogue, draw_catalogue
from movie_lakehouse.sources.sample.spec import SampleSpec
from movie_lakehouse.sources.sample.taste import Taste, draw_taste

SPEC = SampleSpec(dirty=False)
SHAPE = (SPEC.n_users, SPEC.n_movies)
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Planted:
    """A sample with its truth: ratings, the best prediction of each, and which a fifth is held out."""

    catalogue: Catalogue
    taste: Taste
    users: NDArray[np.int64]
    movies: NDArray[np.int64]
    stars: Numbers
    expected: Numbers
    is_held_out: NDArray[np.bool_]


@pytest.fixture(scope="module")
def planted() -> Planted:
    catalogue = draw_catalogue(SPEC)
    taste = draw_taste(SPEC, catalogue)
    chunks = list(rating_chunks(SPEC, catalogue, taste))
    users, movies = (np.concatenate([getattr(chunk, name) for chunk in chunks]) for name in ("users", "movies"))
    stars, expected = (np.concatenate([getattr(chunk, name) for chunk in chunks]) for name in ("ratings", "expected"))
    return Planted(catalogue, taste, users, movies, stars, expected, np.random.default_rng(1).random(len(users)) < 0.2)


@pytest.fixture(scope="module")
def fitted(planted: Planted) -> Posterior:
    """The model of the other four fifths."""
    seen, published = ~planted.is_held_out, BayesSettings()
    ratings = Ratings.of(planted.users[seen], planted.movies[seen], planted.stars[seen], SHAPE)
    content = content_features(planted.catalogue.genres, planted.catalogue.years)
    return fit(
        ratings,
        content,
        rank=published.rank,
        n_features=published.n_features,
        n_sweeps=published.n_sweeps,
        seed=published.seed,
    )


@pytest.fixture(scope="module")
def nearest(planted: Planted, fitted: Posterior) -> NDArray[np.int32]:
    """Each movie's ten nearest, as they are published: cosines shrunk where ratings are few."""
    n_ratings = np.bincount(planted.movies[~planted.is_held_out], minlength=SPEC.n_movies)
    supports = (n_ratings / (n_ratings + RATINGS_IN_DOUBT)).astype(np.float32)
    factors = fitted.movies[:, 1:].astype(np.float32)
    itself = (np.arange(SPEC.n_movies + 1), np.arange(SPEC.n_movies))
    queries, items = unit_vectors(factors, supports), supported_unit_vectors(factors, supports)
    return top_k(queries, items, 10, excluded=itself)[0]


def rmse(off: Numbers) -> float:
    return float(np.sqrt(np.mean(off**2)))


def test_held_out_ratings_are_predicted_within_five_percent_of_the_best_possible(
    planted: Planted, fitted: Posterior
) -> None:
    unseen = planted.is_held_out
    users, movies = fitted.users[planted.users[unseen]], fitted.movies[planted.movies[unseen]]
    products = np.sum(users[:, 1:] * movies[:, 1:], axis=1)
    predicted = np.clip(fitted.hyperparameters.mean + users[:, 0] + movies[:, 0] + products, LOWEST, HIGHEST)

    best_possible = rmse(planted.expected[unseen] - planted.stars[unseen])
    assert rmse(predicted - planted.stars[unseen]) < 1.05 * best_possible


def test_movies_of_a_planted_group_are_nearest_to_one_another(planted: Planted, nearest: NDArray[np.int32]) -> None:
    # Each has three mates among 599 movies, so that three drawn by chance would be five in a thousand.
    groups = planted.catalogue.groups
    found = [len(set(nearest[movie, :3].tolist()) & set(group.tolist())) for group in groups for movie in group]

    assert np.mean(found) / 3 > 0.5


def test_neighbours_point_where_the_movie_does_in_the_planted_taste(
    planted: Planted, nearest: NDArray[np.int32]
) -> None:
    directions = planted.taste.movie_factors / SPEC.taste
    rated = np.flatnonzero(np.bincount(planted.movies, minlength=SPEC.n_movies) >= 10)
    cosines = np.einsum("ik,ijk->ij", directions[rated], directions[nearest[rated]])

    assert cosines.mean() > 0.8
    assert abs((directions[rated] @ directions.T).mean()) < 0.2, "movies drawn by chance point nearly anywhere"
