"""Who competes for the best list: the published way of ranking, and what it must be better than."""

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from movie_lakehouse.gold.fallback import fill_with_popular
from movie_lakehouse.gold.ranked import ranked_lists
from movie_lakehouse.gold.recommendations import best_movies
from movie_lakehouse.lakehouse.materialise import Hold
from movie_lakehouse.model.factor_model import FactorModel
from movie_lakehouse.model.ranking.ease import RATING_WEIGHT

LIKED = 4.0
"""Stars from which a movie counts as liked."""
_FULLY_LIKED = 4.5


def contending_lists(train: DataFrame, models: dict[str, FactorModel], k: int, hold: Hold) -> dict[str, DataFrame]:
    """The lists of every contender by name: user_id, rank, movie_id.

    ``ranking`` is what is published; ``ease`` is EASE^R on liked movies alone, without stars; ``popularity`` gives
    everybody the most liked movies; every model of ratings orders by predicted stars.
    """
    bayes = models["bayes"]

    def rank(ratings: DataFrame, rating_weight: float) -> DataFrame:
        factors, mean = (bayes.user_factors, bayes.movie_factors), bayes.getOrDefault(bayes.mean)
        return ranked_lists(*factors, ratings, k, hold, mean=mean, rating_weight=rating_weight)[0]

    liked = train.where(F.col("rating") >= LIKED)
    binary = train.withColumn("rating", F.when(F.col("rating") >= LIKED, F.lit(_FULLY_LIKED)).otherwise(F.lit(0.5)))
    by_stars = {
        name: best_movies(model.user_factors, model.movie_factors, train, k, mean=model.getOrDefault(model.mean))
        for name, model in models.items()
    }
    return {
        "ranking": rank(train, RATING_WEIGHT),
        "ease": rank(binary, 0.0),
        "popularity": most_liked(liked, train, k),
        **by_stars,
    }


def most_liked(liked: DataFrame, seen: DataFrame, k: int) -> DataFrame:
    """The k most liked movies that each user has not seen: user_id, rank, movie_id; ties by the lower number."""
    likes = liked.groupBy("movie_id").agg(F.count(F.lit(1)).cast("double").alias("weighted_rating"))
    most_first = Window.orderBy(F.desc("weighted_rating"), "movie_id")
    popularity = likes.withColumn("rank", F.row_number().over(most_first))
    nothing = seen.select("user_id", F.lit(1).alias("rank"), "movie_id", F.lit(0.0).alias("score")).where("false")
    users = seen.select("user_id").distinct()
    return fill_with_popular(nothing, users, popularity, seen, k, source="")
