"""similarity: the nearest movies of every movie by their factors."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from movie_lakehouse.gold.similarity import nearest_movies
from movie_lakehouse.job.context import Context
from movie_lakehouse.job.task import Rows, Task
from movie_lakehouse.lakehouse.materialise import materialised
from movie_lakehouse.lakehouse.tables import gold, silver

READS = (gold.MOVIE_FACTORS.name, silver.RATINGS.name)
TABLE = gold.MOVIE_SIMILARITY.name


def run(context: Context) -> Rows:
    """Find the neighbours, judge them and publish them."""
    factors, ratings = (context.store.read(name) for name in READS)
    n_ratings = ratings.groupBy("movie_id").agg(F.count(F.lit(1)).alias("n_ratings"))
    support = n_ratings if context.settings.similarity == "supported" else None
    neighbours = nearest_movies(factors, context.settings.n_neighbours, n_ratings=support)
    with materialised(with_source(neighbours, n_ratings)) as held:
        context.audit({TABLE: held})
        context.store.replace(TABLE, held)
        return {TABLE: held.count()}


def with_source(neighbours: DataFrame, n_ratings: DataFrame) -> DataFrame:
    """Say of every movie whether ratings speak for its neighbours, or only its content, for want of any."""
    rated = n_ratings.select("movie_id", F.lit("ratings").alias("source"))
    joined = neighbours.join(rated, on="movie_id", how="left")
    return joined.withColumn("source", F.coalesce("source", F.lit("content")))


similarity = Task("similarity", run, reads=READS, writes=(TABLE,), settings=("similarity", "n_neighbours"))
