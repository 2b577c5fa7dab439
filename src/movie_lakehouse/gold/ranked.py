"""Lists ordered by the ranking model: what a user liked, and a little of what the user would rate it."""

from functools import partial
from typing import Final

import numpy as np
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from movie_lakehouse.gold.blocks import BlockBytes, best_of_pairs, top_pairs
from movie_lakehouse.gold.topk import Float32s
from movie_lakehouse.gold.vectors import movie_vectors, user_vectors
from movie_lakehouse.model.ranking.ease import RATING_WEIGHT
from movie_lakehouse.model.ranking.profiles import user_likings
from movie_lakehouse.model.ranking.weights import RankingModel

LONG_VECTORS: Final = BlockBytes(queries=2**23, items=2**26)
"""Vectors as long as the catalogue: the movies are one block of 36 MB, worth sending to some 700 users at a time."""


def ranked_lists(
    model: RankingModel,
    user_factors: DataFrame,
    movie_factors: DataFrame,
    seen: DataFrame,
    k: int,
    *,
    profiles: DataFrame,
    mean: float,
    rating_weight: float = RATING_WEIGHT,
) -> DataFrame:
    """Give every user the k best unseen movies by a ranking model and a little of the predicted rating.

    Args:
        model: what a liked movie adds to another's score.
        user_factors: user_id int, bias float, factors array<float>.
        movie_factors: movie_id int, bias float, factors array<float>.
        seen: user_id int, movie_id int: nothing of it is recommended.
        k: movies a user.
        profiles: what the users, each of them, have rated of the model's catalogue, as user_profiles gives it.
        mean: the mean rating that the biases are deviations from, in stars.
        rating_weight: what a predicted star counts.

    Returns:
        The lists, as best_ranked_movies gives them.
    """
    incoming = model.weights.select("movie_id", "incoming")
    return best_ranked_movies(
        user_factors,
        user_likings(profiles, model.n_movies),
        movie_factors.select("movie_id", "bias", "factors").join(incoming, "movie_id", "left"),
        seen,
        k,
        rating_weight=rating_weight,
        mean=mean,
    )


def best_ranked_movies(
    users: DataFrame,
    likings: DataFrame,
    movies: DataFrame,
    seen: DataFrame,
    k: int,
    *,
    rating_weight: float,
    mean: float = 0.0,
    block_bytes: BlockBytes = LONG_VECTORS,
) -> DataFrame:
    """Give every user the k unseen movies of highest ranking score, ties by the lower number.

    The score is X E + rating_weight * predicted rating: the sum of likings * weights over the movies that the user has
    rated, and mean + user bias + movie bias + user factors . movie factors in stars, unclipped. Movies outside the
    catalogue have the second part alone, and are multiplied apart in short vectors.

    Args:
        users: user_id int, bias float, factors array<float>.
        likings: user_id int, likings binary (float32 numbers, one for each movie of the catalogue): a row a user.
        movies: movie_id int, bias float, factors array<float>, incoming binary (as many float32 numbers; null outside
            the catalogue): what each liked movie adds to this one's score.
        seen: user_id int, movie_id int.
        k: movies a user; a user who has seen all but fewer gets fewer.
        rating_weight: what a predicted star counts.
        mean: the mean rating that the biases are deviations from, in stars.
        block_bytes: how the product is cut.

    Returns:
        user_id int, rank int (1..k without gaps or ties), movie_id int, score double.

    Raises:
        TableError: factors differ in number, or one is null or not finite.
    """
    queries = users.select(F.col("user_id").alias("id"), "bias", "factors")
    leading = likings.select(F.col("user_id").alias("id"), F.col("likings").alias("leading"))
    items = movies.select(F.col("movie_id").alias("id"), "bias", "factors", F.col("incoming").alias("leading"))

    def best_of(items: DataFrame, leading: DataFrame | None) -> DataFrame:
        return top_pairs(
            queries,
            items,
            k,
            excluded=seen.select(F.col("user_id").alias("id"), F.col("movie_id").alias("item_id")),
            query_vectors=partial(user_vectors, mean=mean),
            item_vectors=partial(weighted_movie_vectors, rating_weight=rating_weight),
            block_bytes=block_bytes,
            leading=leading,
        )

    within = best_of(items.where("leading IS NOT NULL"), leading)
    outside = best_of(items.where("leading IS NULL").drop("leading"), None)
    best = best_of_pairs(within.unionByName(outside), k)
    return best.select(F.col("query_id").alias("user_id"), "rank", F.col("item_id").alias("movie_id"), "score")


def weighted_movie_vectors(factors: Float32s, biases: Float32s, rating_weight: float) -> Float32s:
    """Movies' vectors whose dot products with users' vectors are predicted stars times the rating weight.

    >>> ada, heat, nothing = np.float32([[1]]), np.float32([[0.5]]), np.float32([0])
    >>> user_vectors(ada, nothing, mean=3) @ weighted_movie_vectors(heat, nothing, rating_weight=0.5).T
    array([[1.75]], dtype=float32)
    """
    return np.float32(rating_weight) * movie_vectors(factors, biases)
