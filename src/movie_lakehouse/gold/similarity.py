"""Which movies are alike: cosines of their factors."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from movie_lakehouse.gold.blocks import DEFAULT_BLOCKS, BlockBytes, top_pairs
from movie_lakehouse.gold.vectors import unit_vectors


def nearest_movies(movie_factors: DataFrame, k: int, *, block_bytes: BlockBytes = DEFAULT_BLOCKS) -> DataFrame:
    """Give every movie its k nearest by the cosine of their factors, never itself, ties by the lower movie number.

    A movie whose factors are all zero points nowhere: it has no neighbours and is nobody's.

    Args:
        movie_factors: movie_id int, factors array<float>.
        k: neighbours a movie.
        block_bytes: how the product is cut.

    Returns:
        movie_id int, rank int (1 is the nearest), similar_movie_id int, similarity double (-1 to 1).

    Raises:
        TableError: factors differ in number, or one is null or not finite.
    """
    movies = movie_factors.where(_points_somewhere(F.col("factors"))).select(
        F.col("movie_id").alias("id"), F.lit(0).cast("float").alias("bias"), "factors"
    )
    pairs = top_pairs(
        movies,
        movies,
        k,
        excluded=None,
        query_vectors=unit_vectors,
        item_vectors=unit_vectors,
        block_bytes=block_bytes,
    )
    return pairs.select(
        F.col("query_id").alias("movie_id"),
        "rank",
        F.col("item_id").alias("similar_movie_id"),
        # Rounding can take the cosine of parallel factors past 1.
        F.greatest(F.lit(-1.0), F.least(F.lit(1.0), "score")).alias("similarity"),
    )


def _points_somewhere(factors: Column) -> Column:
    """Whether a factor is not zero; factors that are no numbers pass, to be refused where they are multiplied."""
    return F.coalesce((F.array_min(factors) != 0) | (F.array_max(factors) != 0), F.lit(True))
