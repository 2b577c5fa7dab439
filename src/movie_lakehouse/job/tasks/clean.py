"""clean: bronze rows are typed, judged and keyed into silver; every row that is not good goes to quarantine."""

from functools import reduce

from pyspark.sql import DataFrame

from movie_lakehouse.job.context import Context
from movie_lakehouse.job.task import Rows, Task
from movie_lakehouse.job.tasks.ingest import TABLES as BRONZE
from movie_lakehouse.lakehouse.materialise import Hold, holding
from movie_lakehouse.lakehouse.tables import silver
from movie_lakehouse.silver.derive import movie_genres, rating_genres, stamped, with_unrated_flag
from movie_lakehouse.silver.judge import good_rows, quarantined_rows, with_needed_records
from movie_lakehouse.silver.tables import judge_links, judge_movies, judge_ratings, judge_tags

QUARANTINE = silver.QUARANTINE.name
TABLES = tuple(table.name for table in silver.TABLES)


def run(context: Context) -> Rows:
    """Judge all of bronze and make silver hold the outcome, writing only rows that differ."""
    with holding() as hold:
        frames = silver_frames(context, hold)
        return context.audit_and_publish(frames, context.store.merge)


def silver_frames(context: Context, hold: Hold) -> dict[str, DataFrame]:
    """Every silver table as bronze says it should be, computed once."""
    bronze = {name.split(".")[1]: context.store.read(name) for name in BRONZE}
    movies = hold(with_needed_records(judge_movies(bronze["movies"])))
    good_movies = good_rows(movies)
    judged = {
        "movies": movies,
        "ratings": hold(with_needed_records(judge_ratings(bronze["ratings"], good_movies))),
        "tags": hold(with_needed_records(judge_tags(bronze["tags"], good_movies))),
        "links": hold(with_needed_records(judge_links(bronze["links"], good_movies))),
    }
    # Held before anything is made of them: what is planned earlier reads the wider frames of all that was judged.
    ratings, genres = hold(good_rows(judged["ratings"])), hold(movie_genres(good_movies))
    quarantined = [quarantined_rows(rows, name) for name, rows in judged.items()]
    before = context.store.read_or_empty(QUARANTINE)
    return {
        silver.MOVIES.name: hold(with_unrated_flag(good_movies, ratings)),
        silver.MOVIE_GENRES.name: genres,
        silver.RATINGS.name: ratings,
        silver.RATING_GENRES.name: hold(rating_genres(ratings, genres)),
        silver.TAGS.name: hold(good_rows(judged["tags"])),
        silver.LINKS.name: hold(good_rows(judged["links"])),
        QUARANTINE: hold(stamped(reduce(DataFrame.unionByName, quarantined), before, context.now)),
    }


clean = Task("clean", run, reads=BRONZE, writes=TABLES)
