"""The data set summed up: as a whole, by genre and by movie."""

from typing import Final

from pyspark.sql import Column, DataFrame, Window, WindowSpec
from pyspark.sql import functions as F

from movie_lakehouse.scale import LIKED

PRIOR_RATINGS: Final = 10
"""Ratings at the overall mean that every movie starts with: a movie with ten of its own lies half-way to its mean."""


def dataset_summary(movies: DataFrame, ratings: DataFrame, tags: DataFrame) -> DataFrame:
    """Sum up the data set in the one row of gold.dataset_summary.

    Args:
        movies: silver.movies, whose is_unrated says which movies the ratings leave out.
        ratings: silver.ratings.
        tags: silver.tags.
    """
    of_movies = movies.agg(F.count(F.lit(1)).alias("n_movies"), F.count_if("is_unrated").alias("n_unrated_movies"))
    of_ratings = ratings.agg(
        F.count_distinct("user_id").alias("n_users"),
        F.count(F.lit(1)).alias("n_ratings"),
        F.min("rated_at").alias("first_rated_at"),
        F.max("rated_at").alias("last_rated_at"),
    )
    of_tags = tags.agg(F.count(F.lit(1)).alias("n_tags"))
    n_rated_movies = F.col("n_movies") - F.col("n_unrated_movies")
    return (
        of_movies.crossJoin(of_ratings)
        .crossJoin(of_tags)
        .select(
            "n_users",
            "n_movies",
            "n_ratings",
            "n_tags",
            "n_unrated_movies",
            F.coalesce(F.try_divide("n_ratings", F.col("n_users") * n_rated_movies), F.lit(0.0)).alias("density"),
            "first_rated_at",
            "last_rated_at",
        )
    )


def genre_summary(movies: DataFrame, movie_genres: DataFrame, rating_genres: DataFrame) -> DataFrame:
    """Sum up every genre's movies and ratings, as gold.genre_summary has them.

    Args:
        movies: silver.movies.
        movie_genres: silver.movie_genres.
        rating_genres: silver.rating_genres.
    """
    of_movies = (
        movie_genres.join(movies, on="movie_id", how="inner")
        .groupBy("genre")
        .agg(F.count(F.lit(1)).alias("n_movies"), F.count_if("is_unrated").alias("n_unrated_movies"))
    )
    of_ratings = rating_genres.groupBy("genre").agg(
        F.count(F.lit(1)).alias("n_ratings"), F.mean("rating").alias("mean_rating")
    )
    return of_movies.join(of_ratings, on="genre", how="left").select(
        "genre", "n_movies", "n_unrated_movies", F.coalesce("n_ratings", F.lit(0)).alias("n_ratings"), "mean_rating"
    )


def movies_by_genre(movies: DataFrame, movie_genres: DataFrame) -> DataFrame:
    """List every genre's movies by number, as gold.movies_by_genre has them: genre, movies of (movie_id, title)."""
    return (
        movie_genres.join(movies, on="movie_id", how="inner")
        .groupBy("genre")
        .agg(F.sort_array(F.collect_list(F.struct("movie_id", "title"))).alias("movies"))
    )


def movie_popularity(movies: DataFrame, ratings: DataFrame) -> DataFrame:
    """Rank every movie by popularity, as gold.movie_popularity has it, in one pass over the ratings.

    The weighted rating is the Bayesian average (n * mean + m * overall mean) / (n + m) of a movie with n ratings, where
    m is PRIOR_RATINGS: a movie that two people adore does not beat one that thousands like. Movies rank by how many
    users liked them (LIKED stars or more), then by weighted rating, then by number: 1..n without ties.

    Args:
        movies: silver.movies.
        ratings: silver.ratings.
    """
    of_ratings = ratings.groupBy("movie_id").agg(
        F.count(F.lit(1)).alias("n_ratings"),
        F.sum("rating").alias("stars"),
        F.count_if(F.col("rating") >= LIKED).alias("n_liked"),
    )
    counted = movies.join(of_ratings, on="movie_id", how="left").withColumn("weighted_rating", _weighted_rating())
    most_popular_first = _all_movies().orderBy(F.desc_nulls_last("n_liked"), F.desc("weighted_rating"), "movie_id")
    return counted.select(
        "movie_id",
        "title",
        F.coalesce("n_ratings", F.lit(0)).alias("n_ratings"),
        (F.col("stars") / F.col("n_ratings")).alias("mean_rating"),
        "weighted_rating",
        F.row_number().over(most_popular_first).alias("rank"),
    )


def _weighted_rating() -> Column:
    """The Bayesian average of a movie's n_ratings, which add up to stars; null only where nobody rated any movie."""
    n_ratings, stars = (F.coalesce(name, F.lit(0)) for name in ("n_ratings", "stars"))
    overall = F.sum("stars").over(_all_movies()) / F.sum("n_ratings").over(_all_movies())
    return (stars + PRIOR_RATINGS * overall) / (n_ratings + PRIOR_RATINGS)


def _all_movies() -> WindowSpec:
    """A window over every row, in one task: a catalogue fits. A constant, since Spark Connect warns of no partition."""
    return Window.partitionBy(F.lit(1))
