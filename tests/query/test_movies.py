import pytest

from movie_lakehouse.errors import NotFoundError
from movie_lakehouse.query.movies import Movie, find_movies, movie_with_id, similar_movies
from movie_lakehouse.query.reader import LakehouseReader
from movie_lakehouse.query.users import recommended_movies


def test_a_title_finds_its_movie(reader: LakehouseReader) -> None:
    assert find_movies(reader, ["the matrix", "heat"]) == [Movie(3, "Matrix, The (1999)"), Movie(2, "Heat (1995)")]


def test_several_movies_are_listed_with_their_numbers(reader: LakehouseReader) -> None:
    with pytest.raises(NotFoundError) as error:
        find_movies(reader, ["t"])
    assert str(error.value).startswith("6 movies match 't': 1 'Toy Story (1995)'; 2 'Heat (1995)'; ")
    assert str(error.value).endswith("Give more of the title, or a number in quotes: '#1'.")


def test_a_number_finds_the_movie_that_has_it(reader: LakehouseReader) -> None:
    assert find_movies(reader, ["#3", " #2 "]) == [Movie(3, "Matrix, The (1999)"), Movie(2, "Heat (1995)")]
    with pytest.raises(NotFoundError, match="No movie matches '#999'"):
        find_movies(reader, ["#999"])


def test_a_mistyped_title_is_answered_with_close_ones(reader: LakehouseReader) -> None:
    with pytest.raises(NotFoundError, match=r"No movie matches 'Toy Stroy'; did you mean 'Toy Story \(1995\)'\?"):
        find_movies(reader, ["Toy Stroy"])


def test_an_unknown_number_is_an_error(reader: LakehouseReader) -> None:
    assert movie_with_id(reader, 2) == Movie(2, "Heat (1995)")
    with pytest.raises(NotFoundError, match="No movie has the number 99"):
        movie_with_id(reader, 99)


def test_similar_movies_come_nearest_first_with_what_they_are(reader: LakehouseReader) -> None:
    answer = similar_movies(reader, Movie(3, "Matrix, The (1999)"))
    assert answer.columns == ("rank", "movie_id", "title", "similarity", "genres", "source")
    assert list(answer) == [
        (1, 2, "Heat (1995)", 0.9928, ["Action", "Crime", "Thriller"], "ratings"),
        (2, 4, "Matrix Reloaded, The (2003)", 0.9762, ["Action", "Adventure", "Sci-Fi", "Thriller"], "ratings"),
    ]


def test_no_more_neighbours_come_than_asked_for(reader: LakehouseReader) -> None:
    assert len(list(similar_movies(reader, Movie(3, "Matrix, The (1999)"), limit=1))) == 1


def test_a_movie_without_ratings_has_no_neighbours(reader: LakehouseReader) -> None:
    with pytest.raises(NotFoundError, match="has no neighbours"):
        similar_movies(reader, Movie(6, "=Ghost\x1b[31m"))


def test_a_message_holds_no_control_characters_of_a_title(reader: LakehouseReader) -> None:
    with pytest.raises(NotFoundError) as error:
        similar_movies(reader, *find_movies(reader, ["ghost"]))
    assert str(error.value).isprintable()


def test_recommendations_come_best_first_with_what_they_are(reader: LakehouseReader) -> None:
    answer = recommended_movies(reader, 4)
    assert answer.columns == ("rank", "movie_id", "title", "score", "predicted_rating", "genres", "source")
    assert list(answer) == [
        (1, 4, "Matrix Reloaded, The (2003)", 3.0, 3.0, ["Action", "Adventure", "Sci-Fi", "Thriller"], "rating"),
        (2, 6, "=Ghost\x1b[31m", 2.5, None, [], "popularity"),
    ]


def test_an_unknown_user_is_told_who_there_is(reader: LakehouseReader) -> None:
    with pytest.raises(NotFoundError, match=r"no user 5 in .* 4 users, numbered 1 to 4"):
        recommended_movies(reader, 5)
