"""Lists ordered by the ranking model: what a user liked, and a little of what the user would rate it."""

from functools import partial
from typing import Final

import numpy as np
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from movie_lakehouse.gold.blocks import BlockBytes, best_of_pairs, top_pairs
from movie_lakehouse.gold.topk import Float32s
from movie_lakehouse.gold.vectors import movie_vectors, user_vectors
from movie_lakehouse.lakehouse.materialise import Hold
from movie_lakehouse.model.ranking.ease import MAX_MOVIES, RATING_WEIGHT, REGULARISATION
from movie_lakehouse.model.ranking.profiles import popular_catalogue, user_likings, user_profiles
from movie_lakehouse.model.ranking.weights import incoming_weights, ranking_weights

LONG_VECTORS: Final = BlockBytes(queries=2**23, items=2**26)
"""Vectors as long as the catalogue: the movies are one block of 36 MB, worth sending to some 700 users at a time."""


def ranked_lists(
    user_factors: DataFrame,
    movie_factors: DataFrame,
    ratings: DataFrame,
    k: int,
    hold: Hold,
    *,
    mean: float,
    rating_weight: float = RATING_WEIGHT,
) -> tuple[DataFrame, DataFrame]:
    """Fit the ranking model to the ratings and give every user its k best unseen movies.

    Args:
        user_factors: user_id int, bias float, factors array<float>.
        movie_factors: movie_id int, bias float, factors array<float>.
        ratings: user_id, movie_id, rating; nothing of it is recommended.
        k: movies a user.
        hold: holds what is read more than once.
        mean: the mean rating that the biases are deviations from, in stars.
        rating_weight: what a predicted star counts.

    Returns:
        The lists, as best_ranked_movies gives them, and the model's weights, as ranking_weights gives them.
    """
    catalogue = hold(popular_catalogue(ratings, MAX_MOVIES))
    profiles = hold(user_profiles(user_factors, ratings, catalogue))
    weights = hold(ranking_weights(catalogue, profiles, REGULARISATION))
    n_catalogue = catalogue.count()
    movies = movie_factors.select("movie_id", "bias", "factors")
    lists = best_ranked_movies(
        user_factors.join(user_likings(profiles, n_catalogue), "user_id", "inner"),
        hold(movies.join(incoming_weights(weights, n_catalogue), "movie_id", "left")),
        ratings,
        k,
        n_catalogue=n_catalogue,
        rating_weight=rating_weight,
        mean=mean,
    )
    return lists, weights


def best_ranked_movies(
    users: DataFrame,
    movies: DataFrame,
    seen: DataFrame,
    k: int,
    *,
    n_catalogue: int,
    rating_weight: float,
    mean: float = 0.0,
    block_bytes: BlockBytes = LONG_VECTORS,
) -> DataFrame:
    """Give every user the k unseen movies of highest ranking score, ties by the lower number.

    The score is X E + rating_weight * predicted rating: the sum of likings * weights over the movies that the user has
    rated, and mean + user bias + movie bias + user factors . movie factors in stars, unclipped. Movies outside the
    catalogue have the second part alone, and are multiplied apart in short vectors.

    Args:
        users: user_id int, bias float, factors array<float>, likings array<float> (n_catalogue of them).
        movies: movie_id int, bias float, factors array<float>, weights array<float> (n_catalogue of them; null
            outside the catalogue): what each liked movie adds to this one's score.
        seen: user_id int, movie_id int.
        k: movies a user; a user who has seen all but fewer gets fewer.
        n_catalogue: movies in the catalogue.
        rating_weight: what a predicted star counts.
        mean: the mean rating that the biases are deviations from, in stars.
        block_bytes: how the product is cut.

    Returns:
        user_id int, rank int (1..k without gaps or ties), movie_id int, score double.

    Raises:
        TableError: factors differ in number, or one is null or not finite.
    """

    def best_of(user_factors: Column, some_movies: DataFrame, movie_factors: Column, n_weights: int) -> DataFrame:
        return top_pairs(
            users.select(F.col("user_id").alias("id"), "bias", user_factors.alias("factors")),
            some_movies.select(F.col("movie_id").alias("id"), "bias", movie_factors.alias("factors")),
            k,
            excluded=seen.select(F.col("user_id").alias("id"), F.col("movie_id").alias("item_id")),
            query_vectors=partial(ranked_user_vectors, n_weights=n_weights, mean=mean),
            item_vectors=partial(ranked_movie_vectors, n_weights=n_weights, rating_weight=rating_weight),
            block_bytes=block_bytes,
        )

    factors = F.col("factors")
    within = best_of(
        F.concat("likings", factors), movies.where("weights IS NOT NULL"), F.concat("weights", factors), n_catalogue
    )
    outside = best_of(factors, movies.where("weights IS NULL"), factors, 0)
    best = best_of_pairs(within.unionByName(outside), k)
    return best.select(F.col("query_id").alias("user_id"), "rank", F.col("item_id").alias("movie_id"), "score")


def ranked_user_vectors(factors: Float32s, biases: Float32s, n_weights: int, mean: float) -> Float32s:
    """Users' likings (the first n_weights columns) and factors as vectors that match ranked_movie_vectors.

    >>> ada, heat = np.float32([[1, 0.5, 2]]), np.float32([[0.25, 0.5, 1]])
    >>> nothing = np.float32([0])
    >>> ranked_user_vectors(ada, nothing, 2, mean=3) @ ranked_movie_vectors(heat, nothing, 2, rating_weight=0.5).T
    array([[3.]], dtype=float32)
    """
    return np.hstack([factors[:, :n_weights], user_vectors(factors[:, n_weights:], biases, mean)])


def ranked_movie_vectors(factors: Float32s, biases: Float32s, n_weights: int, rating_weight: float) -> Float32s:
    """Movies' incoming weights (the first n_weights columns) and factors; the latter count by the rating weight."""
    stars = np.float32(rating_weight) * movie_vectors(factors[:, n_weights:], biases)
    return np.hstack([factors[:, :n_weights], stars])
