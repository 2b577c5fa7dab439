"""Movies by what people know of them, and the movies like them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from movie_lakehouse.errors import NotFoundError
from movie_lakehouse.query.rows import Reader, Rows
from movie_lakehouse.query.titles import close_titles, matching

_NUMBER = re.compile(r"#([0-9]{1,18})")
MAX_NAMED = 10
"""Movies that a message lists."""


@dataclass(frozen=True)
class Movie:
    """A movie of silver.movies."""

    movie_id: int
    title: str


def find_movies(reader: Reader, texts: Sequence[str]) -> list[Movie]:
    """The one movie that each text means: a title or a part of one, or a number such as ``#838``.

    Raises:
        NotFoundError: no movie or several; the message lists these, or close titles.
        TableError: there is no silver.movies yet.
    """
    movies = [Movie(*row) for row in reader.sql("SELECT movie_id, title FROM silver.movies ORDER BY movie_id")]
    titles = [movie.title for movie in movies]
    return [_the_one(text, movies, titles) for text in texts]


def movie_with_id(reader: Reader, movie_id: int) -> Movie:
    """The movie with this number.

    Raises:
        NotFoundError: there is none.
        TableError: there is no silver.movies yet.
    """
    for row in reader.sql("SELECT movie_id, title FROM silver.movies WHERE movie_id = ?", [movie_id]):
        return Movie(*row)
    raise NotFoundError(f"No movie has the number {movie_id}; a title finds it: `lakehouse similar TITLE`.")


def similar_movies(reader: Reader, movie: Movie, limit: int = 10) -> Rows:
    """The movies most like it, nearest first: rank, movie_id, title, similarity, genres, source.

    The similarity is a cosine, -1 to 1; the source is ratings, or content for a movie that nobody rated.

    Raises:
        NotFoundError: it has no neighbours.
        TableError: a table is not there yet.
    """
    neighbours = reader.sql(
        "SELECT s.rank, m.movie_id, m.title, s.similarity, m.genres, s.source "
        "FROM gold.movie_similarity s JOIN silver.movies m ON m.movie_id = s.similar_movie_id "
        "WHERE s.movie_id = ? AND s.rank <= ? ORDER BY s.rank",
        [movie.movie_id, limit],
    )
    rows = list(neighbours)
    if not rows:
        raise NotFoundError(
            f"Movie {movie.movie_id}, {movie.title!r}, has no neighbours: the model knows no rating of it."
        )
    return Rows(neighbours.columns, rows)


def _the_one(text: str, movies: Sequence[Movie], titles: Sequence[str]) -> Movie:
    """The one of the movies, whose titles these are, that the text means."""
    if number := _NUMBER.fullmatch(text.strip()):
        found = [movie for movie in movies if movie.movie_id == int(number[1])]
    else:
        found = [movies[at] for at in matching(text, titles)]
    if len(found) == 1:
        return found[0]
    if found:
        raise NotFoundError(
            f"{len(found)} movies match {text!r}: {_listed(found)}. Give more of the title, or a number in quotes: "
            f"'#{found[0].movie_id}'."
        )
    close = close_titles(text, titles)
    hint = f"; did you mean {' or '.join(map(repr, close))}?" if close else "."
    raise NotFoundError(f"No movie matches {text!r}{hint}")


def _listed(movies: list[Movie]) -> str:
    """Their numbers and titles, the first of them where there are many."""
    named = "; ".join(f"{movie.movie_id} {movie.title!r}" for movie in movies[:MAX_NAMED])
    return named + (f"; and {len(movies) - MAX_NAMED} more" if len(movies) > MAX_NAMED else "")
