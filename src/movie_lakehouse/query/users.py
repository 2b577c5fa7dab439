"""What the tables hold for a user."""

from movie_lakehouse.errors import NotFoundError
from movie_lakehouse.query.rows import Reader, Rows


def recommended_movies(reader: Reader, user_id: int, limit: int = 10) -> Rows:
    """The movies recommended to a user, best first: rank, movie_id, title, score, predicted_rating, genres, source.

    Raises:
        NotFoundError: the tables have nothing for this user; the message says for whom they have.
        TableError: a table is not there yet.
    """
    recommended = reader.sql(
        "SELECT r.rank, r.movie_id, r.title, r.score, r.predicted_rating, m.genres, r.source "
        "FROM gold.user_recommendations r LEFT JOIN silver.movies m ON m.movie_id = r.movie_id "
        "WHERE r.user_id = ? AND r.rank <= ? ORDER BY r.rank",
        [user_id, limit],
    )
    rows = list(recommended)
    if not rows:
        raise NotFoundError(f"There is no user {user_id} in gold.user_recommendations, {_who_there_is(reader)}.")
    return Rows(recommended.columns, rows)


def _who_there_is(reader: Reader) -> str:
    """How many users have recommendations, and their numbers' range."""
    rows = reader.sql("SELECT count(DISTINCT user_id), min(user_id), max(user_id) FROM gold.user_recommendations")
    n_users, first, last = next(iter(rows))
    return f"which has {n_users:,} users, numbered {first} to {last}" if n_users else "which is empty"
