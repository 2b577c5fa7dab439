"""New rows change silver to what judging all of bronze gives, and no more of it than they touch."""

from collections.abc import Mapping

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from pyspark.sql import SparkSession

from movie_lakehouse.lakehouse.tables import table_named
from silver.kept_silver import NAMES, KeptSilver, in_order
from support.frames import ARRIVAL

WAR_AND_DRAMA = ["1,Ran (1985),War", "2,Heat (1995),Drama"]


def begun(spark: SparkSession) -> KeptSilver:
    """Two movies, of which one user has rated one."""
    return KeptSilver(spark).deliver(movies=WAR_AND_DRAMA, ratings=["7,1,3.0,100"])


def assert_as_if_judged_whole(kept: KeptSilver) -> None:
    whole = kept.judged_whole()
    for name in NAMES:
        columns = table_named(f"silver.{name}").column_names
        found, wanted = (
            [tuple(row[column] for column in columns) for row in rows] for rows in (kept.tables[name], whole[name])
        )
        assert in_order(found) == in_order(wanted), name


def reasons(kept: KeptSilver) -> list[tuple[str, list[str]]]:
    """Batch and reasons of the quarantined rows."""
    return kept.rows("quarantine", "_batch_id", "reasons")


def test_a_rating_of_a_new_pair_is_added_with_its_genres(spark: SparkSession) -> None:
    kept = begun(spark).deliver(ratings=["8,1,5.0,200"])

    assert kept.rows("ratings", "user_id", "movie_id", "rating") == [(7, 1, 3.0), (8, 1, 5.0)]
    assert kept.rows("rating_genres", "user_id", "genre") == [(7, "War"), (8, "War")]
    assert kept.changed == {"ratings", "rating_genres"}


def test_a_later_rating_of_a_known_pair_takes_its_place_and_the_old_one_is_quarantined(spark: SparkSession) -> None:
    kept = begun(spark).deliver(ratings=["07,1,5.0,200"])

    assert kept.rows("ratings", "user_id", "rating") == [(7, 5.0)]
    assert kept.rows("rating_genres", "user_id", "rating") == [(7, 5.0)]
    assert reasons(kept) == [("b1", ["superseded_by_update"])]


def test_an_earlier_rating_that_comes_later_is_quarantined_itself(spark: SparkSession) -> None:
    kept = begun(spark).deliver(ratings=["7,1,5.0,50"])

    assert reasons(kept) == [("b2", ["superseded_by_update"])]
    assert kept.changed == {"quarantine"}


def test_why_an_older_row_lost_is_told_anew_when_another_row_wins(spark: SparkSession) -> None:
    kept = begun(spark).deliver(ratings=["7,1,3.5,100"])
    assert reasons(kept) == [("b1", ["superseded_by_update"])]

    kept.deliver(ratings=["7,1,3.0,100"])

    assert reasons(kept) == [("b1", ["redelivered"]), ("b2", ["superseded_by_update"])]


def test_a_file_that_comes_again_leaves_silver_as_it_is_and_its_first_rows_redelivered(spark: SparkSession) -> None:
    kept = begun(spark).deliver(movies=WAR_AND_DRAMA, ratings=["7,1,3.0,100"])

    assert reasons(kept) == [("b1", ["redelivered"])] * 3
    assert kept.changed == {"quarantine"}


def test_rows_without_a_movie_leave_quarantine_when_it_comes(spark: SparkSession) -> None:
    kept = begun(spark).deliver(ratings=["7,3,4.0,100", "x,3,4.0,100"], tags=["7,3,fun,100"], links=["3,01,"])
    assert [found for _, found in reasons(kept)] == [["not_a_number", "orphan"], *[["orphan"]] * 3]

    kept.deliver(movies=["3,Tampopo (1985),Comedy"])

    assert reasons(kept) == [("b2", ["not_a_number"])]
    assert kept.rows("ratings", "user_id", "movie_id") == [(7, 1), (7, 3)]
    assert kept.rows("rating_genres", "movie_id", "genre") == [(1, "War"), (3, "Comedy")]
    assert kept.rows("tags", "movie_id") == kept.rows("links", "movie_id") == [(3,)]


