"""New rows change silver to what judging all of bronze gives, and no more of it than they touch."""

from datetime import UTC

import pytest
from pyspark.sql import SparkSession

from silver.kept_silver import Day, Delivery, KeptSilver, assert_as_if_judged_whole
from support.frames import ARRIVAL

# All cases in one history, a user or a movie each, for a delivery costs as much as it has questions, not rows.
HISTORY: list[Delivery] = [
    {
        "movies": ["1,Ran (1985),War", "2,Heat (1995),Drama", "4,Kagemusha (1980),Drama|War"],
        "ratings": [
            *(f"{user},1,3.0,100" for user in (7, 20, 21, 22, 23)),
            *("7,4,1.0,100", "8,4,2.0,100"),
            *("30,3,4.0,100", "x,3,4.0,100"),
        ],
        "tags": ["30,3,fun,100"],
        "links": ["3,01,"],
    },
    {
        "movies": ["3,Tampopo (1985),Comedy", "4,Kagemusha (1980),Drama", "5,Dodeskaden (1970),"],
        "ratings": [
            *("9,1,5.0,200", "8,2,2.0,100"),
            *("020,1,5.0,200", "21,1,5.0,50", "22,1,3.5,100", "23,1,4.0,50"),
            *["24,1,3.0,100"] * 3,
        ],
    },
    {"ratings": ["22,1,3.0,100", "23,1,1.0,60", "24,1,1.0,200"]},
    {"movies": ["1,Ran (1985),War", "2,Heat (1995),Drama"], "ratings": ["7,1,3.0,100", "21,1,4.0,60"]},
    {"ratings": ["10,1,5.0,200"]},
]
pytestmark = pytest.mark.slow  # the history takes about six seconds a day


@pytest.fixture(scope="module")
def days(spark: SparkSession) -> list[Day]:
    """Silver after each day of the history."""
    kept = KeptSilver(spark)
    return [kept.deliver(delivery) for delivery in HISTORY]


@pytest.mark.parametrize("day", range(len(HISTORY)))
def test_every_day_silver_is_as_if_all_of_bronze_had_been_judged(days: list[Day], day: int) -> None:
    assert_as_if_judged_whole(days[day])


def test_a_rating_of_a_new_pair_is_added_with_its_genres(days: list[Day]) -> None:
    assert days[1].rows("ratings", "movie_id", "rating", user_id=9) == [(1, 5.0)]
    assert days[1].rows("rating_genres", "genre", "rating", user_id=9) == [("War", 5.0)]


def test_a_later_rating_of_a_known_pair_takes_its_place_and_the_old_one_is_quarantined(days: list[Day]) -> None:
    assert (
        days[1].rows("ratings", "rating", user_id=20) == days[1].rows("rating_genres", "rating", user_id=20) == [(5.0,)]
    )
    assert days[1].quarantined("20", "_batch_id", "reasons") == [("b1", ["superseded_by_update"])]


def test_an_earlier_rating_that_comes_later_is_quarantined_itself(days: list[Day]) -> None:
    assert days[1].rows("ratings", "rating", user_id=21) == [(3.0,)]
    assert days[1].quarantined("21", "_batch_id", "reasons") == [("b2", ["superseded_by_update"])]


def test_why_an_older_row_lost_is_told_anew_when_another_row_wins(days: list[Day]) -> None:
    of_each_day = [day.quarantined("22", "_batch_id", "reasons") for day in days[1:3]]
    assert of_each_day == [
        [("b1", ["superseded_by_update"])],
        [("b1", ["redelivered"]), ("b2", ["superseded_by_update"])],
    ]


def test_a_row_keeps_the_time_when_it_was_quarantined_while_its_reasons_stay(days: list[Day]) -> None:
    since = {
        batch: (at.astimezone(UTC).date() - ARRIVAL.date()).days
        for batch, at in days[2].quarantined("23", "_batch_id", "quarantined_at")
    }
    assert since == {"b2": 2, "b3": 3}


def test_rows_that_are_alike_in_a_file_are_each_counted(days: list[Day]) -> None:
    assert [day.quarantined("24", "reasons") for day in days[1:3]] == [
        [(["duplicate_key"],)] * 2,
        [(["superseded_by_update"],)] * 3,
    ]


def test_rows_without_a_movie_leave_quarantine_when_it_comes(days: list[Day]) -> None:
    assert days[0].quarantined("30", "reasons") == [(["orphan"],)] * 2
    assert days[1].quarantined("30", "reasons") == []
    for name in ("ratings", "tags", "links"):
        assert days[1].rows(name, "movie_id", movie_id=3) == [(3,)]
    assert days[1].rows("rating_genres", "genre", movie_id=3) == [("Comedy",)]


def test_a_row_without_a_movie_keeps_its_other_reasons_when_it_comes(days: list[Day]) -> None:
    assert [day.quarantined("x", "reasons") for day in days[:2]] == [
        [(["not_a_number", "orphan"],)],
        [(["not_a_number"],)],
    ]


def test_a_movie_whose_genres_change_takes_its_ratings_along(days: list[Day]) -> None:
    assert [day.rows("movie_genres", "genre", movie_id=4) for day in days[:2]] == [[("Drama",), ("War",)], [("Drama",)]]
    assert days[1].rows("rating_genres", "user_id", "genre", movie_id=4) == [(7, "Drama"), (8, "Drama")]


def test_a_movie_is_unrated_until_its_first_rating_comes(days: list[Day]) -> None:
    assert days[0].rows("movies", "movie_id", is_unrated=True) == [(2,)]
    assert days[1].rows("movies", "movie_id", is_unrated=True) == [(5,)]


def test_rows_that_come_again_change_nothing_but_quarantine(days: list[Day]) -> None:
    assert days[3].changed == {"quarantine"}
    assert days[3].quarantined("7", "_batch_id", "reasons") == [("b1", ["redelivered"])]


def test_a_delivery_changes_no_table_that_it_does_not_touch(days: list[Day]) -> None:
    assert days[4].changed == {"ratings", "rating_genres"}
