"""The command that recommends: to a user of the data, to a new person with a few ratings, or to anybody."""

from typing import TYPE_CHECKING, Annotated

import typer

from movie_lakehouse.cli.options import DEFAULT_ROOT, Form, Limit, Root
from movie_lakehouse.cli.output import OutputFormat, write_rows
from movie_lakehouse.errors import SettingError

if TYPE_CHECKING:
    from movie_lakehouse.query.reader import LakehouseReader
    from movie_lakehouse.query.rows import Rows


def recommend(
    *,
    user: Annotated[int | None, typer.Option("--user", help="A user's number.")] = None,
    rated: Annotated[
        list[str] | None,
        typer.Option(
            "--rated", metavar="TITLE=STARS", help="A new person's rating, as Heat=4.5 or '#6=4.5'; may be repeated."
        ),
    ] = None,
    genre: Annotated[
        list[str] | None, typer.Option("--genre", help="What is popular within a genre; may be repeated.")
    ] = None,
    why: Annotated[
        bool, typer.Option("--why", help="Which of the user's movies add most to each score, and how much.")
    ] = False,
    limit: Limit = 10,
    root: Root = DEFAULT_ROOT,
    form: Form = OutputFormat.TABLE,
) -> None:
    """List movies for a user, for a new person who rates a few, or what is popular when neither is given."""
    from movie_lakehouse.query.published import published_reader

    if sum(choice is not None for choice in (user, rated or None, genre or None)) > 1:
        raise SettingError("Give one of --user, --rated and --genre.")
    if why and user is None:
        raise SettingError("--why goes with --user: it tells which of a user's ratings speak for each movie.")
    reader = published_reader(root)
    answer = _answer(reader, user, rated or [], genre or [], limit)
    if why and user is not None:
        answer = _with_reasons(reader, user, answer, form)
    write_rows(answer.columns, answer, form)


def _answer(reader: "LakehouseReader", user: int | None, rated: list[str], genres: list[str], limit: int) -> "Rows":
    """The list of whoever is meant."""
    from movie_lakehouse.query.users import recommended_movies

    if user is not None:
        return recommended_movies(reader, user, limit)
    from movie_lakehouse.query.new_user import TABLES, movies_for_ratings, popular_movies, rated_movies

    if rated:
        reader = reader.together(TABLES)
        return movies_for_ratings(reader, rated_movies(reader, rated), limit)
    return popular_movies(reader, genres, limit)


def _with_reasons(reader: "LakehouseReader", user: int, answer: "Rows", form: OutputFormat) -> "Rows":
    """The list with its reasons, which in a table are told in words."""
    from movie_lakehouse.query.rows import Rows
    from movie_lakehouse.query.why import with_reasons

    reasoned = with_reasons(reader, user, answer)
    if form is not OutputFormat.TABLE:
        return reasoned
    told = [(*row, [f"{one['title']} {one['adds']:+.3f}" for one in because]) for *row, because in reasoned]
    return Rows(reasoned.columns, told)
