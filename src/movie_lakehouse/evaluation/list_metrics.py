"""What lists are worth: metrics of each user's, averaged with intervals, and of all lists together."""

from collections.abc import Mapping
from functools import reduce

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from movie_lakehouse.evaluation.bootstrap import N_RESAMPLES, NO_INTERVAL, bootstrap_intervals
from movie_lakehouse.evaluation.ranking_metrics import average_precision_at, hits, ndcg_at, precision_at, recall_at
from movie_lakehouse.evaluation.sides import Sides
from movie_lakehouse.scale import LIKED


def list_metrics(lists: Mapping[str, DataFrame], sides: Sides, k: int, seed: int) -> DataFrame:
    """The metrics of every contender's lists, over the users who have a history and liked something held out.

    Args:
        lists: user_id, rank, movie_id, by contender.
        sides: what the lists were made from, and what they are judged by.
        k: length of the lists.
        seed: of the bootstrap.

    Returns:
        model, metric, value, low, high, n_users: ndcg, map, precision and recall with 95% intervals over users; without
        them coverage (share of the rated movies in somebody's list) and novelty (mean -log2 of the share of users who
        rated the recommended movie, in bits).
    """
    named = [frame.select(F.lit(name).alias("model"), "user_id", "rank", "movie_id") for name, frame in lists.items()]
    ranked = reduce(DataFrame.unionByName, named)
    by_user = user_metrics(ranked, sides.history, sides.held_out, k).withColumn("weight", F.lit(1))
    averaged = bootstrap_intervals(by_user, n_resamples=N_RESAMPLES, seed=seed)
    return averaged.unionByName(spread_metrics(ranked, sides.train))


def user_metrics(ranked: DataFrame, history: DataFrame, held_out: DataFrame, k: int) -> DataFrame:
    """Each user's metrics for each model: model, metric, user_id, value.

    Args:
        ranked: model, user_id, rank, movie_id.
        history: user_id; who is not in it has no list to judge.
        held_out: user_id, movie_id, rating.
        k: length of the lists.
    """
    liked = held_out.where(F.col("rating") >= LIKED).join(history.select("user_id").distinct(), "user_id", "left_semi")
    relevant = liked.groupBy("user_id").agg(F.collect_set("movie_id").alias("relevant"))
    in_order = F.transform(F.array_sort(F.collect_list(F.struct("rank", "movie_id"))), lambda place: place["movie_id"])
    lists = ranked.groupBy("model", "user_id").agg(in_order.alias("recommended"))
    pairs = ranked.select("model").distinct().crossJoin(relevant)
    judged = pairs.join(lists, on=["model", "user_id"], how="left")
    recommended = F.coalesce("recommended", F.array().cast("array<int>"))
    scored = judged.select(
        "model", "user_id", F.size("relevant").alias("n"), hits(recommended, F.col("relevant")).alias("hits")
    )
    hit, n = F.col("hits"), F.col("n")
    metrics = scored.select(
        "model",
        "user_id",
        ndcg_at(k, hit, n).alias("ndcg"),
        average_precision_at(k, hit, n).alias("map"),
        precision_at(k, hit).alias("precision"),
        recall_at(k, hit, n).alias("recall"),
    )
    return metrics.unpivot(("model", "user_id"), ("ndcg", "map", "precision", "recall"), "metric", "value")


def spread_metrics(ranked: DataFrame, train: DataFrame) -> DataFrame:
    """Coverage and novelty of each model's lists, in the form of bootstrap_intervals without its intervals.

    Coverage is the share of the rated movies that are in somebody's list (Herlocker et al., Evaluating collaborative
    filtering recommender systems, 2004); novelty the mean of -log2 of the share of users who rated the recommended
    movie (Zhou et al., Solving the apparent diversity-accuracy dilemma of recommender systems, 2010).
    """
    totals = train.agg(F.count_distinct("user_id").alias("n_users"), F.count_distinct("movie_id").alias("n_movies"))
    raters = train.groupBy("movie_id").agg(F.count(F.lit(1)).alias("n_raters"))
    known = ranked.join(raters, on="movie_id", how="left").crossJoin(F.broadcast(totals))
    is_rated = F.col("n_raters").isNotNull()
    share = F.greatest(F.coalesce("n_raters", F.lit(0)), F.lit(1)) / F.col("n_users")
    summed = known.groupBy("model").agg(
        (F.count_distinct(F.when(is_rated, F.col("movie_id"))) / F.first("n_movies")).alias("coverage"),
        F.avg(-F.log2(share)).alias("novelty"),
        F.count_distinct("user_id").alias("n_users"),
    )
    long = summed.unpivot(("model", "n_users"), ("coverage", "novelty"), "metric", "value")
    return long.selectExpr("model", "metric", "value", f"{NO_INTERVAL} AS low", f"{NO_INTERVAL} AS high", "n_users")
