"""summarise: what the data set holds, by genre, by movie and as a whole."""

from movie_lakehouse.gold.summaries import dataset_summary, genre_summary, movie_popularity, movies_by_genre
from movie_lakehouse.job.context import Context
from movie_lakehouse.job.task import Rows, Task
from movie_lakehouse.lakehouse.materialise import holding
from movie_lakehouse.lakehouse.tables import gold, silver

READS = (
    silver.MOVIES.name,
    silver.MOVIE_GENRES.name,
    silver.RATINGS.name,
    silver.RATING_GENRES.name,
    silver.TAGS.name,
)
TABLES = (
    gold.DATASET_SUMMARY.name,
    gold.GENRE_SUMMARY.name,
    gold.MOVIES_BY_GENRE.name,
    gold.MOVIE_POPULARITY.name,
)


def run(context: Context) -> Rows:
    """Sum up, judge and publish."""
    movies, genres, ratings, ratings_by_genre, tags = (context.store.read(name) for name in READS)
    frames = {
        gold.DATASET_SUMMARY.name: dataset_summary(movies, ratings, tags),
        gold.GENRE_SUMMARY.name: genre_summary(movies, genres, ratings_by_genre),
        gold.MOVIES_BY_GENRE.name: movies_by_genre(movies, genres),
        gold.MOVIE_POPULARITY.name: movie_popularity(movies, ratings),
    }
    with holding() as hold:
        held = {name: hold(frame) for name, frame in frames.items()}
        return context.audit_and_publish(held, context.store.replace)


summarise = Task("summarise", run, reads=READS, writes=TABLES)
