"""Regularised biases: how users and movies deviate from the mean rating, the yardstick of every model.

Koren, Factor in the neighbors: scalable and accurate collaborative filtering (2010), section 2.1.
"""

from dataclasses import dataclass, replace

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

    def with_users_of(self, ratings: DataFrame, regularisation: float = USER_REGULARISATION) -> "Biases":
        """The same movies, and the users' biases fitted anew to what the movies leave of these ratings.

        Args:
            ratings: user_id, movie_id, rating; a movie that is not known has no bias.
            regularisation: ratings' worth of zero that a bias is shrunk by.
        """
        left = ratings.join(self.movies, on="movie_id", how="left")
        deviation = F.col("rating") - F.lit(self.mean) - F.coalesce("bias", F.lit(0.0))
        return replace(self, users=left.groupBy("user_id").agg(_shrunk_mean(deviation, regularisation).alias("bias")))


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
    nobody = ratings.select("user_id", F.lit(0.0).alias("bias")).where("false")
    return Biases(mean, nobody, movies).with_users_of(ratings, user_regularisation)


def _shrunk_mean(deviation: Column, regularisation: float) -> Column:
    """Sum of the deviations over their number plus the regularisation."""
    return F.sum(deviation) / (F.count(F.lit(1)) + F.lit(regularisation))
