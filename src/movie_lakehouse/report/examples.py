"""Examples of what people get: the tops of some lists, and movies like some movies."""

from dataclasses import dataclass

from movie_lakehouse.query.ratings import loved_movies
from movie_lakehouse.query.reader import LakehouseReader
from movie_lakehouse.report.asking import records

LENGTH = 5
"""How much of a list is shown."""
N_LOVED = 3

_USERS = """
SELECT user_id, n_ratings FROM (
  SELECT user_id, count(*) AS n_ratings, row_number() OVER (ORDER BY count(*), user_id) AS place, count(*) OVER () AS n
  FROM silver.ratings WHERE user_id IN (SELECT user_id FROM gold.user_recommendations) GROUP BY user_id)
WHERE place IN (1, (n + 1) // 2, n) ORDER BY place
"""
_LISTED = """
SELECT rank, title, score, predicted_rating AS stars, source FROM gold.user_recommendations
WHERE user_id = ? AND rank <= ? ORDER BY rank
"""
_MOVIES = """
SELECT movie_id, title FROM gold.movie_popularity
WHERE movie_id IN (SELECT movie_id FROM gold.movie_similarity) ORDER BY rank LIMIT 3
"""
_NEIGHBOURS = """
SELECT s.rank, m.title, s.similarity, s.source
FROM gold.movie_similarity s JOIN silver.movies m ON m.movie_id = s.similar_movie_id
WHERE s.movie_id = ? AND s.rank <= ? ORDER BY s.rank
"""


@dataclass(frozen=True)
class Listed:
    """A movie of somebody's list."""

    rank: int
    title: str
    score: float
    stars: float | None
    source: str


@dataclass(frozen=True)
class UserExample:
    """A user, some of what they loved most, and the top of their list."""

    user_id: int
    n_ratings: int
    loved: tuple[str, ...]
    listed: tuple[Listed, ...]


@dataclass(frozen=True)
class Neighbour:
    """A movie like another; similarity is -1 to 1."""

    rank: int
    title: str
    similarity: float
    source: str


@dataclass(frozen=True)
class MovieExample:
    """A movie and those most like it."""

    movie_id: int
    title: str
    neighbours: tuple[Neighbour, ...]


def users_of(reader: LakehouseReader) -> tuple[UserExample, ...]:
    """The users with the fewest, a middling number of and the most ratings.

    Raises:
        TableError: a table is not there.
    """
    return tuple(
        UserExample(
            user_id,
            n_ratings,
            tuple(title for _, title, *_ in loved_movies(reader, user_id, N_LOVED)),
            records(reader, Listed, _LISTED, [user_id, LENGTH]),
        )
        for user_id, n_ratings in reader.sql(_USERS)
    )


def movies_of(reader: LakehouseReader) -> tuple[MovieExample, ...]:
    """The three most popular movies and their neighbours.

    Raises:
        TableError: a table is not there.
    """
    return tuple(
        MovieExample(movie_id, title, records(reader, Neighbour, _NEIGHBOURS, [movie_id, LENGTH]))
        for movie_id, title in reader.sql(_MOVIES)
    )
