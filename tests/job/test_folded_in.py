"""A person's ratings folded into the model that the job has published, against what it says of that person."""

from pathlib import Path

import numpy as np
import pytest

from job.conftest import SampleRun
from movie_lakehouse.query.movies import Movie
from movie_lakehouse.query.new_user import Rated, movies_for_ratings
from movie_lakehouse.query.predictions import read_model
from movie_lakehouse.query.reader import LakehouseReader, Row

K = 10


@pytest.fixture(scope="module")
def reader(sample_run: SampleRun) -> LakehouseReader:
    return LakehouseReader(Path(sample_run.parameters["lakehouse"]))


@pytest.fixture(scope="module")
def folded_in(reader: LakehouseReader) -> dict[int, list[Row]]:
    """For each of twenty users the list that a stranger with their ratings gets."""
    ratings: dict[int, list[Rated]] = {}
    for user, movie, stars in reader.sql("SELECT user_id, movie_id, rating FROM silver.ratings WHERE user_id <= 20"):
        ratings.setdefault(user, []).append(Rated(Movie(movie, ""), stars))
    return {user: list(movies_for_ratings(reader, rated, K)) for user, rated in ratings.items()}


def test_a_stranger_with_a_users_ratings_gets_that_users_list(
    reader: LakehouseReader, folded_in: dict[int, list[Row]]
) -> None:
    published = reader.sql("SELECT user_id, list(movie_id) FROM gold.user_recommendations GROUP BY user_id")
    lists = {user: set(movies) for user, movies in published}

    overlaps = [len(lists[user] & {row[1] for row in rows}) for user, rows in folded_in.items()]

    assert len(overlaps) == 20
    assert np.mean(overlaps) >= 8


def test_a_strangers_predicted_stars_are_those_of_the_user_with_these_ratings(
    reader: LakehouseReader, folded_in: dict[int, list[Row]]
) -> None:
    model = read_model(reader)
    pairs = [(user, row[1], row[4]) for user, rows in folded_in.items() for row in rows]
    users, movies, stars = (np.array(column) for column in zip(*pairs, strict=True))

    off = model.predict(users, movies) - stars

    assert np.sqrt(np.mean(off**2)) < 0.05


def test_nothing_rated_is_recommended(reader: LakehouseReader, folded_in: dict[int, list[Row]]) -> None:
    rated = set(reader.sql("SELECT user_id, movie_id FROM silver.ratings WHERE user_id <= 20"))

    assert not rated & {(user, row[1]) for user, rows in folded_in.items() for row in rows}
