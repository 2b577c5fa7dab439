"""The source tables judged: what each column must be."""

from typing import Final

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from movie_lakehouse.scale import HIGHEST, LOWEST
from movie_lakehouse.silver import parse, reasons
from movie_lakehouse.silver.judge import judged, latest_by_key, without_orphans

Faults = list[tuple[str, Column]]

KEYS: Final = {
    "movies": {"movie_id": "movieId"},
    "ratings": {"user_id": "userId", "movie_id": "movieId"},
    "tags": {"user_id": "userId", "movie_id": "movieId", "tag": "tag"},
    "links": {"movie_id": "movieId"},
}
"""The key of each table's good rows, and the bronze column that each part of it is read from."""


def judge(source: str, bronze: DataFrame, movies: DataFrame) -> DataFrame:
    """Judge a bronze table by its name; only movies are judged without regard to which ``movies`` are good."""
    if source == "movies":
        return judge_movies(bronze)
    return {"ratings": judge_ratings, "tags": judge_tags, "links": judge_links}[source](bronze, movies)


def judge_movies(bronze: DataFrame) -> DataFrame:
    """Judge bronze.movies: movie_id, title, release_year, genres, and the provenance of each row."""
    values = {
        "movie_id": parse.id_number("movieId"),
        "title": parse.trimmed(F.col("title")),
        "release_year": parse.release_year("title"),
        "genres": parse.genre_list("genres"),
    }
    faults = [*_id_faults("movieId"), (reasons.MISSING_VALUE, parse.is_invisible("title"))]
    return latest_by_key(judged(bronze, values, faults), list(KEYS["movies"]), [])


def judge_ratings(bronze: DataFrame, movies: DataFrame) -> DataFrame:
    """Judge bronze.ratings: user_id, movie_id, rating, rated_at, and the provenance of each row.

    Args:
        bronze: bronze.ratings.
        movies: movie_id of the movies that are good.
    """
    values = {
        "user_id": parse.id_number("userId"),
        "movie_id": parse.id_number("movieId"),
        "rating": parse.decimal("rating"),
        "rated_at": parse.instant("timestamp"),
    }
    faults = _id_faults("userId") + _id_faults("movieId") + _rating_faults() + _timestamp_faults()
    rows = without_orphans(judged(bronze, values, faults), movies)
    return latest_by_key(rows, list(KEYS["ratings"]), ["rated_at"])


def judge_tags(bronze: DataFrame, movies: DataFrame) -> DataFrame:
    """Judge bronze.tags: user_id, movie_id, tag, tagged_at, and the provenance of each row."""
    values = {
        "user_id": parse.id_number("userId"),
        "movie_id": parse.id_number("movieId"),
        "tag": parse.trimmed(F.col("tag")),
        "tagged_at": parse.instant("timestamp"),
    }
    blank_tag = [(reasons.MISSING_VALUE, parse.is_invisible("tag"))]
    faults = _id_faults("userId") + _id_faults("movieId") + blank_tag + _timestamp_faults()
    rows = without_orphans(judged(bronze, values, faults), movies)
    return latest_by_key(rows, list(KEYS["tags"]), ["tagged_at"])


def judge_links(bronze: DataFrame, movies: DataFrame) -> DataFrame:
    """Judge bronze.links: movie_id, imdb_id, tmdb_id, and the provenance of each row."""
    values = {
        "movie_id": parse.id_number("movieId"),
        "imdb_id": parse.trimmed(F.col("imdbId")),
        "tmdb_id": parse.id_number("tmdbId"),
    }
    faults = _id_faults("movieId") + _imdb_faults() + _optional_id_faults("tmdbId")
    rows = without_orphans(judged(bronze, values, faults), movies)
    return latest_by_key(rows, list(KEYS["links"]), [])


def _id_faults(column: str) -> Faults:
    """What can be wrong with an id that must be there."""
    return [(reasons.MISSING_VALUE, parse.is_blank(column)), *_optional_id_faults(column)]


def _optional_id_faults(column: str) -> Faults:
    """What can be wrong with an id that may be empty."""
    return [
        (reasons.NOT_A_NUMBER, ~parse.is_blank(column) & ~parse.is_whole_number(column)),
        (reasons.ID_OUT_OF_RANGE, parse.is_too_large(column)),
        (reasons.ID_NOT_POSITIVE, parse.is_not_positive(column)),
    ]


def _imdb_faults() -> Faults:
    """What can be wrong with an IMDb number, which is digits of any length."""
    digits = F.coalesce(parse.trimmed(F.col("imdbId")).rlike(r"^[0-9]+\z"), F.lit(False))
    return [
        (reasons.MISSING_VALUE, parse.is_blank("imdbId")),
        (reasons.NOT_A_NUMBER, ~parse.is_blank("imdbId") & ~digits),
    ]


def _rating_faults() -> Faults:
    """What can be wrong with a rating."""
    stars = parse.decimal("rating")
    in_range = F.coalesce(stars.between(LOWEST, HIGHEST), F.lit(False))
    on_grid = F.coalesce(stars * 2 == F.floor(stars * 2), F.lit(False))
    return [
        (reasons.MISSING_VALUE, parse.is_blank("rating")),
        (reasons.NOT_A_NUMBER, ~parse.is_blank("rating") & ~parse.is_decimal("rating")),
        (reasons.RATING_OUT_OF_RANGE, parse.is_decimal("rating") & ~in_range),
        (reasons.RATING_OFF_GRID, in_range & ~on_grid),
    ]


def _timestamp_faults() -> Faults:
    """What can be wrong with a time; the future begins when the row's batch arrived."""
    return [
        (reasons.TIMESTAMP_MISSING, parse.is_blank("timestamp")),
        (reasons.NOT_A_NUMBER, ~parse.is_blank("timestamp") & ~parse.is_whole_number("timestamp")),
        (reasons.TIMESTAMP_NEGATIVE, parse.is_negative_time("timestamp")),
        (reasons.TIMESTAMP_IN_FUTURE, parse.is_later_than("timestamp", "_ingested_at")),
    ]
