"""Who competes for the best list: the published way of ranking, and what it must be better than."""

from dataclasses import replace

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from movie_lakehouse.evaluation.sides import Sides
from movie_lakehouse.gold.fallback import fill_with_popular
from movie_lakehouse.gold.ranked import ranked_lists
from movie_lakehouse.gold.recommendations import best_movies
from movie_lakehouse.lakehouse.materialise import Hold
from movie_lakehouse.model.factor_model import FactorModel
from movie_lakehouse.model.ranking.ease import RATING_WEIGHT
from movie_lakehouse.model.ranking.profiles import user_profiles
from movie_lakehouse.model.ranking.weights import fit_ranking_model
from movie_lakehouse.scale import LIKED

_FULLY_LIKED = 4.5


def contending_lists(sides: Sides, models: dict[str, FactorModel], k: int, hold: Hold) -> dict[str, DataFrame]:
    """The lists of every contender by name: user_id, rank, movie_id, for the users of the history.

    ``ranking`` is what is published; ``ease`` is EASE^R on liked movies alone, without stars; ``popularity`` gives
    everybody the most liked movies; every model of ratings orders by predicted stars, for the users whom it knows.
    """
    liked, history = sides.train.where(F.col("rating") >= LIKED), sides.history
    binary = replace(sides, train=_liked_or_not(sides.train), history=_liked_or_not(history))
    users = history.select("user_id").distinct()
    by_stars = {}
    for name, model in models.items():
        factors = (model.user_factors.join(users, "user_id", "left_semi"), model.movie_factors)
        by_stars[name] = best_movies(*factors, history, k, mean=model.getOrDefault(model.mean))
    return {
        "ranking": _ranked(sides, models["bayes"], k, hold, RATING_WEIGHT),
        "ease": _ranked(binary, models["bayes"], k, hold, 0.0),
        "popularity": most_liked(liked, history, k),
        **by_stars,
    }


def _ranked(sides: Sides, bayes: FactorModel, k: int, hold: Hold, rating_weight: float) -> DataFrame:
    """The lists by the ranking model, fitted to the training part and asked with the users' histories."""
    model, mean = fit_ranking_model(sides.train, hold), bayes.getOrDefault(bayes.mean)
    profiles, factors = user_profiles(sides.history, model.catalogue), (bayes.user_factors, bayes.movie_factors)
    return ranked_lists(model, *factors, sides.history, k, profiles=profiles, mean=mean, rating_weight=rating_weight)


def _liked_or_not(ratings: DataFrame) -> DataFrame:
    """The ratings with only two kinds of stars: fully liked, or not at all."""
    stars = F.when(F.col("rating") >= LIKED, F.lit(_FULLY_LIKED)).otherwise(F.lit(0.5))
    return ratings.withColumn("rating", stars)


def most_liked(liked: DataFrame, seen: DataFrame, k: int) -> DataFrame:
    """The k most liked movies that each user has not seen: user_id, rank, movie_id; ties by the lower number."""
    likes = liked.groupBy("movie_id").agg(F.count(F.lit(1)).cast("double").alias("weighted_rating"))
    most_first = Window.orderBy(F.desc("weighted_rating"), "movie_id")
    popularity = likes.withColumn("rank", F.row_number().over(most_first))
    nothing = seen.select("user_id", F.lit(1).alias("rank"), "movie_id", F.lit(0.0).alias("score")).where("false")
    users = seen.select("user_id").distinct()
    return fill_with_popular(nothing, users, popularity, seen, k, source="")
