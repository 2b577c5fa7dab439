"""Regularised biases: how users and movies deviate from the mean rating, the yardstick of every model.

Koren, Factor in the neighbors: scalable and accurate collaborative filtering (2010), section 2.1.
"""

from dataclasses import dataclass

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

USER_REGULARISATION = 5.0
MOVIE_REGULARISATION = 3.0


@dataclass(frozen=True)
class Biases:
    """Deviations from the mean, in stars.

    Attributes:
        mean: the mean rating.
        users: user_id, bias (double).
        movies: movie_id, bias (double).
    """

    mean: float
    users: DataFrame
    movies: DataFrame

    def beside(self, ratings: DataFrame, how: str) -> DataFrame:
        """The ratings with the columns user_bias and movie_bias, joined in this way."""
        users = self.users.withColumnRenamed("bias", "user_bias")
        movies = self.movies.withColumnRenamed("bias", "movie_bias")
        return ratings.join(users, on="user_id", how=how).join(movies, on="movie_id", how=how)


def fit_biases(
    ratings: DataFrame,
    *,
    user_regularisation: float = USER_REGULARISATION,
    movie_regularisation: float = MOVIE_REGULARISATION,
) -> Biases:
    """Fit the movies' biases to the ratings, then the users' to what is left.

    bias_i = sum(rating - mean) / (n_i + movie_regularisation), over the movie's n_i ratings, and
    bias_u = sum(rating - mean - bias_i) / (n_u + user_regularisation), over the user's.

    Args:
        ratings: user_id, movie_id, rating. At least one row.
        user_regularisation: ratings' worth of zero that a user's bias is shrunk by.
        movie_regularisation: the same for a movie's.
    """
    row = ratings.agg(F.avg("rating")).first()
    assert row is not None  # an aggregate without groups always has its one row
    mean = float(row[0])
    deviation = F.col("rating") - F.lit(mean)
    movies = ratings.groupBy("movie_id").agg(_shrunk_mean(deviation, movie_regularisation).alias("bias"))
    left = ratings.join(movies, on="movie_id", how="inner")
    users = left.groupBy("user_id").agg(_shrunk_mean(deviation - F.col("bias"), user_regularisation).alias("bias"))
    return Biases(mean, users, movies)


def _shrunk_mean(deviation: Column, regularisation: float) -> Column:
    """Sum of the deviations over their number plus the regularisation."""
    return F.sum(deviation) / (F.count(F.lit(1)) + F.lit(regularisation))
