"""recommend: the best unseen movies of every user, filled up with popular ones where the model has too few."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from movie_lakehouse.gold.fallback import fill_with_popular, users_short_of
from movie_lakehouse.gold.ranked import ranked_lists
from movie_lakehouse.gold.recommendations import best_movies, with_predicted_ratings
from movie_lakehouse.gold.summaries import movie_popularity
from movie_lakehouse.job.context import Context
from movie_lakehouse.job.promoted import mean_rating
from movie_lakehouse.job.task import Rows, Task
from movie_lakehouse.lakehouse.materialise import holding
from movie_lakehouse.lakehouse.tables import gold, silver
from movie_lakehouse.model.ranking.weights import fit_ranking_model

FRAMES = (gold.USER_FACTORS.name, gold.MOVIE_FACTORS.name, silver.RATINGS.name, silver.MOVIES.name)
LISTS, WEIGHTS = gold.USER_RECOMMENDATIONS.name, gold.RANKING_WEIGHTS.name
SOURCES = {"ease": "ranking", "rating": "rating"}


def run(context: Context) -> Rows:
    """Score all movies for all users, and judge and publish the lists and what weights they were ordered by."""
    user_factors, movie_factors, ratings, movies = (context.store.read(name) for name in FRAMES)
    k, ranking, mean = context.settings.n_recommendations, context.settings.ranking, mean_rating(context.store)
    seen = ratings.select("user_id", "movie_id")
    frames: dict[str, DataFrame] = {}
    with holding() as hold:
        if ranking == "ease":
            model = fit_ranking_model(ratings, hold)
            best = ranked_lists(model, user_factors, movie_factors, seen, k, profiles=model.profiles, mean=mean)
            frames[WEIGHTS] = hold(model.weights_table())
        else:
            best = best_movies(user_factors, movie_factors, seen, k, mean=mean)
            # Weights that an earlier run left would order the lists of new people in another way than these.
            frames[WEIGHTS] = context.store.read_or_empty(WEIGHTS).limit(0)
        from_model, users, source = hold(best), seen.select("user_id").distinct(), SOURCES[ranking]
        if users_short_of(k, from_model, users).isEmpty():
            lists = from_model.withColumn("source", F.lit(source))
        else:
            lists = fill_with_popular(from_model, users, movie_popularity(movies, ratings), seen, k, source=source)
        rated = with_predicted_ratings(lists, user_factors, movie_factors, mean=mean)
        titled = rated.join(movies.select("movie_id", "title"), "movie_id", "inner")
        frames[LISTS] = hold(titled)
        return context.audit_and_publish(frames, context.store.replace)


recommend = Task(
    "recommend",
    run,
    reads=(*FRAMES, gold.MODEL_RUNS.name),
    writes=(WEIGHTS, LISTS),
    settings=("ranking", "n_recommendations"),
)
