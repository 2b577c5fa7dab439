"""Recommendations for all users: the project's, through Spark and without, beside a bare product and Spark's own.

    python -m benchmarks.recommendations [--users 160000] [--movies 60000] [--rank 64] [--seen 156] [--rounds 3]

All score the same random factors and take turns in one process. `spark` is what the job calls to order lists by stars:
factors and what is seen are read from Parquet, ten unseen movies a user computed, nothing written. `kernel` is the same
without Spark, `product` the bare matrix product, two threads each. Spark's recommendForAllUsers cannot leave out what
is seen; it is asked once, after the others have warmed the session, for a share of the users, and its seconds are given
for all of them, in proportion. The first time through Spark is told apart. Seconds go to standard output as JSON.
"""

import argparse
import json
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.ml.recommendation import ALS, ALSModel
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from benchmarks.options import sizes_asked
from benchmarks.similarity import written_factors
from benchmarks.topk import in_threads, kernel, product, seconds, seen_by, unit_vectors
from movie_lakehouse.gold.recommendations import best_movies
from movie_lakehouse.gold.topk import Exclusions
from movie_lakehouse.lakehouse.session import open_session

K = 10
THREADS = 2


def computed(frame: DataFrame) -> None:
    """Compute all rows and columns, and write nothing."""
    frame.write.format("noop").mode("overwrite").save()


def written_seen(seen: Exclusions, file: Path) -> str:
    """What users have seen as a Parquet file of pairs, each once; its path."""
    starts, items = seen
    users = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    pairs = np.unique(users * (items.max() + 1) + items)
    user, movie = np.divmod(pairs, items.max() + 1)
    columns = {"user_id": (user + 1).astype(np.int32), "movie_id": (movie + 1).astype(np.int32)}
    pq.write_table(pa.table(columns), file)
    return str(file)


def model_of_spark(users: DataFrame, movies: DataFrame, rank: int, folder: str) -> ALSModel:
    """A model of Spark's with these factors: one fitted to a single rating, saved, its factors exchanged."""
    rating = users.sparkSession.createDataFrame([(1, 1, 5.0)], "user INT, item INT, rating DOUBLE")
    ALS(rank=rank, maxIter=1).fit(rating).write().save(folder)
    for frame, key, side in ((users, "user_id", "userFactors"), (movies, "movie_id", "itemFactors")):
        factors = frame.select(F.col(key).alias("id"), F.col("factors").alias("features"))
        factors.write.mode("overwrite").parquet(f"{folder}/{side}")
    return ALSModel.load(folder)


def ways(spark: SparkSession, asked: argparse.Namespace, scratch: Path) -> dict[str, Callable[[], object]]:
    """What takes turns, by name."""
    of_users, of_movies = unit_vectors(asked.users, asked.rank), unit_vectors(asked.movies, asked.rank, seed=1)
    seen = seen_by(asked.users, asked.movies, asked.seen)
    users = spark.read.parquet(written_factors(of_users, "user_id", scratch / "users.parquet"))
    movies = spark.read.parquet(written_factors(of_movies, "movie_id", scratch / "movies.parquet"))
    pairs = spark.read.parquet(written_seen(seen, scratch / "seen.parquet"))
    some = users.where(F.col("user_id") <= asked.users // asked.share)
    model = model_of_spark(some, movies, asked.rank, str(scratch / "model"))
    return {
        "product": partial(in_threads, THREADS, partial(product, of_users, of_movies), asked.users),
        "kernel": partial(in_threads, THREADS, partial(kernel, of_users, of_movies, K, seen), asked.users),
        "spark": lambda: computed(best_movies(users, movies, pairs, K)),
        "all_users": lambda: computed(model.recommendForAllUsers(K)),
    }


def main() -> None:
    """Time every way in turn, several times over, and Spark's own once."""
    asked = sizes_asked(__doc__, users=160_000, movies=60_000, rank=64, seen=156, rounds=3, share=10)
    spark = open_session()
    with tempfile.TemporaryDirectory() as scratch:
        timed = ways(spark, asked, Path(scratch))
        of_spark = timed.pop("all_users")
        first = seconds(timed["spark"])
        rounds = [{name: seconds(way) for name, way in timed.items()} for _ in range(asked.rounds)]
        all_users = round(seconds(of_spark) * asked.share, 3)
    print(json.dumps({"first": first, "rounds": rounds, "all_users": all_users, "share": asked.share}))


if __name__ == "__main__":
    main()
