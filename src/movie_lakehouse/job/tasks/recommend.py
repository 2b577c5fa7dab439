"""recommend: the best unseen movies of every user, filled up with popular ones where the model has too few."""

from contextlib import ExitStack

from movie_lakehouse.gold.fallback import fill_with_popular
from movie_lakehouse.gold.recommendations import best_movies
from movie_lakehouse.gold.summaries import movie_popularity
from movie_lakehouse.job.context import Context
from movie_lakehouse.job.task import Rows, Task
from movie_lakehouse.lakehouse.materialise import materialised
from movie_lakehouse.lakehouse.tables import gold, silver

READS = (gold.USER_FACTORS.name, gold.MOVIE_FACTORS.name, silver.RATINGS.name, silver.MOVIES.name)
TABLE = gold.USER_RECOMMENDATIONS.name


def run(context: Context) -> Rows:
    """Score all movies for all users, judge the lists and publish them."""
    user_factors, movie_factors, ratings, movies = (context.store.read(name) for name in READS)
    seen = ratings.select("user_id", "movie_id")
    k = context.settings.n_recommendations
    with ExitStack() as stack:
        from_model = stack.enter_context(materialised(best_movies(user_factors, movie_factors, seen, k)))
        popularity = movie_popularity(movies, ratings)
        lists = fill_with_popular(from_model, seen.select("user_id").distinct(), popularity, seen, k)
        titled = stack.enter_context(materialised(lists.join(movies.select("movie_id", "title"), "movie_id", "inner")))
        context.audit({TABLE: titled})
        context.store.replace(TABLE, titled)
        return {TABLE: titled.count()}


recommend = Task("recommend", run, reads=READS, writes=(TABLE,), settings=("n_recommendations",))
