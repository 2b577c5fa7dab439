"""similarity: the nearest movies of every movie by their factors, and by tags where nobody rated it."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from movie_lakehouse.gold.content import with_tags_of_unrated
from movie_lakehouse.gold.similarity import nearest_movies, with_support
from movie_lakehouse.job.context import Context
from movie_lakehouse.job.task import Rows, Task
from movie_lakehouse.lakehouse.materialise import holding
from movie_lakehouse.lakehouse.tables import gold, silver

READS = (gold.MOVIE_FACTORS.name, silver.RATINGS.name, silver.TAGS.name)
TABLE = gold.MOVIE_SIMILARITY.name


def run(context: Context) -> Rows:
    """Find the neighbours, judge them and publish them."""
    factors, ratings, tags = (context.store.read(name) for name in READS)
    k = context.settings.n_neighbours
    with holding() as hold:
        n_ratings = hold(ratings.groupBy("movie_id").agg(F.count(F.lit(1)).alias("n_ratings")))
        support = n_ratings if context.settings.similarity == "supported" else None
        nearest = hold(nearest_movies(factors, k, n_ratings=support))
        neighbours = with_tags_of_unrated(nearest, with_support(factors, support), tags, n_ratings, k)
        held = hold(with_source(neighbours, n_ratings))
        return context.audit_and_publish({TABLE: held}, context.store.replace)


def with_source(neighbours: DataFrame, n_ratings: DataFrame) -> DataFrame:
    """Say of every movie whether ratings speak for its neighbours, or only its content, for want of any."""
    rated = n_ratings.select("movie_id", F.lit("ratings").alias("source"))
    joined = neighbours.join(rated, on="movie_id", how="left")
    return joined.withColumn("source", F.coalesce("source", F.lit("content")))


similarity = Task("similarity", run, reads=READS, writes=(TABLE,), settings=("similarity", "n_neighbours"))
