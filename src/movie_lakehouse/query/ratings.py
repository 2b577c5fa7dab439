"""What ratings say of one movie or one user, without a model."""

from dataclasses import dataclass
from datetime import datetime

from movie_lakehouse.errors import NotFoundError
from movie_lakehouse.query.rows import Reader, Rows


@dataclass(frozen=True)
class UserFacts:
    """A user's ratings summed up: how many, their mean in stars, the first and the last (UTC)."""

    user_id: int
    n_ratings: int
    mean_rating: float
    first_rated_at: datetime
    last_rated_at: datetime


def user_facts(reader: Reader, user_id: int) -> UserFacts:
    """What the user has rated, in sum.

    Raises:
        NotFoundError: the user has rated nothing.
        TableError: there is no silver.ratings yet.
    """
    query = "SELECT count(*), avg(rating), min(rated_at), max(rated_at) FROM silver.ratings WHERE user_id = ?"
    n_ratings, mean, first, last = next(iter(reader.sql(query, [user_id])))
    if not n_ratings:
        raise NotFoundError(f"No user has the number {user_id}: silver.ratings has no rating of theirs.")
    return UserFacts(user_id, n_ratings, mean, first, last)


def user_numbers(reader: Reader) -> tuple[int, int, int]:
    """How many users have ratings, and their lowest and highest number; zeros where there are none.

    Raises:
        TableError: there is no silver.ratings yet.
    """
    query = "SELECT count(DISTINCT user_id), coalesce(min(user_id), 0), coalesce(max(user_id), 0) FROM silver.ratings"
    n_users, first, last = next(iter(reader.sql(query)))
    return n_users, first, last


def loved_movies(reader: Reader, user_id: int, limit: int) -> Rows:
    """The movies that the user rated highest, of equal ones the latest first: movie_id, title, rating, rated_at.

    Raises:
        TableError: a table is not there yet.
    """
    return reader.sql(
        "SELECT m.movie_id, m.title, r.rating, r.rated_at FROM silver.ratings r "
        "JOIN silver.movies m ON m.movie_id = r.movie_id WHERE r.user_id = ? "
        "ORDER BY r.rating DESC, r.rated_at DESC, m.movie_id LIMIT ?",
        [user_id, limit],
    )


def stars_of_movie(reader: Reader, movie_id: int) -> Rows:
    """How often the movie got each number of stars: rating, n_ratings.

    Raises:
        TableError: there is no silver.ratings yet.
    """
    query = (
        "SELECT rating, count(*) AS n_ratings FROM silver.ratings WHERE movie_id = ? GROUP BY rating ORDER BY rating"
    )
    return reader.sql(query, [movie_id])
