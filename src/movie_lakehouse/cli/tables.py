"""Commands that read the tables. They start no JVM, and load what they need when they need it."""

from pathlib import Path
from typing import Annotated

import typer

from movie_lakehouse.cli.options import DEFAULT_ROOT, Form, Limit, Root
from movie_lakehouse.cli.output import OutputFormat, say, write_rows
from movie_lakehouse.errors import SettingError


def similar(
    title: Annotated[str | None, typer.Argument(help="A movie's title, or enough of it.")] = None,
    movie_id: Annotated[int | None, typer.Option("--movie-id", help="The movie's number instead.")] = None,
    limit: Limit = 10,
    root: Root = DEFAULT_ROOT,
    form: Form = OutputFormat.TABLE,
) -> None:
    """List the movies most like one."""
    from movie_lakehouse.query.movies import find_movies, movie_with_id, similar_movies
    from movie_lakehouse.query.published import published_reader

    reader = published_reader(root)
    if title is not None and movie_id is None:
        (movie,) = find_movies(reader, [title])
    elif movie_id is not None and title is None:
        movie = movie_with_id(reader, movie_id)
    else:
        raise SettingError('Name one movie: `lakehouse similar "Toy Story"`, or --movie-id 1.')
    answer = similar_movies(reader, movie, limit)
    say(f"Movies like {movie.title} (movie {movie.movie_id}):")
    write_rows(answer.columns, answer, form)


def predict(
    pairs: Annotated[
        Path, typer.Option("--pairs", help="CSV with the columns user_id and movie_id; - reads it from standard input.")
    ],
    root: Root = DEFAULT_ROOT,
    form: Form = OutputFormat.CSV,
) -> None:
    """Predict ratings: the same users and movies in the same order, with prediction (stars) and source.

    The source is the model's name, or where the model lacks the user or the movie: user_mean, movie_mean or mean.
    """
    from movie_lakehouse.query.pairs import opened, read_pairs
    from movie_lakehouse.query.predictions import predicted_ratings
    from movie_lakehouse.query.published import published_reader

    reader = published_reader(root)
    with opened(pairs) as file:
        answer = predicted_ratings(reader, read_pairs(file, "standard input" if str(pairs) == "-" else str(pairs)))
        write_rows(answer.columns, answer, form)


def tables(root: Root = DEFAULT_ROOT, form: Form = OutputFormat.TABLE) -> None:
    """List the tables there are: rows, version, when they changed (UTC), size and key."""
    from movie_lakehouse.query.facts import table_facts
    from movie_lakehouse.query.published import published_reader

    answer = table_facts(published_reader(root))
    write_rows(answer.columns, answer, form)
