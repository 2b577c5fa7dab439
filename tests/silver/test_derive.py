from datetime import UTC, datetime, timedelta

from chispa import assert_df_equality
from pyspark.sql import SparkSession

from movie_lakehouse.silver.derive import movie_genres, rating_genres, stamped, with_unrated_flag
from support.frames import ARRIVAL, sound_row, table_frame

QUARANTINE = "silver.quarantine"


def test_a_movie_is_unrated_if_no_rating_has_it(spark: SparkSession) -> None:
    movies = spark.createDataFrame([(1, "rated"), (2, "unrated")], "movie_id INT, title STRING")
    ratings = spark.createDataFrame([(1, 1), (2, 1), (2, 3)], "user_id INT, movie_id INT")

    expected = spark.createDataFrame(
        [(1, "rated", False), (2, "unrated", True)], "movie_id INT, title STRING, is_unrated BOOLEAN"
    )
    assert_df_equality(with_unrated_flag(movies, ratings), expected, ignore_row_order=True, ignore_nullable=True)


def test_movies_and_ratings_are_exploded_by_genre(spark: SparkSession) -> None:
    movies = spark.createDataFrame([(1, ["War", "Drama"]), (2, [])], "movie_id INT, genres ARRAY<STRING>")
    ratings = table_frame(
        spark,
        "silver.ratings",
        [{"user_id": 7, "movie_id": movie, "rating": 4.0, "rated_at": ARRIVAL} for movie in (1, 2)],
    )

    exploded = rating_genres(ratings, movie_genres(movies))

    expected = table_frame(
        spark,
        "silver.rating_genres",
        [
            {"user_id": 7, "movie_id": 1, "genre": genre, "rating": 4.0, "rated_at": ARRIVAL}
            for genre in ("Drama", "War")
        ],
    )
    assert_df_equality(exploded, expected, ignore_row_order=True, ignore_nullable=True)


def test_a_quarantined_row_keeps_the_time_when_it_first_came_for_its_reasons(spark: SparkSession) -> None:
    now = datetime(2021, 1, 1, tzinfo=UTC)
    old = sound_row(QUARANTINE, record="known", reasons=["orphan"], quarantined_at=ARRIVAL)
    again = old | {"quarantined_at": ARRIVAL + timedelta(days=1)}
    before = table_frame(spark, QUARANTINE, [old, again])
    quarantined = table_frame(
        spark,
        QUARANTINE,
        [old, old | {"reasons": ["not_a_number", "orphan"]}, old | {"record": "new"}, old | {"_batch_id": "other"}],
    ).drop("quarantined_at")

    found = stamped(quarantined, before, now).collect()

    times = {(row["record"], len(row["reasons"]), row["_batch_id"]): row["quarantined_at"] for row in found}
    assert len(found) == 4
    assert {key: time.astimezone(UTC) for key, time in times.items()} == {
        ("known", 1, "1"): ARRIVAL,
        ("known", 2, "1"): now,
        ("new", 1, "1"): now,
        ("known", 1, "other"): now,
    }
