"""User 1 liked movie 1 fully (4.5 stars count 1.0), movie 5 in part (4 stars: 0.75) and movie 2 not (2 stars: 0)."""

from pathlib import Path

import pytest

from movie_lakehouse.query.reader import LakehouseReader
from movie_lakehouse.query.users import recommended_movies
from movie_lakehouse.query.why import Reason, reasons_for, with_reasons
from support.tiny_lakehouse import make_tiny_lakehouse, write_table

WEIGHTS = {1: [0.0, 0.125, 0.25, 0.5], 2: [0.25, 0.0, 0.5, 0.0], 3: [0.25, 0.5, 0.0, 0.0], 5: [0.5, 0.0, -0.125, 0.0]}
LISTS = [(1, 3, "Matrix, The (1999)", "ranking"), (2, 4, "Matrix Reloaded, The (2003)", "ranking")]


@pytest.fixture
def ranked(tmp_path: Path) -> LakehouseReader:
    """A tiny lakehouse in which user 1 has a list of the ranking model; movies 4 and 6 are outside its catalogue."""
    make_tiny_lakehouse(tmp_path)
    rows = [
        {"movie_id": movie, "position": at, "weights": weights} for at, (movie, weights) in enumerate(WEIGHTS.items())
    ]
    write_table(tmp_path, "gold.ranking_weights", rows)
    lists = [
        {"user_id": 1, "rank": rank, "movie_id": movie, "title": title, "score": 1.0 / rank, "source": source}
        for rank, movie, title, source in [*LISTS, (3, 6, "=Ghost\x1b[31m", "popularity")]
    ]
    write_table(tmp_path, "gold.user_recommendations", lists)
    return LakehouseReader(tmp_path)


def test_a_reason_adds_how_much_its_movie_was_liked_times_its_weight(ranked: LakehouseReader) -> None:
    assert reasons_for(ranked, 1, [3]) == {
        3: [
            Reason(1, "Toy Story (1995)", 4.5, 1.0 * 0.25),
            Reason(5, "City of Lost Children, The (Cité des enfants perdus, La) (1995)", 4.0, 0.75 * -0.125),
        ]
    }


def test_a_movie_outside_the_catalogue_has_no_reasons(ranked: LakehouseReader) -> None:
    assert reasons_for(ranked, 1, [4]) == {}


def test_a_list_tells_the_reasons_that_add_most(ranked: LakehouseReader) -> None:
    answer = with_reasons(ranked, 1, recommended_movies(ranked, 1), n_reasons=1)
    assert answer.columns[-1] == "because"
    assert [row[-1] for row in answer] == [
        [{"movie_id": 1, "title": "Toy Story (1995)", "rating": 4.5, "adds": 0.25}],
        [],
        [],
    ]


def test_a_list_by_predicted_rating_has_no_reasons_and_needs_no_ranking_model(reader: LakehouseReader) -> None:
    assert [row[-1] for row in with_reasons(reader, 2, recommended_movies(reader, 2))] == [[], []]
