"""Tags that some ratings come with."""

import numpy as np

from movie_lakehouse.sources.sample.activity import RatingChunk
from movie_lakehouse.sources.sample.catalogue import Catalogue

TAGS_PER_RATING = 0.03
PLAIN_TAGS = (
    "based on a book",
    "classic",
    "dark",
    "funny",
    "long, but worth it",
    '"artsy"',
    "naïve hero",
    "quirky",
    "soundtrack",
    "Space",
    "time travel",
    "twist ending",
)


def draw_tags(chunk: RatingChunk, catalogue: Catalogue, rng: np.random.Generator) -> list[tuple[int, int, str, int]]:
    """The rows of tags.csv for one chunk of ratings: one tag at most a user and movie, a minute after the rating.

    Every other tag is one of the movie's genres in small letters, where it has any.
    """
    rated = np.flatnonzero(rng.random(len(chunk.users)) < TAGS_PER_RATING)
    words = rng.integers(0, 2 * len(PLAIN_TAGS), len(rated)).tolist()
    pairs = zip(
        chunk.users[rated].tolist(), chunk.movies[rated].tolist(), words, chunk.times[rated].tolist(), strict=True
    )
    return [
        (user + 1, int(catalogue.movie_ids[movie]), _tag(catalogue.genres[movie], word), time + 60)
        for user, movie, word, time in pairs
    ]


def _tag(genres: tuple[str, ...], word: int) -> str:
    if genres and word >= len(PLAIN_TAGS):
        return genres[word % len(genres)].lower()
    return PLAIN_TAGS[word % len(PLAIN_TAGS)]
