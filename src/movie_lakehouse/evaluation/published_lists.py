"""What the lists that a job would publish are worth beside popular movies, on the ratings that it has held out."""

from collections.abc import Mapping
from typing import Final

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from movie_lakehouse.evaluation.list_metrics import user_metrics
from movie_lakehouse.evaluation.lists import most_liked
from movie_lakehouse.evaluation.sides import Sides
from movie_lakehouse.gold.ranked import ranked_lists
from movie_lakehouse.gold.recommendations import best_movies
from movie_lakehouse.lakehouse.materialise import Hold
from movie_lakehouse.model.factor_model import FactorModel
from movie_lakehouse.model.ranking.profiles import user_profiles
from movie_lakehouse.model.ranking.weights import fit_ranking_model
from movie_lakehouse.scale import LIKED

K: Final = 10
RANKING: Final = "ranking"
POPULARITY: Final = "popularity"
CHAMPION: Final = "champion"
JUDGED_USERS: Final = 10_000
"""Users whose lists are made to be judged, about: more would narrow a standard error of 0.003 and cost what publishing
costs."""


def judged_lists(sides: Sides, model: FactorModel, ranking: str, hold: Hold) -> DataFrame:
    """Lists of 10 in the order that is published, and the most liked movies, for a sample of the users.

    Args:
        sides: what the model and the ranking model may see, and what the lists are to be judged by.
        model: of ratings, fitted to the training side; it knows the users.
        ranking: ``ease`` or ``rating``, as the setting has it.
        hold: holds what is read more than once.

    Returns:
        model (ranking or popularity), user_id, rank, movie_id: of users who liked something held out and have a
        history.
    """
    users = hold(_some_users(sides.held_out.where(F.col("rating") >= LIKED)))
    history = hold(sides.history.join(users, on="user_id", how="left_semi"))
    lists = {
        RANKING: _lists(sides.train, history, model, ranking, hold),
        POPULARITY: most_liked(sides.train.where(F.col("rating") >= LIKED), history, K),
    }
    named = [frame.select(F.lit(name).alias("model"), "user_id", "rank", "movie_id") for name, frame in lists.items()]
    return named[0].unionByName(named[1])


def judged(lists: DataFrame, held_out: DataFrame) -> DataFrame:
    """Each user's metrics for each kind of list: model, user_id, metric (ndcg@10, map@10 ...), value.

    Args:
        lists: as judged_lists gives them; who has none of any kind is not judged.
        held_out: user_id, movie_id, rating.
    """
    found = user_metrics(lists, lists, held_out, K)
    return found.select("model", "user_id", F.concat("metric", F.lit(f"@{K}")).alias("metric"), "value")


def list_quality(by_user: DataFrame) -> DataFrame:
    """The means of each metric over the users: model, metric, value; no rows where nobody was judged."""
    return by_user.groupBy("model", "metric").agg(F.avg("value").alias("value"))


def ndcg_of(quality: DataFrame) -> Mapping[str, float]:
    """The NDCG@10 of each kind of list, by its name."""
    return {row["model"]: row["value"] for row in ndcg(quality).collect()}


def ndcg(metrics: DataFrame) -> DataFrame:
    """Of metrics those that are an NDCG@10."""
    return metrics.where(F.col("metric") == f"ndcg@{K}")


def beside_champion(lists: DataFrame, champions: DataFrame, held_out: DataFrame) -> DataFrame:
    """The metrics of the lists that would be published and of those of the model in place, for the users who have both.

    Args:
        lists: as judged_lists gives them.
        champions: user_id, rank, movie_id: the lists that the model in place was judged by.
        held_out: user_id, movie_id, rating: what neither has seen.

    Returns:
        model (ranking or champion), user_id, metric, value.
    """
    own = lists.where(F.col("model") == RANKING)
    theirs = champions.select(F.lit(CHAMPION).alias("model"), "user_id", "rank", "movie_id")
    own_users, their_users = (frame.select("user_id").distinct() for frame in (own, theirs))
    both = own.unionByName(theirs).join(own_users.join(their_users, "user_id", "left_semi"), "user_id", "left_semi")
    return judged(both.select(*own.columns), held_out)


def _some_users(liked: DataFrame) -> DataFrame:
    """At most about so many of the users, the same ones every time: user_id."""
    users = liked.select("user_id").distinct()
    share = F.least(F.lit(1.0), F.lit(float(JUDGED_USERS)) / F.greatest(F.count(F.lit(1)), F.lit(1)))
    total = users.agg(share.alias("share"))
    place = F.pmod(F.xxhash64("user_id"), F.lit(1_000_000)) / F.lit(1e6)
    return users.crossJoin(F.broadcast(total)).where(place < F.col("share")).select("user_id")


def _lists(train: DataFrame, history: DataFrame, model: FactorModel, ranking: str, hold: Hold) -> DataFrame:
    """The lists of the users of a history, in the order that is published."""
    users = history.select("user_id").distinct()
    factors = (model.user_factors.join(users, on="user_id", how="left_semi"), model.movie_factors)
    mean = model.getOrDefault(model.mean)
    if ranking == "rating":
        return best_movies(*factors, history, K, mean=mean)
    fitted = fit_ranking_model(train, hold)
    profiles = user_profiles(history, fitted.catalogue)
    return ranked_lists(fitted, *factors, history, K, profiles=profiles, mean=mean)
