from pathlib import Path

import pytest

from movie_lakehouse.errors import NotFoundError, SettingError
from movie_lakehouse.query.movies import Movie
from movie_lakehouse.query.new_user import Rated, movies_for_ratings, popular_movies, rated_movies, title_and_stars
from movie_lakehouse.query.reader import LakehouseReader


@pytest.fixture(scope="module")
def reader(tiny_lakehouse: Path) -> LakehouseReader:
    return LakehouseReader(tiny_lakehouse)


@pytest.mark.parametrize("text", ["Heat", "Heat=", "=4", "Heat=5.5", "Heat=0", "Heat=nan", "Heat=four"])
def test_a_text_without_a_title_and_stars_of_the_scale_is_refused(text: str) -> None:
    with pytest.raises(SettingError, match=r"is not a title and stars from 0\.5 to 5"):
        title_and_stars(text)


def test_a_title_may_have_an_equals_sign() -> None:
    assert title_and_stars("E=mc2 (2005)=3.5") == ("E=mc2 (2005)", 3.5)


def test_a_part_of_a_title_names_a_movie(reader: LakehouseReader) -> None:
    assert rated_movies(reader, ["toy story=5"]) == [Rated(Movie(1, "Toy Story (1995)"), 5.0)]


def test_a_movie_rated_twice_is_refused(reader: LakehouseReader) -> None:
    with pytest.raises(SettingError, match=r"'Heat \(1995\)' is rated twice"):
        rated_movies(reader, ["Heat=5", "Heat (1995)=4"])


def test_a_model_without_what_folding_in_needs_says_which_one_has_it(reader: LakehouseReader) -> None:
    with pytest.raises(SettingError, match="--set model=bayes"):
        movies_for_ratings(reader, [Rated(Movie(1, "Toy Story (1995)"), 5.0)])


def test_without_ratings_the_most_popular_movies_come_first(reader: LakehouseReader) -> None:
    by_rank = [row[0] for row in reader.sql("SELECT movie_id FROM gold.movie_popularity ORDER BY rank LIMIT 3")]

    rows = list(popular_movies(reader, limit=3))

    assert [(row[0], row[1], row[-1]) for row in rows] == [(n, by_rank[n - 1], "popularity") for n in (1, 2, 3)]


def test_genres_keep_the_popular_movies_to_those_that_have_one_of_them(reader: LakehouseReader) -> None:
    found = {row[1] for row in popular_movies(reader, ["CRIME", "Drama"])}

    assert found == {2, 5}


def test_an_unknown_genre_is_refused_with_those_there_are(reader: LakehouseReader) -> None:
    with pytest.raises(NotFoundError, match=r"no genre 'Noir'; there are .*Thriller"):
        popular_movies(reader, ["Noir"])
