"""What the model recommends to whom."""

from functools import partial

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from movie_lakehouse.gold.blocks import DEFAULT_BLOCKS, BlockBytes, top_pairs
from movie_lakehouse.gold.vectors import movie_vectors, user_vectors
from movie_lakehouse.model.factor_model import within_scale


def best_movies(
    user_factors: DataFrame,
    movie_factors: DataFrame,
    seen: DataFrame,
    k: int,
    *,
    mean: float = 0.0,
    block_bytes: BlockBytes = DEFAULT_BLOCKS,
) -> DataFrame:
    """Give every user the k movies of highest predicted rating that the user has not seen, ties by the lower number.

    Args:
        user_factors: user_id int, factors array<float>, and bias float where the model has any.
        movie_factors: movie_id int, factors array<float>, and bias float where the model has any.
        seen: user_id int, movie_id int; users and movies that the model does not know are no harm.
        k: movies a user; a user who has seen all but fewer gets fewer.
        mean: the mean rating that the biases are deviations from, in stars.
        block_bytes: how the product is cut.

    Returns:
        user_id int, rank int (1..k without gaps or ties), movie_id int, score double (predicted stars).

    Raises:
        TableError: factors differ in number, or one is null or not finite.
    """
    users = user_factors.select(F.col("user_id").alias("id"), _bias(user_factors), "factors")
    movies = movie_factors.select(F.col("movie_id").alias("id"), _bias(movie_factors), "factors")
    pairs = top_pairs(
        users,
        movies,
        k,
        excluded=seen.select(F.col("user_id").alias("id"), F.col("movie_id").alias("item_id")),
        query_vectors=partial(user_vectors, mean=mean),
        item_vectors=movie_vectors,
        block_bytes=block_bytes,
    )
    return pairs.select(F.col("query_id").alias("user_id"), "rank", F.col("item_id").alias("movie_id"), "score")


def with_predicted_ratings(
    lists: DataFrame, user_factors: DataFrame, movie_factors: DataFrame, *, mean: float = 0.0
) -> DataFrame:
    """Put the predicted rating beside each row of the users' lists.

    Args:
        lists: user_id, movie_id and whatever else.
        user_factors: user_id int, factors array<float>, and bias float where the model has any.
        movie_factors: movie_id int, factors array<float>, and bias float where the model has any.
        mean: the mean rating that the biases are deviations from, in stars.

    Returns:
        The lists with predicted_rating double: stars within the scale of 0.5 to 5, null where the model lacks the user
        or the movie.
    """
    users = user_factors.select("user_id", _bias(user_factors).alias("user_bias"), F.col("factors").alias("of_user"))
    movies = movie_factors.select(
        "movie_id", _bias(movie_factors).alias("movie_bias"), F.col("factors").alias("of_movie")
    )
    products = F.zip_with("of_user", "of_movie", lambda user, movie: user.cast("double") * movie)
    stars = F.aggregate(
        products, mean + F.col("user_bias") + F.col("movie_bias"), lambda total, product: total + product
    )
    both = lists.join(users, "user_id", "left").join(movies, "movie_id", "left")
    return both.select(*lists.columns, within_scale(stars).alias("predicted_rating"))


def _bias(factors: DataFrame) -> Column:
    """The bias column, all zero for a model without any."""
    return (F.col("bias") if "bias" in factors.columns else F.lit(0.0)).cast("float").alias("bias")
