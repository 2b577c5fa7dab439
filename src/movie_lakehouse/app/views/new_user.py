"""Be a new user: rate a few movies, and the list changes at once."""

from typing import Any

import streamlit as st

from movie_lakehouse.app import answers, parts
from movie_lakehouse.app.inert import as_html, as_markdown, shown
from movie_lakehouse.app.source import State
from movie_lakehouse.query.catalogue import Catalogue, MovieFacts
from movie_lakehouse.query.movies import Movie
from movie_lakehouse.query.new_user import Rated, movies_for_ratings
from movie_lakehouse.scale import HIGHEST, LOWEST

RATINGS = "own-ratings"
"""The visitor's ratings in their own session, stars by the movie's number; they are kept nowhere else."""
MAX_RATED = 50
MAX_GENRES = 5
N_SUGGESTED = 6


def show() -> None:
    """The page: movies to rate on one side, the list on the other."""
    st.title("New user")
    st.text("Rate a few movies: the list is made for you at once. Your ratings stay in this browser tab's session.")
    with parts.section():
        state = answers.state()
        catalogue = answers.catalogue(state)
        rated: dict[int, float] = st.session_state.setdefault(RATINGS, {})
        rating, getting = st.columns(2, gap="large")
        with rating:
            _to_rate(catalogue, rated)
            _rated(catalogue, rated)
        with getting, parts.section():
            if any(movie_id in catalogue.by_id for movie_id in rated):
                _list_for(state, catalogue, rated)
            else:
                _popular(state, catalogue)


def _to_rate(catalogue: Catalogue, rated: dict[int, float]) -> None:
    """Movies found, or popular ones, each with five stars to click."""
    st.subheader("Rate a movie")
    typed = parts.search_box("Part of a title", "rate-search")
    found = catalogue.search(typed, parts.MAX_FOUND) if typed else list(catalogue.movies)
    offered = [movie for movie in found if movie.movie_id not in rated][:N_SUGGESTED]
    if len(rated) >= MAX_RATED:
        st.info(f"{MAX_RATED} ratings are enough for a list; remove one to rate another.")
        return
    if not offered:
        st.info("No other title has this in it." if typed else "There is nothing more to rate.")
    for movie in offered:
        _offer(movie)


def _offer(movie: MovieFacts) -> None:
    """A movie with stars to click."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(as_markdown(movie.title), width="content")
        key = f"offer-{movie.movie_id}"
        st.feedback("stars", key=key, on_change=_rate, args=(movie.movie_id, key))


def _rate(movie_id: int, key: str) -> None:
    """Keep the stars that were clicked."""
    clicked = st.session_state.get(key)
    ratings = st.session_state[RATINGS]
    if clicked is not None and len(ratings) < MAX_RATED and LOWEST <= clicked + 1 <= HIGHEST:
        ratings[movie_id] = float(clicked + 1)


def _rated(catalogue: Catalogue, rated: dict[int, float]) -> None:
    """The ratings given, to change or to take back."""
    if not rated:
        return
    st.subheader("Your ratings")
    for movie_id in list(rated):
        title = catalogue.by_id[movie_id].title if movie_id in catalogue.by_id else f"movie {movie_id}"
        with st.container(gap=None, key=f"rated-{movie_id}"):
            st.markdown(as_markdown(title))
            with st.container(horizontal=True, vertical_alignment="center"):
                _stars(movie_id, shown(title), rated[movie_id])
                st.button("Remove", key=f"remove-{movie_id}", on_click=_remove, args=(movie_id,))
    st.button("Remove all", key="remove-all", on_click=_remove_all)


def _stars(movie_id: int, title: str, stars: float) -> None:
    """A slider of half stars; its label is read out, not drawn, and so is no Markdown."""
    key = f"stars-{movie_id}"
    st.session_state.setdefault(key, stars)
    label = f"Stars for {title}"
    st.slider(
        label, LOWEST, HIGHEST, step=0.5, key=key, on_change=_change, args=(movie_id, key), label_visibility="collapsed"
    )


def _change(movie_id: int, key: str) -> None:
    """Keep the slider's stars, unless the rating was removed by the same click or they are none of the scale.

    What a browser sends is not bound to the slider that was drawn.
    """
    stars = float(st.session_state.get(key, LOWEST))
    if movie_id in st.session_state[RATINGS] and key in st.session_state and LOWEST <= stars <= HIGHEST:
        st.session_state[RATINGS][movie_id] = stars


def _remove(movie_id: int) -> None:
    """Forget one rating."""
    st.session_state[RATINGS].pop(movie_id, None)
    for key in (f"stars-{movie_id}", f"offer-{movie_id}"):
        st.session_state.pop(key, None)


def _remove_all() -> None:
    """Forget all ratings."""
    for movie_id in list(st.session_state[RATINGS]):
        _remove(movie_id)


def _list_for(state: State, catalogue: Catalogue, rated: dict[int, float]) -> None:
    """What the visitor gets, folded in; asked for anew each time and kept for nobody else."""
    st.subheader("Your list")
    known = [(catalogue.by_id[movie_id], stars) for movie_id, stars in rated.items() if movie_id in catalogue.by_id]
    given = [Rated(Movie(movie.movie_id, movie.title), stars) for movie, stars in known]
    _listed(answers.table(movies_for_ratings(answers.reader(state), given, answers.N_RECOMMENDED)))


def _popular(state: State, catalogue: Catalogue) -> None:
    """What is popular, until something is rated."""
    st.subheader("Popular until you rate")
    genres = st.multiselect(
        "Genres", catalogue.genres, max_selections=MAX_GENRES, placeholder="any genre", key="popular-genres"
    )
    _listed(answers.popular(state, tuple(sorted(genres)[:MAX_GENRES])))


def _listed(movies: list[dict[str, Any]]) -> None:
    """A list, best first."""
    if not movies:
        st.info("There is nothing to recommend yet.")
    for one in movies:
        with st.container(border=True, gap="xsmall"):
            parts.movie_link(one["title"], one["movie_id"])
            predicted = one["predicted_rating"]
            stars = f"★ {predicted:.1f} predicted" if predicted is not None else f"★ {one['score']:.2f} by everybody"
            line = f"<strong>#{one['rank']}</strong> · {stars} · {as_html(one['source'])}"
            st.html(f'<div class="lh-meta">{line}</div>{parts.tags(one["genres"] or ())}')


if __name__ == "__main__":
    show()
