"""Silver as all of bronze says it should be: what silver means, and how it is made where nothing can be built upon."""

from collections.abc import Mapping
from datetime import datetime
from functools import reduce

from pyspark.sql import DataFrame

from movie_lakehouse.lakehouse.materialise import Hold
from movie_lakehouse.silver.derive import movie_genres, rating_genres, stamped, with_unrated_flag
from movie_lakehouse.silver.judge import good_rows, quarantined_rows, with_needed_records
from movie_lakehouse.silver.tables import judge, judge_movies


def silver_tables(
    bronze: Mapping[str, DataFrame], quarantine: DataFrame, now: datetime, hold: Hold
) -> dict[str, DataFrame]:
    """Judge all of bronze.

    Args:
        bronze: the four bronze tables, by names without their layer, as all names here.
        quarantine: silver.quarantine as it stands: it knows since when rows have been there.
        now: the time of this run (UTC).
        hold: keeps frames that are read several times.

    Returns:
        Every silver table, held.
    """
    movies = hold(with_needed_records(judge_movies(bronze["movies"])))
    good_movies = good_rows(movies)
    judged = {"movies": movies}
    for source in ("ratings", "tags", "links"):
        judged[source] = hold(with_needed_records(judge(source, bronze[source], good_movies)))
    # Held before anything is made of them: what is planned earlier reads the wider frames of all that was judged.
    ratings, genres = hold(good_rows(judged["ratings"])), hold(movie_genres(good_movies))
    quarantined = [quarantined_rows(rows, source) for source, rows in judged.items()]
    return {
        "movies": hold(with_unrated_flag(good_movies, ratings)),
        "movie_genres": genres,
        "ratings": ratings,
        "rating_genres": hold(rating_genres(ratings, genres)),
        "tags": hold(good_rows(judged["tags"])),
        "links": hold(good_rows(judged["links"])),
        "quarantine": hold(stamped(reduce(DataFrame.unionByName, quarantined), quarantine, now)),
    }
