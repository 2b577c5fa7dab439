"""Which movies are alike: cosines of their factors, shrunk where few ratings speak for a neighbour."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from movie_lakehouse.gold.blocks import DEFAULT_BLOCKS, BlockBytes, top_pairs
from movie_lakehouse.gold.vectors import supported_unit_vectors, unit_vectors

RATINGS_IN_DOUBT = 25.0
"""Ratings at which a neighbour counts half: of the values tried on latest-small the one whose neighbours, weighted by
how seldom they are seen, people most often liked too."""


def nearest_movies(
    movie_factors: DataFrame,
    k: int,
    *,
    n_ratings: DataFrame | None = None,
    ratings_in_doubt: float = RATINGS_IN_DOUBT,
    block_bytes: BlockBytes = DEFAULT_BLOCKS,
) -> DataFrame:
    """Give every movie its k nearest, never itself, ties by the lower movie number.

    Nearness is the cosine of the factors, times n / (n + ratings_in_doubt) for a neighbour of n ratings where their
    numbers are given: factors of a movie that two people rated are near those of anything.

    A movie whose factors are all zero points nowhere: it has no neighbours and is nobody's.

    Args:
        movie_factors: movie_id int, factors array<float>.
        k: neighbours a movie.
        n_ratings: movie_id, n_ratings; a movie that it lacks has none. None for plain cosines.
        ratings_in_doubt: ratings at which a neighbour counts half.
        block_bytes: how the product is cut.

    Returns:
        movie_id int, rank int (1 is the nearest), similar_movie_id int, similarity double (-1 to 1).

    Raises:
        TableError: factors differ in number, or one is null or not finite.
    """
    supports = with_support(movie_factors, n_ratings, ratings_in_doubt)
    movies = supports.where(_points_somewhere(F.col("factors"))).select(
        F.col("movie_id").alias("id"), F.col("support").cast("float").alias("bias"), "factors"
    )
    pairs = top_pairs(
        movies,
        movies,
        k,
        excluded=movies.select("id", F.col("id").alias("item_id")),
        query_vectors=unit_vectors,
        item_vectors=supported_unit_vectors,
        block_bytes=block_bytes,
    )
    return pairs.select(
        F.col("query_id").alias("movie_id"),
        "rank",
        F.col("item_id").alias("similar_movie_id"),
        # Rounding can take the cosine of parallel factors past 1.
        F.greatest(F.lit(-1.0), F.least(F.lit(1.0), "score")).alias("similarity"),
    )


def with_support(
    movie_factors: DataFrame, n_ratings: DataFrame | None, ratings_in_doubt: float = RATINGS_IN_DOUBT
) -> DataFrame:
    """The movies with their support, 0 to 1: how much of a cosine counts."""
    if n_ratings is None:
        return movie_factors.withColumn("support", F.lit(1.0))
    joined = movie_factors.join(n_ratings, on="movie_id", how="left")
    n = F.coalesce("n_ratings", F.lit(0))
    return joined.withColumn("support", n / (n + F.lit(ratings_in_doubt)))


def _points_somewhere(factors: Column) -> Column:
    """Whether a factor is not zero; factors that are no numbers pass, to be refused where they are multiplied."""
    return F.coalesce((F.array_min(factors) != 0) | (F.array_max(factors) != 0), F.lit(True))
