"""The catalogue by genre and year, and the movies that nobody has rated."""

from collections import Counter

import altair as alt
import pandas as pd
import streamlit as st

from movie_lakehouse.app import answers, parts
from movie_lakehouse.app.style import ACCENT
from movie_lakehouse.query.catalogue import Catalogue, MovieFacts

PAGE_ROWS = 25
COLUMNS = {"title": "title", "year": "year", "genres": "genres", "ratings": "ratings", "mean": "mean ★"}


def show() -> None:
    """The page: figures, charts, and a table that is cut into pages."""
    st.title("Catalogue")
    with parts.section():
        catalogue = answers.catalogue(answers.state())
        if not catalogue.movies:
            st.info("The catalogue is empty.")
            return
        chosen = _chosen(catalogue)
        n_unrated = sum(movie.is_unrated for movie in chosen.movies)
        parts.figures([("movies", f"{len(chosen.movies):,}"), ("of them unrated", f"{n_unrated:,}")])
        by_genre, by_year = st.columns(2, gap="large")
        with by_genre:
            _genres(chosen)
        with by_year:
            _years(chosen)
        _table(chosen)


def _chosen(catalogue: Catalogue) -> Catalogue:
    """The part of the catalogue that is chosen here."""
    genre_at, years_at, unrated_at = st.columns([2, 3, 2], vertical_alignment="bottom", gap="medium")
    genre = genre_at.selectbox("Genre", catalogue.genres, index=None, placeholder="any genre", key="genre")
    years = None
    if catalogue.years and catalogue.years[0] < catalogue.years[1]:
        years = years_at.slider("Years", *catalogue.years, value=catalogue.years, key="years")
    unrated = unrated_at.toggle("Unrated movies alone", key="unrated")
    return catalogue.within(genre, None if years == catalogue.years else years, unrated)


def _genres(chosen: Catalogue) -> None:
    """Movies a genre."""
    counted = Counter(genre for movie in chosen.movies for genre in movie.genres)
    st.subheader("By genre")
    if not counted:
        st.caption("None of these movies has a genre.")
        return
    axis = alt.Axis(labelOverlap=False)
    rows = pd.DataFrame(counted.most_common(25), columns=["genre", "movies"])
    chart = (
        alt.Chart(rows)
        .mark_bar(color=ACCENT, cornerRadiusEnd=2)
        .encode(
            x=alt.X("movies:Q", title=None),
            y=alt.Y("genre:N", sort="-x", title=None, axis=axis),
            tooltip=["genre", "movies"],
        )
    )
    st.altair_chart(chart.properties(height=18 * len(rows) + 30), alt="How many of the movies chosen each genre has")


def _years(chosen: Catalogue) -> None:
    """Movies a year."""
    counted = Counter(movie.year for movie in chosen.movies if movie.year is not None)
    st.subheader("By year")
    if not counted:
        st.caption("None of these movies has a year.")
        return
    rows = pd.DataFrame(sorted(counted.items()), columns=["year", "movies"])
    chart = (
        alt.Chart(rows)
        .mark_bar(color=ACCENT)
        .encode(
            x=alt.X("year:Q", title=None, axis=alt.Axis(format="d"), scale=alt.Scale(zero=False)),
            y=alt.Y("movies:Q", title=None),
            tooltip=["year", "movies"],
        )
    )
    st.altair_chart(chart.properties(height=300), alt="How many of the movies chosen are from each year")


def _table(chosen: Catalogue) -> None:
    """The movies chosen, a page at a time; a row that is clicked opens its movie."""
    n_pages = max(1, -(-len(chosen.movies) // PAGE_ROWS))
    is_uncounted = bool(chosen.movies) and chosen.movies[0].place is None
    st.subheader("The movies, by number" if is_uncounted else "The movies, most popular first")
    if not chosen.movies:
        st.info("No movie is in all of these at once.")
        return
    page = st.number_input(f"Page (of {n_pages:,})", 1, n_pages, min(_page(), n_pages), key=f"page-of-{n_pages}")
    shown = chosen.movies[PAGE_ROWS * (page - 1) : PAGE_ROWS * page]
    rows = pd.DataFrame(
        [(one.title, one.year, ", ".join(one.genres), _n_ratings(one), one.mean_rating) for one in shown],
        columns=list(COLUMNS),
    ).astype({"year": "Int64", "ratings": "Int64", "mean": "Float64"})
    picked = st.dataframe(
        rows,
        hide_index=True,
        height=35 * (len(shown) + 1) + 3,
        on_select="rerun",
        selection_mode="single-row",
        key=f"movies-{page}",
        alt="The movies chosen with year, genres, number of ratings and mean",
        column_config={
            "year": st.column_config.NumberColumn("year", format="%d"),
            "mean": st.column_config.NumberColumn("mean ★", format="%.2f"),
        },
    )
    st.caption("Choose a row to open its movie.")
    if picked.selection.rows and picked.selection.rows[0] < len(shown):
        st.switch_page(parts.MOVIES_PAGE, query_params={"movie": str(shown[picked.selection.rows[0]].movie_id)})


def _n_ratings(movie: MovieFacts) -> int | None:
    """How many have rated it, None where that has not been counted yet."""
    return 0 if movie.is_unrated else movie.n_ratings


def _page() -> int:
    """The page that the address names, else the first."""
    return max(1, parts.whole_number(st.query_params.get("page")) or 1)


if __name__ == "__main__":
    show()
