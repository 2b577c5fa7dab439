"""Silver tables that follow from others, and the form of quarantine."""

from datetime import datetime

from pyspark.sql import DataFrame
from pyspark.sql import functions as F


def with_unrated_flag(movies: DataFrame, ratings: DataFrame) -> DataFrame:
    """Add ``is_unrated``: whether no row of ``ratings`` has the movie."""
    rated = ratings.select("movie_id").distinct().withColumn("_is_rated", F.lit(True))
    return (
        movies.join(rated, "movie_id", "left")
        .withColumn("is_unrated", F.col("_is_rated").isNull())
        .select(*movies.columns, "is_unrated")
    )


def movie_genres(movies: DataFrame) -> DataFrame:
    """Explode movies by genre: movie_id, genre; a movie without genres has no row."""
    return movies.select("movie_id", F.explode("genres").alias("genre"))


def rating_genres(ratings: DataFrame, genres: DataFrame) -> DataFrame:
    """Explode ratings by their movie's genres: user_id, movie_id, genre, rating, rated_at."""
    return ratings.join(genres, "movie_id", "inner").select("user_id", "movie_id", "genre", "rating", "rated_at")


def stamped(quarantined: DataFrame, before: DataFrame, now: datetime) -> DataFrame:
    """Add ``quarantined_at``: when a row was first quarantined for these reasons, which for new rows is now.

    Args:
        quarantined: source_table, reasons, record, _source_file, _batch_id.
        before: silver.quarantine as it stands.
        now: the time of this run (UTC).
    """
    identity = ["source_table", "_batch_id", "_source_file", "record", "reasons"]
    known = before.groupBy(*identity).agg(F.min("quarantined_at").alias("quarantined_at"))
    return quarantined.join(known, identity, "left").withColumn(
        "quarantined_at", F.coalesce("quarantined_at", F.lit(now))
    )
