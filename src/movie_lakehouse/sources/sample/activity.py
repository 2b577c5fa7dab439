"""Who rates which movies, and when: long-tailed on both sides, in sittings, by chunks of users."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from movie_lakehouse.sources.sample.catalogue import Catalogue, FloatArray, IntArray
from movie_lakehouse.sources.sample.spec import SampleSpec
from movie_lakehouse.sources.sample.taste import Taste, draw_ratings, expected_ratings

CHUNK_RATINGS = 500_000
"""About how many ratings are held in memory at once; a part of what the seed means."""
FEWEST_PER_USER = 20
FIRST_TIME = int(datetime(1996, 3, 29, tzinfo=UTC).timestamp())
LAST_TIME = int(datetime(2018, 9, 24, tzinfo=UTC).timestamp())
HOUR = 3600
DAY = 24 * HOUR


@dataclass(frozen=True)
class RatingChunk:
    """The ratings of some users, in the order of user and movie; all arrays have one length."""

    users: IntArray
    movies: IntArray
    ratings: FloatArray
    expected: FloatArray
    times: IntArray


def rating_chunks(spec: SampleSpec, catalogue: Catalogue, taste: Taste) -> Iterator[RatingChunk]:
    """All ratings of the sample, chunk by chunk; users and movies are positions, times are in seconds since 1970."""
    counts = draw_counts(spec)
    chunk_of_user = (np.cumsum(counts) - counts) // CHUNK_RATINGS
    for chunk in np.unique(chunk_of_user):
        rng = np.random.default_rng([spec.seed, 3, int(chunk)])
        members = np.flatnonzero(chunk_of_user == chunk)
        users, movies = _draw_pairs(members, counts[members], catalogue, taste, rng)
        means = taste.mean(users, movies)
        yield RatingChunk(
            users=users,
            movies=movies,
            ratings=draw_ratings(means, spec.noise, rng),
            expected=expected_ratings(means, spec.noise),
            times=_draw_times(counts[members], rng),
        )


def draw_counts(spec: SampleSpec) -> IntArray:
    """How many movies each user rates: log-normal beyond a minimum, and ``spec.n_ratings`` in all."""
    rng = np.random.default_rng([spec.seed, 4])
    fewest = min(FEWEST_PER_USER, spec.n_ratings // spec.n_users, spec.most_per_user)
    counts: IntArray = np.full(spec.n_users, fewest)
    weights = rng.lognormal(0, 1.2, spec.n_users)
    while missing := spec.n_ratings - int(counts.sum()):
        open_users = np.flatnonzero(counts < spec.most_per_user)
        shares = weights[open_users] / weights[open_users].sum()
        added = np.floor(missing * shares).astype(np.int64)
        added[: missing - int(added.sum())] += 1
        counts[open_users] = np.minimum(counts[open_users] + added, spec.most_per_user)
    return counts


def _draw_pairs(
    members: IntArray, counts: IntArray, catalogue: Catalogue, taste: Taste, rng: np.random.Generator
) -> tuple[IntArray, IntArray]:
    """Distinct movies for each user, as many as ``counts`` says, sorted by user and movie.

    Candidates come by popularity and are accepted the likelier the more the user likes them, since people watch what
    they expect to enjoy. Those short of movies draw again, from the fourth round on from all movies alike.
    """
    n_movies, rated = len(catalogue.movie_ids), np.flatnonzero(catalogue.popularity)
    cumulative = np.cumsum(catalogue.popularity[rated])
    pairs, missing, rounds = np.empty(0, dtype=np.int64), counts, 0
    while missing.any():
        owners = np.repeat(np.arange(len(members)), 3 * missing)
        chance = rng.random(len(owners))
        ranks = np.searchsorted(cumulative, chance * cumulative[-1]) if rounds < 3 else chance * len(rated)
        movies = rated[np.asarray(ranks, dtype=np.int64)]
        liked = rng.random(len(owners)) < 1 / (1 + np.exp(-2 * taste.affinity(members[owners], movies)))
        fresh = np.setdiff1d(owners[liked] * n_movies + movies[liked], pairs)
        pairs = np.concatenate([pairs, _at_most(fresh, fresh // n_movies, missing, rng)])
        missing = counts - np.bincount(pairs // n_movies, minlength=len(members))
        rounds += 1
    pairs.sort()
    return members[pairs // n_movies], pairs % n_movies


def _at_most(values: IntArray, owners: IntArray, limits: IntArray, rng: np.random.Generator) -> IntArray:
    """Of the values of each owner as many as its limit, chosen at random."""
    shuffled = rng.permutation(len(values))
    order = shuffled[np.argsort(owners[shuffled], kind="stable")]
    sizes = np.bincount(owners, minlength=len(limits))
    position = np.arange(len(values)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return values[order[position < np.repeat(limits, sizes)]]


def _draw_times(counts: IntArray, rng: np.random.Generator) -> IntArray:
    """When each rating was given, users after one another: in sittings of an hour, which a month or so lies between."""
    n_sittings = 1 + rng.poisson(counts / 60)
    joined = rng.integers(FIRST_TIME, LAST_TIME, len(counts))
    later = rng.exponential(30 * DAY, int(n_sittings.sum())).astype(np.int64)
    begins = np.minimum(np.repeat(joined, n_sittings) + later, LAST_TIME - HOUR)
    first_sitting = np.repeat(np.cumsum(n_sittings) - n_sittings, counts)
    sitting = first_sitting + (rng.random(int(counts.sum())) * np.repeat(n_sittings, counts)).astype(np.int64)
    times: IntArray = begins[sitting] + rng.integers(0, HOUR, len(sitting))
    return times
