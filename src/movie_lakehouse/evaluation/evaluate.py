"""Train on one side of a split, measure on the other, for every contender at once."""

from collections.abc import Mapping
from functools import reduce

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from movie_lakehouse.evaluation.bootstrap import bootstrap_intervals
from movie_lakehouse.evaluation.lists import LIKED, contending_lists
from movie_lakehouse.evaluation.ranking_metrics import average_precision_at, hits, ndcg_at, precision_at, recall_at
from movie_lakehouse.lakehouse.materialise import Hold
from movie_lakehouse.model.bayes.on_spark import BayesSettings, fit_side_by_side
from movie_lakehouse.model.biases import fit_biases
from movie_lakehouse.model.factor_model import FactorModel
from movie_lakehouse.model.metrics import rating_errors
from movie_lakehouse.model.published import of_fit
from movie_lakehouse.model.rivals import one_row_a_model, rival_predictions, with_bias_where_cold
from movie_lakehouse.model.training import TrainingSettings, fit_setting

N_RESAMPLES = 200
NO_INTERVAL = "CAST(NULL AS DOUBLE)"


def evaluate(
    sides: tuple[DataFrame, DataFrame], movies: DataFrame, settings: TrainingSettings, k: int, hold: Hold
) -> tuple[DataFrame, DataFrame]:
    """Measure all models and baselines on the second side, having seen the first alone.

    Args:
        sides: training and held-out ratings: user_id, movie_id, rating.
        movies: movie_id, release_year, genres: what is known of movies without ratings.
        settings: of the two kinds of ALS; the first setting of their grid is fitted.
        k: length of the lists.
        hold: holds what is read more than once, until the answers are no longer read.

    Returns:
        Errors of predicted stars (model, rmse, mae and so on) and metrics of lists (model, metric, value, low, high,
        n_users; low and high are null where there is no interval).
    """
    train, held_out = (hold(side.select("user_id", "movie_id", "rating")) for side in sides)
    bayes = hold(fit_side_by_side(train, {"train": F.lit(True)}, movies, BayesSettings(seed=settings.seed)))
    models: dict[str, FactorModel] = {
        "bayes": of_fit(bayes, "train", {}).model,
        "als": fit_setting(train, settings.grid.settings()[0], settings),
    }
    predictions = with_bias_where_cold(rival_predictions(held_out, fit_biases(train), models), "als")
    errors = rating_errors(one_row_a_model(predictions))
    lists = {name: hold(frame) for name, frame in contending_lists(train, models, k, hold).items()}
    return errors, list_metrics(lists, train, held_out, k, settings.seed)


def list_metrics(lists: Mapping[str, DataFrame], train: DataFrame, held_out: DataFrame, k: int, seed: int) -> DataFrame:
    """The metrics of every contender's lists, over the users who have a history and liked something held out.

    Args:
        lists: user_id, rank, movie_id, by contender.
        train: user_id, movie_id of the training part.
        held_out: user_id, movie_id, rating of the other.
        k: length of the lists.
        seed: of the bootstrap.

    Returns:
        model, metric, value, low, high, n_users: ndcg, map, precision and recall with 95% intervals over users; without
        them coverage (share of the rated movies in somebody's list) and novelty (mean -log2 of the share of users who
        rated the recommended movie, in bits).
    """
    named = [frame.select(F.lit(name).alias("model"), "user_id", "rank", "movie_id") for name, frame in lists.items()]
    ranked = reduce(DataFrame.unionByName, named)
    by_user = bootstrap_intervals(user_metrics(ranked, train, held_out, k), n_resamples=N_RESAMPLES, seed=seed)
    return by_user.unionByName(spread_metrics(ranked, train))


def user_metrics(ranked: DataFrame, train: DataFrame, held_out: DataFrame, k: int) -> DataFrame:
    """Each user's metrics for each model: model, metric, user_id, value.

    Args:
        ranked: model, user_id, rank, movie_id.
        train: user_id; who is not in it has no history, and no list to judge.
        held_out: user_id, movie_id, rating.
        k: length of the lists.
    """
    liked = held_out.where(F.col("rating") >= LIKED).join(train.select("user_id").distinct(), "user_id", "left_semi")
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
    """Coverage and novelty of each model's lists, in the form of bootstrap_intervals without its intervals."""
    totals = train.agg(F.count_distinct("user_id").alias("n_users"), F.count_distinct("movie_id").alias("n_movies"))
    raters = train.groupBy("movie_id").agg(F.count(F.lit(1)).alias("n_raters"))
    known = ranked.join(raters, on="movie_id", how="left").crossJoin(F.broadcast(totals))
    share = F.greatest(F.coalesce("n_raters", F.lit(0)), F.lit(1)) / F.col("n_users")
    summed = known.groupBy("model").agg(
        (F.count_distinct("movie_id") / F.first("n_movies")).alias("coverage"),
        F.avg(-F.log2(share)).alias("novelty"),
        F.count_distinct("user_id").alias("n_users"),
    )
    long = summed.unpivot(("model", "n_users"), ("coverage", "novelty"), "metric", "value")
    return long.selectExpr("model", "metric", "value", f"{NO_INTERVAL} AS low", f"{NO_INTERVAL} AS high", "n_users")
