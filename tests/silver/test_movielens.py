"""What is known of MovieLens latest-small, read and judged from its CSV files."""

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from movie_lakehouse.bronze.files import checked_columns
from movie_lakehouse.bronze.read import read_batch
from movie_lakehouse.lakehouse.materialise import materialised
from movie_lakehouse.silver.derive import movie_genres, rating_genres, with_unrated_flag
from movie_lakehouse.silver.judge import good_rows, is_good
from movie_lakehouse.silver.tables import judge, judge_movies
from movie_lakehouse.sources import find_source_files

pytestmark = [
    pytest.mark.movielens,
    pytest.mark.skipif("MOVIELENS_DIR" not in os.environ, reason="MOVIELENS_DIR names no folder of MovieLens files"),
]
Judged = Mapping[str, DataFrame]


@pytest.fixture(scope="module")
def judged(spark: SparkSession) -> Iterator[Judged]:
    """The four tables as they were judged, held for the tests of this module."""
    files = find_source_files(Path(os.environ["MOVIELENS_DIR"]))
    now = datetime.now(UTC)
    bronze = {
        table: read_batch(spark, {file: checked_columns(file) for file in found}, "b1", now)
        for table, found in files.items()
    }
    with ExitStack() as stack:

        def hold(frame: DataFrame) -> DataFrame:
            return stack.enter_context(materialised(frame))

        movies = hold(judge_movies(bronze["movies"]))
        others = ("ratings", "tags", "links")
        yield {"movies": movies} | {table: hold(judge(table, bronze[table], good_rows(movies))) for table in others}


def test_every_row_is_good(judged: Judged) -> None:
    counts = {table: frame.agg(F.count("*"), F.count_if(~is_good())).first() for table, frame in judged.items()}

    assert counts == {"movies": (9_742, 0), "ratings": (100_836, 0), "tags": (3_683, 0), "links": (9_742, 0)}


def test_the_movies_are_those_that_are_known(judged: Judged) -> None:
    movies = with_unrated_flag(good_rows(judged["movies"]), good_rows(judged["ratings"]))

    assert movies.agg(
        F.count_if("is_unrated").alias("unrated"),
        F.count_if(F.col("release_year").isNull()).alias("without_year"),
        F.count_if(F.size("genres") == 0).alias("without_genre"),
        (F.count("*") - F.count_distinct("title")).alias("shared_titles"),
        F.sum(F.size("genres")).alias("genre_pairs"),
        F.size(F.array_distinct(F.flatten(F.collect_set("genres")))).alias("genres"),
    ).first() == (18, 13, 34, 5, 22_050, 19)


def test_the_ratings_are_those_of_610_users_and_274_433_by_genre(judged: Judged) -> None:
    ratings = good_rows(judged["ratings"])
    by_genre = rating_genres(ratings, movie_genres(good_rows(judged["movies"])))

    assert ratings.agg(F.count_distinct("user_id")).first() == (610,)
    assert by_genre.count() == 274_433


def test_eight_links_have_no_tmdb_id(judged: Judged) -> None:
    assert good_rows(judged["links"]).where(F.col("tmdb_id").isNull()).count() == 8
