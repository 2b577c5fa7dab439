"""The true model of a sample: what each user would think of each movie, and the best that a model can do."""

import math
from dataclasses import dataclass

import numpy as np

from movie_lakehouse.sources.sample.catalogue import GENRES, Catalogue, FloatArray, IntArray
from movie_lakehouse.sources.sample.spec import SampleSpec

MEAN = 3.4
USER_BIAS = 0.35
MOVIE_BIAS = 0.4
FRANCHISE_JITTER = 0.02
"""Standard deviation, a coordinate, of a movie's direction about that of its franchise."""


@dataclass(frozen=True)
class Taste:
    """Biases and factors by position of user and movie, in stars."""

    user_bias: FloatArray
    movie_bias: FloatArray
    user_factors: FloatArray
    movie_factors: FloatArray

    def affinity(self, users: IntArray, movies: IntArray) -> FloatArray:
        """What the factors add to the rating of each pair."""
        affinity: FloatArray = np.einsum("ij,ij->i", self.user_factors[users], self.movie_factors[movies])
        return affinity

    def mean(self, users: IntArray, movies: IntArray) -> FloatArray:
        """The rating of each pair before noise and rounding."""
        biases: FloatArray = MEAN + self.user_bias[users] + self.movie_bias[movies]
        return biases + self.affinity(users, movies)


def draw_taste(spec: SampleSpec, catalogue: Catalogue) -> Taste:
    """Factors of users are standard normal; those of movies are directions of length ``spec.taste``."""
    rng = np.random.default_rng([spec.seed, 2])
    return Taste(
        user_bias=rng.normal(0, USER_BIAS, spec.n_users),
        movie_bias=rng.normal(0, MOVIE_BIAS, spec.n_movies),
        user_factors=rng.normal(0, 1, (spec.n_users, spec.n_factors)),
        movie_factors=spec.taste * _directions(spec, catalogue, rng),
    )


def _directions(spec: SampleSpec, catalogue: Catalogue, rng: np.random.Generator) -> FloatArray:
    """Unit vectors: half from the movie's genres, half its own, shared throughout a franchise."""
    genre_factors = dict(zip(GENRES, rng.normal(0, 1, (len(GENRES), spec.n_factors)), strict=True))
    nowhere = np.zeros(spec.n_factors)
    of_genres = np.array([sum((genre_factors[genre] for genre in genres), nowhere) for genres in catalogue.genres])
    own = rng.normal(0, 1, of_genres.shape)
    shared = _unit(_unit(of_genres) + _unit(own))[catalogue.prototype]
    return _unit(shared + rng.normal(0, FRANCHISE_JITTER, shared.shape))


def _unit(rows: FloatArray) -> FloatArray:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    directions: FloatArray = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
    return directions


def draw_ratings(means: FloatArray, noise: float, rng: np.random.Generator) -> FloatArray:
    """Ratings about ``means``, on the half-star grid from 0.5 to 5."""
    return to_half_stars(means + rng.normal(0, noise, len(means)))


def to_half_stars(stars: FloatArray) -> FloatArray:
    """The nearest half star within 0.5..5.

    >>> to_half_stars(np.array([-1.0, 0.3, 3.74, 3.76, 9.0])).tolist()
    [0.5, 0.5, 3.5, 4.0, 5.0]
    """
    rounded: FloatArray = np.clip(np.rint(stars * 2) / 2, 0.5, 5.0)
    return rounded


def expected_ratings(means: FloatArray, noise: float) -> FloatArray:
    """The expectation of a rating, rounded and clipped, about each of ``means``: the best prediction there is.

    A rating is 0.5 plus half a star for each of the nine boundaries 0.75, 1.25, ... 4.75 that it exceeds, so its
    expectation adds up the chances of that. Read off a table in steps of a thousandth of a star.

    >>> expected_ratings(np.array([2.5, 3.0, 99.0]), 0.5).round(3).tolist()
    [2.5, 3.0, 5.0]
    """
    if noise == 0:
        return to_half_stars(means)
    grid = np.arange(-3.0, 8.0, 0.001)
    boundaries = np.arange(0.75, 5.0, 0.5)
    above = np.vectorize(math.erf)((grid[:, None] - boundaries) / (noise * math.sqrt(2)))
    expected: FloatArray = np.interp(means, grid, 0.5 + 0.5 * (0.5 + 0.5 * above).sum(axis=1))
    return expected
