"""What the lists that a job would publish are worth beside popular movies, on the ratings that it has held out."""

from collections.abc import Mapping
from typing import Final

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from movie_lakehouse.evaluation.list_metrics import user_metrics
from movie_lakehouse.evaluation.lists import LIKED, most_liked
from movie_lakehouse.gold.ranked import ranked_lists
from movie_lakehouse.gold.recommendations import best_movies
from movie_lakehouse.lakehouse.materialise import Hold
from movie_lakehouse.model.factor_model import FactorModel
from movie_lakehouse.model.ranking.weights import fit_ranking_model

K: Final = 10
RANKING: Final = "ranking"
POPULARITY: Final = "popularity"
JUDGED_USERS: Final = 10_000
"""Users whose lists are made to be judged, about: more would narrow a standard error of 0.003 and cost what publishing
costs."""


def list_quality(train: DataFrame, held_out: DataFrame, model: FactorModel, ranking: str, hold: Hold) -> DataFrame:
    """Measure lists of 10 in the order that is published, and the most liked movies, for a sample of the users.

    Args:
        train: user_id, movie_id, rating: what the model and the ranking model may see.
        held_out: user_id, movie_id, rating.
        model: of ratings, fitted to the training part.
        ranking: ``ease`` or ``rating``, as the setting has it.
        hold: holds what is read more than once.

    Returns:
        model (ranking or popularity), metric (ndcg@10, map@10, precision@10, recall@10), value: means over the users
        who liked something held out; no rows where nobody did.
    """
    users = hold(_some_users(held_out.where(F.col("rating") >= LIKED)))
    history = hold(train.join(users, on="user_id", how="left_semi"))
    lists = {
        RANKING: _lists(train, history, model, ranking, hold),
        POPULARITY: most_liked(train.where(F.col("rating") >= LIKED), history, K),
    }
    named = [frame.select(F.lit(name).alias("model"), "user_id", "rank", "movie_id") for name, frame in lists.items()]
    judged = user_metrics(named[0].unionByName(named[1]), history, held_out, K)
    metric = F.concat("metric", F.lit(f"@{K}")).alias("metric")
    return judged.groupBy("model", metric).agg(F.avg("value").alias("value"))


def ndcg_of(quality: DataFrame) -> Mapping[str, float]:
    """The NDCG@10 of each kind of list, by its name."""
    return {row["model"]: row["value"] for row in quality.where(F.col("metric") == f"ndcg@{K}").collect()}


def _some_users(liked: DataFrame) -> DataFrame:
    """At most about so many of the users, the same ones every time: user_id."""
    users = liked.select("user_id").distinct()
    share = F.least(F.lit(1.0), F.lit(float(JUDGED_USERS)) / F.count(F.lit(1)))
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
    return ranked_lists(fit_ranking_model(train, hold), *factors, history, K, hold=hold, mean=mean)
