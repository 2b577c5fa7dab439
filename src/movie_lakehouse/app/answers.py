"""What the pages ask, kept for all visitors under the tables' state: a new run is a new state and shows at once.

Only what depends on the tables alone is kept here. What a visitor types, rates or walks is never among it.
"""

import os
import shlex
from datetime import datetime
from typing import Any

import streamlit as st

from movie_lakehouse.app.source import Place, Source, State, source_of
from movie_lakehouse.query import ratings, training, users, why
from movie_lakehouse.query.catalogue import Catalogue, read_catalogue
from movie_lakehouse.query.movies import Movie, similar_movies
from movie_lakehouse.query.new_user import popular_movies
from movie_lakehouse.query.rows import Reader, Rows

Table = list[dict[str, Any]]

N_NEIGHBOURS = 12
N_RECOMMENDED = 12
N_LOVED = 12
N_RUNS = 10
N_EXPECTATIONS = 50


@st.cache_resource(show_spinner=False)
def source() -> Source:
    """The lakehouse of this process."""
    return source_of()


def root() -> str:
    """The lakehouse's folder, as it is typed after --root."""
    return shlex.quote(str(Place.of_environment(os.environ).root))


def state() -> State:
    """The state that the tables are in, asked for once each time that a page is drawn."""
    return source().state()


def reader(at: State) -> Reader:
    """Reads the tables, all in one state."""
    return source().reader_at(at)


@st.cache_resource(show_spinner=False, max_entries=2)
def catalogue(at: State) -> Catalogue:
    """All movies."""
    return read_catalogue(reader(at))


@st.cache_data(show_spinner=False, max_entries=500)
def neighbours(at: State, movie_id: int, title: str) -> Table:
    """The movies most like one."""
    return table(similar_movies(reader(at), Movie(movie_id, title), N_NEIGHBOURS))


@st.cache_data(show_spinner=False, max_entries=500)
def stars(at: State, movie_id: int) -> Table:
    """How often a movie got each number of stars."""
    return table(ratings.stars_of_movie(reader(at), movie_id))


@st.cache_data(show_spinner=False, max_entries=2)
def user_numbers(at: State) -> tuple[int, int, int]:
    """How many users there are, and their lowest and highest number."""
    return ratings.user_numbers(reader(at))


@st.cache_data(show_spinner=False, max_entries=500)
def user(at: State, user_id: int) -> ratings.UserFacts:
    """A user's ratings in sum."""
    return ratings.user_facts(reader(at), user_id)


@st.cache_data(show_spinner=False, max_entries=500)
def loved(at: State, user_id: int) -> Table:
    """What a user rated highest."""
    return table(ratings.loved_movies(reader(at), user_id, N_LOVED))


@st.cache_data(show_spinner=False, max_entries=500)
def recommended(at: State, user_id: int) -> Table:
    """What a user gets, each with the reasons."""
    given = users.recommended_movies(reader(at), user_id, N_RECOMMENDED)
    return table(why.with_reasons(reader(at), user_id, given))


@st.cache_data(show_spinner=False, max_entries=100)
def popular(at: State, genres: tuple[str, ...]) -> Table:
    """What is popular, of these genres where there are some."""
    return table(popular_movies(reader(at), genres, N_RECOMMENDED))


@st.cache_data(show_spinner=False, max_entries=2)
def runs(at: State) -> Table:
    """The latest trainings."""
    return table(training.training_runs(reader(at), N_RUNS))


@st.cache_data(show_spinner=False, max_entries=2)
def run_in_place(at: State) -> tuple[str, datetime] | None:
    """The training whose model people have, and when it was."""
    return training.run_in_place(reader(at))


@st.cache_data(show_spinner=False, max_entries=2)
def refusals(at: State) -> dict[str, str]:
    """Why trainings were refused."""
    return training.refusals(reader(at), N_RUNS)


@st.cache_data(show_spinner=False, max_entries=2)
def grid(at: State) -> tuple[str | None, Table]:
    """The newest run with a grid, and the grid."""
    run_id = training.newest_grid_run(reader(at))
    return run_id, [] if run_id is None else table(training.grid_of(reader(at), run_id))


@st.cache_data(show_spinner=False, max_entries=20)
def metrics(at: State, run_id: str) -> Table:
    """A run's metrics."""
    return table(training.metrics_of(reader(at), run_id))


@st.cache_data(show_spinner=False, max_entries=2)
def gates(at: State) -> Table:
    """What the gates of the latest runs found."""
    return table(training.gates(reader(at), N_RUNS))


@st.cache_data(show_spinner=False, max_entries=20)
def failed_expectations(at: State, run_id: str) -> Table:
    """What did not hold in a run."""
    return table(training.failed_expectations(reader(at), run_id, N_EXPECTATIONS))


def table(rows: Rows) -> Table:
    """The rows as mappings."""
    return [dict(zip(rows.columns, row, strict=True)) for row in rows]
