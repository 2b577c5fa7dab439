"""Who competes for the best list: the published way of ranking, and what it must be better than."""

from contextlib import ExitStack

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from movie_lakehouse.gold.fallback import fill_with_popular
from movie_lakehouse.gold.ranked import best_ranked_movies
from movie_lakehouse.gold.recommendations import best_movies
from movie_lakehouse.lakehouse.materialise import materialised
from movie_lakehouse.model.factor_model import FactorModel
from movie_lakehouse.model.ranking.ease import MAX_MOVIES, RATING_WEIGHT, REGULARISATION
from movie_lakehouse.model.ranking.profiles import popular_catalogue, user_likings, user_profiles
from movie_lakehouse.model.ranking.weights import incoming_weights, ranking_weights

LIKED = 4.0
"""Stars from which a movie counts as liked."""
_FULLY_LIKED = 4.5


def ranked_lists(train: DataFrame, model: FactorModel, k: int, stack: ExitStack, *, rating_weight: float) -> DataFrame:
    """The lists of the ranking model over a model of ratings: user_id, rank, movie_id, score.

    Args:
        train: user_id, movie_id, rating; nothing of it is recommended.
        model: fitted on ``train``.
        k: movies a user.
        stack: closed when the lists are no longer read.
        rating_weight: what a predicted star counts.
    """

    def hold(frame: DataFrame) -> DataFrame:
        return stack.enter_context(materialised(frame))

    catalogue = hold(popular_catalogue(train, MAX_MOVIES))
    profiles = hold(user_profiles(model.user_factors, train, catalogue))
    weights = hold(ranking_weights(catalogue, profiles, REGULARISATION))
    n_catalogue = catalogue.count()
    return best_ranked_movies(
        model.user_factors.join(user_likings(profiles, n_catalogue), on="user_id", how="inner"),
        model.movie_factors.select("movie_id", "bias", "factors").join(
            incoming_weights(weights, n_catalogue), on="movie_id", how="left"
        ),
        train,
        k,
        n_catalogue=n_catalogue,
        rating_weight=rating_weight,
        mean=model.getOrDefault(model.mean),
    )


def contending_lists(
    train: DataFrame, models: dict[str, FactorModel], k: int, stack: ExitStack
) -> dict[str, DataFrame]:
    """The lists of every contender by name: user_id, rank, movie_id.

    ``ranking`` is what is published; ``ease`` is EASE^R on liked movies alone, without stars; ``popularity`` gives
    everybody the most liked movies; every model of ratings orders by predicted stars.
    """
    bayes = models["bayes"]
    liked = train.where(F.col("rating") >= LIKED)
    binary = train.withColumn("rating", F.when(F.col("rating") >= LIKED, F.lit(_FULLY_LIKED)).otherwise(F.lit(0.5)))
    by_stars = {
        name: best_movies(model.user_factors, model.movie_factors, train, k, mean=model.getOrDefault(model.mean))
        for name, model in models.items()
    }
    return {
        "ranking": ranked_lists(train, bayes, k, stack, rating_weight=RATING_WEIGHT),
        "ease": ranked_lists(binary, bayes, k, stack, rating_weight=0.0),
        "popularity": most_liked(liked, train, k),
        **by_stars,
    }


def most_liked(liked: DataFrame, seen: DataFrame, k: int) -> DataFrame:
    """The k movies with the most likes that each user has not seen, ties by the lower number: user_id, rank, movie_id."""
    likes = liked.groupBy("movie_id").agg(F.count(F.lit(1)).cast("double").alias("weighted_rating"))
    most_first = Window.orderBy(F.desc("weighted_rating"), "movie_id")
    popularity = likes.withColumn("rank", F.row_number().over(most_first))
    nothing = seen.select("user_id", F.lit(1).alias("rank"), "movie_id", F.lit(0.0).alias("score")).where("false")
    users = seen.select("user_id").distinct()
    return fill_with_popular(nothing, users, popularity, seen, k, source="")
