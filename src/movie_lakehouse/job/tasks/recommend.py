"""recommend: the best unseen movies of every user, filled up with popular ones where the model has too few."""

from contextlib import ExitStack
from dataclasses import dataclass

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from movie_lakehouse.gold.fallback import fill_with_popular
from movie_lakehouse.gold.ranked import best_ranked_movies
from movie_lakehouse.gold.recommendations import best_movies, with_predicted_ratings
from movie_lakehouse.gold.summaries import movie_popularity
from movie_lakehouse.job.context import Context
from movie_lakehouse.job.task import Rows, Task
from movie_lakehouse.lakehouse.materialise import materialised
from movie_lakehouse.lakehouse.tables import gold, silver
from movie_lakehouse.model.ranking.ease import MAX_MOVIES, RATING_WEIGHT, REGULARISATION
from movie_lakehouse.model.ranking.profiles import popular_catalogue, user_likings, user_profiles
from movie_lakehouse.model.ranking.weights import incoming_weights, ranking_weights

READS = (
    gold.USER_FACTORS.name,
    gold.MOVIE_FACTORS.name,
    gold.MODEL_RUNS.name,
    silver.RATINGS.name,
    silver.MOVIES.name,
)
LISTS, WEIGHTS = gold.USER_RECOMMENDATIONS.name, gold.RANKING_WEIGHTS.name
SOURCES = {"ease": "ranking", "rating": "als"}


@dataclass(frozen=True)
class _Inputs:
    """What lists are made of: the published model, its mean rating, the ratings, and the length of a list."""

    user_factors: DataFrame
    movie_factors: DataFrame
    mean: float
    ratings: DataFrame
    k: int


def run(context: Context) -> Rows:
    """Score all movies for all users, judge the lists, and the weights of a ranking model, and publish them."""
    user_factors, movie_factors, model_runs, ratings, movies = (context.store.read(name) for name in READS)
    k, ranking = context.settings.n_recommendations, context.settings.ranking
    inputs = _Inputs(user_factors, movie_factors, mean_rating(model_runs), ratings, k)
    seen = ratings.select("user_id", "movie_id")
    frames: dict[str, DataFrame] = {}
    with ExitStack() as stack:
        if ranking == "ease":
            best, frames[WEIGHTS] = _ranked(inputs, stack)
        else:
            best = best_movies(user_factors, movie_factors, seen, k, mean=inputs.mean)
        from_model = stack.enter_context(materialised(best))
        users, popularity = seen.select("user_id").distinct(), movie_popularity(movies, ratings)
        lists = fill_with_popular(from_model, users, popularity, seen, k, source=SOURCES[ranking])
        rated = with_predicted_ratings(lists, user_factors, movie_factors, mean=inputs.mean)
        titled = rated.join(movies.select("movie_id", "title"), "movie_id", "inner")
        frames[LISTS] = stack.enter_context(materialised(titled))
        context.audit(frames)
        for name, frame in frames.items():
            context.store.replace(name, frame)
        return {name: frame.count() for name, frame in frames.items()}


def mean_rating(model_runs: DataFrame) -> float:
    """What the biases of the newest promoted model are deviations from; 0 for a model that has none."""
    newest = model_runs.where("promoted").orderBy(F.desc("trained_at")).limit(1)
    row = newest.select(F.get_json_object("best_params", "$.mean_rating").cast("double").alias("mean")).first()
    return 0.0 if row is None or row["mean"] is None else float(row["mean"])


def _ranked(inputs: _Inputs, stack: ExitStack) -> tuple[DataFrame, DataFrame]:
    """The ranking model's lists, and its weights, held until the stack is unwound."""
    catalogue = stack.enter_context(materialised(popular_catalogue(inputs.ratings, MAX_MOVIES)))
    profiles = stack.enter_context(materialised(user_profiles(inputs.user_factors, inputs.ratings, catalogue)))
    weights = stack.enter_context(materialised(ranking_weights(catalogue, profiles, REGULARISATION)))
    n_catalogue = catalogue.count()
    movies = inputs.movie_factors.join(incoming_weights(weights, n_catalogue), "movie_id", "left")
    lists = best_ranked_movies(
        inputs.user_factors.join(user_likings(profiles, n_catalogue), "user_id", "inner"),
        stack.enter_context(materialised(movies)),
        inputs.ratings,
        inputs.k,
        n_catalogue=n_catalogue,
        rating_weight=RATING_WEIGHT,
        mean=inputs.mean,
    )
    return lists, weights


recommend = Task("recommend", run, reads=READS, writes=(WEIGHTS, LISTS), settings=("ranking", "n_recommendations"))
