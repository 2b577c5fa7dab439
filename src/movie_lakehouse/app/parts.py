"""What several pages show: notices, movies as cards with links, figures, the search box."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import streamlit as st

from movie_lakehouse.app import answers
from movie_lakehouse.app.inert import as_html, as_markdown
from movie_lakehouse.errors import LakehouseError, QueryError, SetupError, TableError
from movie_lakehouse.query.catalogue import MovieFacts

MOVIES_PAGE = "views/movies.py"
MAX_TYPED = 100
"""Characters that a search takes."""
MAX_FOUND = 12
MAX_TRAIL = 12


@contextmanager
def section() -> Iterator[None]:
    """A part of a page that says what to do where its tables are missing, and leaves the rest of the page alone."""
    try:
        yield
    except LakehouseError as error:
        notice(error)


def notice(error: LakehouseError) -> None:
    """Say in place of what cannot be shown why not, and which command helps."""
    if isinstance(error, TableError):
        _advice("Nothing to show here yet: a table is missing.", "lakehouse run", error)
    elif isinstance(error, QueryError):
        _advice("The tables do not fit this page: another version of the program made them.", "lakehouse run", error)
    elif isinstance(error, SetupError):
        _advice("The explorer is not set up.", None, error)
    else:
        st.info(as_markdown(str(error)), icon=":material/info:")


def _advice(what: str, command: str | None, error: LakehouseError) -> None:
    """A notice with the command that helps and, smaller, the error's own line."""
    with st.container(border=True):
        st.markdown(f"**{what}**")
        if command:
            st.text("This makes it; the page shows it when it is loaded again:")
            st.code(f"{command} --root {answers.root()}", language=None)
        st.html(f'<div class="lh-meta">{as_html(str(error))}</div>')


def search_box(label: str, key: str) -> str:
    """A field for part of a title, and what is typed there."""
    typed = st.text_input(
        label,
        key=key,
        max_chars=MAX_TYPED,
        type="search",
        live="300ms",
        placeholder="matrix, amelie, 1995 ...",
        icon=":material/search:",
    )
    return (typed or "")[:MAX_TYPED].strip()


def movie_link(title: str, movie_id: int, trail: Sequence[int] = ()) -> None:
    """A link to a movie's page, which keeps the movies walked through before."""
    address = {"movie": str(movie_id)}
    if trail:
        address["trail"] = "-".join(map(str, trail[-MAX_TRAIL:]))
    st.page_link(MOVIES_PAGE, label=as_markdown(title), query_params=address)


def cards(movies: Sequence[tuple[int, str, str]], trail: Sequence[int] = (), key: str = "cards") -> None:
    """Movies in two columns, one where the screen is narrow: number, title, and HTML of what is told of each."""
    for at in range(0, len(movies), 2):
        for column, (movie_id, title, told) in zip(st.columns(2), movies[at : at + 2], strict=False):
            with column.container(border=True, gap="xsmall", key=f"{key}-{at}-{movie_id}"):
                movie_link(title, movie_id, trail)
                st.html(told)


def about(movie: MovieFacts | None, shared: Iterable[str] = ()) -> str:
    """A movie's year, ratings and genres in HTML; genres that it shares with another stand out."""
    if movie is None:
        return ""
    rated = "not rated yet" if movie.is_unrated else ""
    if movie.n_ratings:
        rated = f"{movie.n_ratings:,} rating{'s' * (movie.n_ratings != 1)}"
    mean = f"★ {movie.mean_rating:.2f}" if movie.mean_rating is not None else ""
    line = " · ".join(part for part in (str(movie.year or ""), mean, rated) if part)
    return f'<div class="lh-meta">{line}</div>{tags(movie.genres, shared)}'


def tags(genres: Iterable[str], shared: Iterable[str] = ()) -> str:
    """Genres in HTML."""
    marked = set(shared)
    spans = (f'<span class="lh-tag{" lh-shared" if one in marked else ""}">{as_html(one)}</span>' for one in genres)
    return f'<div class="lh-tags">{"".join(spans)}</div>'


def bar(share: float, label: str) -> str:
    """A share of 0 to 1 as a bar in HTML, with its figure in words for who does not see it."""
    width = round(100 * min(max(share, 0.0), 1.0))
    return f'<div class="lh-bar" role="img" aria-label="{as_html(label)}"><span style="width:{width}%"></span></div>'


def figures(values: Sequence[tuple[str, Any]]) -> None:
    """A few figures side by side: what each is, and the figure."""
    told = (f"<div><b>{as_html(str(value))}</b><span>{as_html(what)}</span></div>" for what, value in values)
    st.html(f'<div class="lh-figures">{"".join(told)}</div>')


def whole_number(text: str | None) -> int | None:
    """The number that a part of the address holds, None where it holds none of up to nine digits.

    >>> whole_number("575"), whole_number("5; DROP"), whole_number("²")
    (575, None, None)
    """
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 9 else None
