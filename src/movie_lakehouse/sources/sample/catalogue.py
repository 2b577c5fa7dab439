"""The movies of a sample: ids, titles, years, genres, links, franchises and how popular each is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from movie_lakehouse.sources.sample.spec import SampleSpec
from movie_lakehouse.sources.sample.titles import draw_titles

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]

NO_GENRES = "(no genres listed)"
GROUP_SIZE = 4
MOST_GROUPS = 50
NEWEST_YEAR = 2018

GENRES = {
    "Action": 1828,
    "Adventure": 1263,
    "Animation": 611,
    "Children": 664,
    "Comedy": 3756,
    "Crime": 1199,
    "Documentary": 440,
    "Drama": 4361,
    "Fantasy": 779,
    "Film-Noir": 87,
    "Horror": 978,
    "IMAX": 158,
    "Musical": 334,
    "Mystery": 573,
    "Romance": 1596,
    "Sci-Fi": 980,
    "Thriller": 1894,
    "War": 382,
    "Western": 167,
}
"""MovieLens' genres and how often each occurs there (movies of ml-latest-small), in the order of their names."""


@dataclass(frozen=True)
class Catalogue:
    """The movies by position 0..n-1; ``movie_ids`` gives the id at a position, ascending and with gaps."""

    movie_ids: IntArray
    titles: list[str]
    years: list[int | None]
    genres: list[tuple[str, ...]]
    prototype: IntArray
    """Position of the first movie of the franchise; a movie of no franchise is its own."""
    groups: IntArray
    """Positions, a row a franchise: the movies that share genres and, all but, factors."""
    popularity: FloatArray
    """The chance that a rating falls on the movie: Zipf-like, 0 for those that nobody rates."""
    imdb_ids: list[str]
    tmdb_ids: list[int | None]

    def movie_rows(self) -> list[tuple[object, ...]]:
        """The rows of movies.csv."""
        listed = ["|".join(genres) or NO_GENRES for genres in self.genres]
        return list(zip(self.movie_ids.tolist(), self.titles, listed, strict=True))

    def link_rows(self) -> list[tuple[object, ...]]:
        """The rows of links.csv; a missing tmdbId is None."""
        return list(zip(self.movie_ids.tolist(), self.imdb_ids, self.tmdb_ids, strict=True))


def draw_catalogue(spec: SampleSpec) -> Catalogue:
    """The movies that ``spec`` asks for; the last two have one title, since MovieLens has such pairs."""
    rng = np.random.default_rng([spec.seed, 1])
    by_popularity = rng.permutation(spec.n_movies)
    groups = _draw_groups(by_popularity, rng)
    prototype, part = _franchises(spec.n_movies, groups)
    years = _draw_years(prototype, part, rng)
    titles = draw_titles(years, prototype.tolist(), part.tolist(), rng)
    return Catalogue(
        movie_ids=np.cumsum(rng.integers(1, 5, spec.n_movies)),
        titles=[*titles[:-1], titles[-2]],
        years=[*years[:-1], years[-2]],
        genres=_draw_genres(prototype, rng),
        prototype=prototype,
        groups=groups,
        popularity=_popularity(by_popularity),
        imdb_ids=[f"{number:07d}" for number in np.cumsum(rng.integers(1, 9_000_000 // spec.n_movies, spec.n_movies))],
        tmdb_ids=_draw_tmdb_ids(spec.n_movies, rng),
    )


def share_of(n: int, share: float, rng: np.random.Generator) -> npt.NDArray[np.bool_]:
    """A mask of length ``n`` that is true for that share of it, for one at least."""
    mask = np.zeros(n, dtype=bool)
    mask[rng.permutation(n)[: max(1, round(share * n))]] = True
    return mask


def _draw_groups(by_popularity: IntArray, rng: np.random.Generator) -> IntArray:
    """Every other of the most popular movies belongs to one: what few have rated cannot be told apart by any model."""
    n_groups = min(MOST_GROUPS, len(by_popularity) // 4 // (2 * GROUP_SIZE))
    head = rng.permutation(by_popularity[: n_groups * 2 * GROUP_SIZE])
    return np.sort(head[: n_groups * GROUP_SIZE].reshape(n_groups, GROUP_SIZE), axis=1)


def _franchises(n_movies: int, groups: IntArray) -> tuple[IntArray, IntArray]:
    """The first movie of each movie's franchise, and which part of it the movie is, from 0."""
    prototype, part = np.arange(n_movies), np.zeros(n_movies, dtype=np.int64)
    prototype[groups] = groups[:, :1]
    part[groups] = np.arange(groups.shape[1])
    return prototype, part


def _draw_years(prototype: IntArray, part: IntArray, rng: np.random.Generator) -> list[int | None]:
    """Mostly recent years, the parts of a franchise three apart; None for the few titles that have no year."""
    first = NEWEST_YEAR - np.minimum(rng.exponential(15, len(prototype)), 88).astype(np.int64)
    years = np.minimum(first[prototype] + 3 * part, NEWEST_YEAR).tolist()
    missing = share_of(len(years), 0.015, rng)
    return [None if absent else year for year, absent in zip(years, missing, strict=True)]


def _draw_genres(prototype: IntArray, rng: np.random.Generator) -> list[tuple[str, ...]]:
    """One to four genres a movie in the order of their names, the same throughout a franchise; few have none."""
    names, weights = list(GENRES), np.log(np.array(list(GENRES.values()), dtype=np.float64))
    sizes = rng.choice(5, len(prototype), p=[0, 0.30, 0.36, 0.24, 0.10])
    # The largest of log weight + Gumbel noise are a draw without replacement in proportion to the weights.
    order = np.argsort(-(weights + rng.gumbel(size=(len(prototype), len(names)))), axis=1)
    unlisted = share_of(len(prototype), 0.004, rng)
    return [
        () if unlisted[movie] else tuple(names[genre] for genre in sorted(order[first, : sizes[first]]))
        for movie, first in enumerate(prototype)
    ]


def _popularity(by_popularity: IntArray) -> FloatArray:
    """The Zipf-Mandelbrot law over all but the last fiftieth, about as long-tailed as MovieLens' own.

    There the most popular tenth of the movies has six in ten ratings (latest-small), the first of them half the users.
    """
    n_movies = len(by_popularity)
    n_rated = n_movies - max(1, n_movies // 50)
    weights = np.zeros(n_movies)
    weights[by_popularity[:n_rated]] = (np.arange(n_rated) + 40 + n_movies / 200) ** -1.6
    chances: FloatArray = weights / weights.sum()
    return chances


def _draw_tmdb_ids(n_movies: int, rng: np.random.Generator) -> list[int | None]:
    missing = share_of(n_movies, 0.01, rng)
    ids: Sequence[int] = (rng.permutation(n_movies) * 7 + 2).tolist()
    return [None if absent else tmdb_id for tmdb_id, absent in zip(ids, missing, strict=True)]