def test_a_movie_whose_genres_change_takes_its_ratings_along(spark: SparkSession) -> None:
    kept = begun(spark).deliver(movies=["1,Ran (1985),Drama|War"])
    assert kept.rows("rating_genres", "movie_id", "genre") == [(1, "Drama"), (1, "War")]

    kept.deliver(movies=["1,Ran (1985),Drama"], ratings=["7,1,1.0,200", "8,1,2.0,200"])

    assert kept.rows("movie_genres", "movie_id", "genre") == [(1, "Drama"), (2, "Drama")]
    assert kept.rows("rating_genres", "user_id", "genre", "rating") == [(7, "Drama", 1.0), (8, "Drama", 2.0)]


def test_a_movie_is_unrated_until_its_first_rating_comes(spark: SparkSession) -> None:
    kept = begun(spark)
    assert kept.rows("movies", "movie_id", "is_unrated") == [(1, False), (2, True)]

    kept.deliver(ratings=["8,2,2.0,100"], movies=["1,Ran (1986),War", "3,Tampopo (1985),"])

    assert kept.rows("movies", "movie_id", "is_unrated") == [(1, False), (2, False), (3, True)]


def test_a_row_keeps_the_time_when_it_was_quarantined_while_its_reasons_stay(spark: SparkSession) -> None:
    kept = begun(spark).deliver(ratings=["7,1,4.0,50", "7,1,5.0,40"]).deliver(ratings=["7,1,1.0,60"])

    days = {
        (batch, (at.date() - ARRIVAL.date()).days)
        for batch, at in kept.rows("quarantine", "_batch_id", "quarantined_at")
    }
    assert days == {("b2", 2), ("b3", 3)}


def test_rows_that_are_alike_in_a_file_are_each_counted(spark: SparkSession) -> None:
    kept = begun(spark).deliver(ratings=["8,1,3.0,100"] * 3)
    assert reasons(kept) == [("b2", ["duplicate_key"])] * 2

    kept.deliver(ratings=["8,1,1.0,200"])

    assert reasons(kept) == [("b2", ["superseded_by_update"])] * 3


USERS = st.sampled_from(["1", "2", "3", "4", "5", "03", "x"])
MOVIES = st.sampled_from(["1", "2", "3", "4", "5", "6", "7", "8", "+2", "9.0", "0"])
TIMES = st.sampled_from([*"1234" * 3, ""])
LINES = {
    "movies": st.tuples(
        MOVIES, st.sampled_from(["A", "B", "B", ""]), st.sampled_from(["", "War", "War|Drama", "Drama"])
    ),
    "ratings": st.tuples(USERS, MOVIES, st.sampled_from(["1.0", "2.0", "3.5", "3.7"]), TIMES),
    "tags": st.tuples(USERS, MOVIES, st.sampled_from(["fun", " fun", "Fun", ""]), TIMES),
    "links": st.tuples(MOVIES, st.sampled_from(["01", "02", "x"]), st.sampled_from(["", "5", "6"])),
}
LENGTHS = {"movies": 4, "ratings": 40, "tags": 20, "links": 8}
DELIVERY = st.fixed_dictionaries(
    {
        source: st.lists(
            st.one_of(line.map(",".join), st.just("torn")) if source == "tags" else line.map(",".join),
            min_size=LENGTHS[source] // 4,
            max_size=LENGTHS[source],
        )
        for source, line in LINES.items()
    }
)


@settings(max_examples=3, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(st.lists(DELIVERY, min_size=3, max_size=3), st.data())
def test_whatever_comes_in_whatever_order_silver_is_as_if_judged_whole(
    spark: SparkSession, deliveries: list[Mapping[str, list[str]]], data: st.DataObject
) -> None:
    kept = KeptSilver(spark)
    for delivery in deliveries:
        kept.deliver(**delivery)
        assert_as_if_judged_whole(kept)
    kept.deliver(**data.draw(st.sampled_from(deliveries)))
    assert_as_if_judged_whole(kept)
