"""The nearest movies through Spark, as the job finds them and by a cross join, table written.

    python -m benchmarks.similarity [--movies 10000] [--rank 20] [--rounds 5] [--share 10]

Both read the same factors in one session and write a Delta table of the 50 nearest of every movie by cosine. The
session is opened before; the first round, which a cold JVM takes longer for, is told apart. The cross join is done
once, in the warm session, for a share of the movies against all, and its seconds are given for all of them, in
proportion. Seconds go to standard output as JSON.
"""

import json
import tempfile
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from benchmarks.options import sizes_asked
from benchmarks.topk import seconds, unit_vectors
from movie_lakehouse.gold.similarity import nearest_movies
from movie_lakehouse.gold.topk import Float32s
from movie_lakehouse.lakehouse.place import place_of
from movie_lakehouse.lakehouse.session import open_session
from movie_lakehouse.lakehouse.store import Store
from movie_lakehouse.lakehouse.tables import gold

N_NEIGHBOURS = 50


def written_factors(vectors: Float32s, key: str, file: Path) -> str:
    """The vectors as a Parquet file of ids from 1 and factors; its path."""
    lists = pa.ListArray.from_arrays(
        pa.array(range(0, vectors.size + 1, vectors.shape[1]), pa.int32()), pa.array(vectors.ravel())
    )
    ids = pa.array(range(1, len(vectors) + 1), pa.int32())
    pq.write_table(pa.table({key: ids, "factors": lists}), file)
    return str(file)


def write_nearest(store: Store, factors: DataFrame) -> None:
    """As the task `similarity` does it, plain cosines."""
    nearest = nearest_movies(factors, N_NEIGHBOURS)
    store.replace(gold.MOVIE_SIMILARITY.name, nearest.withColumn("source", F.lit("ratings")))


def write_cross_join(factors: DataFrame, n_movies: int, folder: str) -> None:
    """As one writes it first: every pair's cosine, and a window that ranks them; for the first so many movies."""
    unit = factors.select("movie_id", _scaled(F.col("factors")).alias("x"))
    others = unit.select(F.col("movie_id").alias("similar_movie_id"), F.col("x").alias("y"))
    pairs = unit.where(F.col("movie_id") <= n_movies).crossJoin(others).where("movie_id <> similar_movie_id")
    cosines = pairs.select("movie_id", "similar_movie_id", _dot("x", "y").alias("similarity"))
    nearest_first = Window.partitionBy("movie_id").orderBy(F.desc("similarity"), "similar_movie_id")
    ranked = cosines.withColumn("rank", F.row_number().over(nearest_first)).where(F.col("rank") <= N_NEIGHBOURS)
    ranked.write.format("delta").mode("overwrite").save(folder)


def _scaled(factors: Column) -> Column:
    """The array at length 1."""
    length = F.sqrt(F.aggregate(factors, F.lit(0.0), lambda total, x: total + x * x))
    return F.transform(factors, lambda x: x / length)


def _dot(one: str, other: str) -> Column:
    """The dot product of two arrays."""
    products = F.zip_with(one, other, lambda x, y: x * y)
    return F.aggregate(products, F.lit(0.0), lambda total, product: total + product)


def main() -> None:
    """Write the table some times over, and once by the cross join."""
    asked = sizes_asked(__doc__, movies=10_000, rank=20, rounds=5, share=10)
    spark = open_session()
    with tempfile.TemporaryDirectory() as scratch:
        vectors = unit_vectors(asked.movies, asked.rank)
        factors = spark.read.parquet(written_factors(vectors, "movie_id", Path(scratch) / "factors.parquet"))
        ours = partial(write_nearest, Store(lambda: spark, place_of(f"{scratch}/lakehouse")), factors)
        first, *others = [seconds(ours) for _ in range(asked.rounds + 1)]
        some = asked.movies // asked.share
        cross_join = round(seconds(partial(write_cross_join, factors, some, f"{scratch}/cross_join")) * asked.share, 3)
    rounds = [{"ours": each} for each in others]
    print(json.dumps({"first": first, "rounds": rounds, "cross_join": cross_join, "share": asked.share}))


if __name__ == "__main__":
    main()
