"""Search a movie, see it, and walk from neighbour to neighbour."""

import altair as alt
import pandas as pd
import streamlit as st

from movie_lakehouse.app import answers, parts
from movie_lakehouse.app.inert import as_html, as_markdown
from movie_lakehouse.app.source import State
from movie_lakehouse.app.style import ACCENT
from movie_lakehouse.query.catalogue import Catalogue, MovieFacts

N_POPULAR = 12
SEARCH, STEP = "movie-search", "movie-step"


def show() -> None:
    """The page: a search, and the movie that the address names or, without one, popular ones."""
    st.title("Movies")
    _take_step()
    typed = parts.search_box("Part of a title", SEARCH)
    with parts.section():
        state = answers.state()
        catalogue = answers.catalogue(state)
        movie = catalogue.by_id.get(parts.whole_number(st.query_params.get("movie")) or 0)
        if typed:
            _found(catalogue, typed)
        elif movie is not None:
            _movie(state, catalogue, movie)
        else:
            if "movie" in st.query_params:
                st.info("No movie has this number. Search for a title, or start from a popular one.")
            _popular(catalogue)


def _take_step() -> None:
    """Who has gone to another movie has found what the search was for; the address bar is told where that is."""
    address = st.query_params.get("movie")
    if st.session_state.get(STEP) != address:
        st.session_state[STEP] = address
        st.session_state[SEARCH] = ""
        st.query_params.from_dict(st.query_params.to_dict())


def _found(catalogue: Catalogue, typed: str) -> None:
    """What the search finds."""
    found = catalogue.search(typed, parts.MAX_FOUND + 1)
    if not found:
        st.info("No title has this in it. Try a shorter part of it, without its year.")
        return
    more = len(found) > parts.MAX_FOUND
    shown = found[: parts.MAX_FOUND]
    st.subheader(f"The first {len(shown)} movies" if more else f"{len(shown)} movie{'s' * (len(shown) != 1)}")
    parts.cards([(one.movie_id, one.title, parts.about(one)) for one in shown], key="found")
    if more:
        st.caption("More titles have this in them; type more of the one that you mean.")


def _popular(catalogue: Catalogue) -> None:
    """Where to start for who has no title in mind."""
    if not catalogue.movies:
        st.info("The catalogue is empty.")
        return
    st.subheader("Start from a popular one")
    parts.cards([(one.movie_id, one.title, parts.about(one)) for one in catalogue.movies[:N_POPULAR]], key="popular")


def _movie(state: State, catalogue: Catalogue, movie: MovieFacts) -> None:
    """A movie: what it is, how it was rated, what is like it."""
    trail = _trail(catalogue, movie)
    st.header(as_markdown(movie.title))
    what, rated = st.columns(2, gap="large")
    with what:
        parts.figures(
            [
                ("mean", f"★ {movie.mean_rating:.2f}" if movie.mean_rating is not None else "—"),
                ("ratings", "none yet" if movie.is_unrated else f"{movie.n_ratings:,}" if movie.n_ratings else "—"),
                ("by popularity", f"#{movie.place:,}" if movie.place else "—"),
                ("year", movie.year or "unknown"),
            ]
        )
        st.html(parts.tags(movie.genres) if movie.genres else '<div class="lh-meta">No genres are listed.</div>')
    with rated, parts.section():
        _stars(answers.stars(state, movie.movie_id))
    st.subheader("You may also like")
    with parts.section():
        _neighbours(state, catalogue, movie, [*trail, movie.movie_id])


def _trail(catalogue: Catalogue, movie: MovieFacts) -> list[int]:
    """The movies walked through before this one, shown as links back."""
    numbers = (parts.whole_number(text) for text in st.query_params.get("trail", "")[:200].split("-"))
    walked = [number for number in numbers if number in catalogue.by_id and number != movie.movie_id]
    trail = [number for number in walked if number is not None][-parts.MAX_TRAIL :]
    if trail:
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="trail"):
            st.html('<span class="lh-meta">Your walk:</span>', width="content")
            for at, number in enumerate(trail):
                parts.movie_link(catalogue.by_id[number].title, number, trail[:at])
            st.html('<span class="lh-meta" aria-hidden="true">→ here</span>', width="content")
    return trail


def _stars(counted: answers.Table) -> None:
    """How often the movie got each number of stars."""
    if not counted:
        return
    chart = (
        alt.Chart(pd.DataFrame(counted))
        .mark_bar(color=ACCENT, cornerRadiusEnd=2)
        .encode(
            x=alt.X("rating:O", title="stars", axis=alt.Axis(labelAngle=0)),
            y=alt.Y("n_ratings:Q", title=None),
            tooltip=[alt.Tooltip("rating", title="stars"), alt.Tooltip("n_ratings", title="ratings")],
        )
        .properties(height=130)
    )
    st.altair_chart(chart, alt="How many ratings the movie has of each number of stars")


def _neighbours(state: State, catalogue: Catalogue, movie: MovieFacts, trail: list[int]) -> None:
    """The movies most like it, each a step to walk on."""
    like = answers.neighbours(state, movie.movie_id, movie.title)
    if any(one["source"] == "content" for one in like):
        st.caption("Nobody has rated this movie: these are like it by genres, year and tags.")
    parts.cards(
        [(one["movie_id"], one["title"], _told(one, catalogue.by_id.get(one["movie_id"]), movie)) for one in like],
        trail,
        key="like",
    )


def _told(one: dict[str, object], facts: MovieFacts | None, movie: MovieFacts) -> str:
    """A neighbour's similarity, where it comes from, and what it is."""
    similarity = float(str(one["similarity"]))
    label = f"similarity {similarity:.2f}"
    source = "by ratings" if one["source"] == "ratings" else f"by {one['source']}"
    line = f'<div class="lh-meta"><strong>{similarity:.2f}</strong> {as_html(source)}</div>'
    return parts.bar(similarity, label) + line + parts.about(facts, shared=movie.genres)


if __name__ == "__main__":
    show()
