"""Full lists for everybody: what is popular, where the model has nothing to say."""

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F


def fill_with_popular(
    recommendations: DataFrame, users: DataFrame, popularity: DataFrame, seen: DataFrame, k: int, *, source: str
) -> DataFrame:
    """Give every user k recommendations: the model's, then the most popular movies neither seen nor among them.

    A user gets fewer than k only where the catalogue has fewer that the user has not seen. The score of a popular movie
    is its weighted rating: stars of everybody's liking, not to be compared with a model's scores for the user, so that
    only the rank orders a whole list.

    Args:
        recommendations: the model's, at most k a user: user_id, rank (1.. without gaps), movie_id, score. Read three
            times: hold it if it is dear.
        users: user_id, one row a user: everybody who is to have a list.
        popularity: movie_id, weighted_rating, rank (1.. without gaps or ties), as in gold.movie_popularity.
        seen: user_id, movie_id, one row a pair.
        k: recommendations a user.
        source: the name of the model that made the recommendations.

    Returns:
        user_id int, rank int (1..k without gaps or ties), movie_id int, score double, source (the model's or
        'popularity').
    """
    model = recommendations.select("user_id", "rank", "movie_id", "score", F.lit(source).alias("source"))
    short = users_short_of(k, model, users)
    taken = seen.select("user_id", "movie_id").unionByName(model.select("user_id", "movie_id"))
    candidates = _popular_enough(short, popularity, seen, k)
    popular = candidates.join(taken, on=["user_id", "movie_id"], how="left_anti")
    place = F.row_number().over(Window.partitionBy("user_id").orderBy("popularity_rank"))
    added = popular.select(
        "user_id",
        (F.col("n_given") + place).cast("int").alias("rank"),
        "movie_id",
        F.col("weighted_rating").alias("score"),
        F.lit("popularity").alias("source"),
    )
    return model.unionByName(added.where(F.col("rank") <= k))


def users_short_of(k: int, recommendations: DataFrame, users: DataFrame) -> DataFrame:
    """The users who are given fewer than k recommendations: user_id, n_given."""
    given = recommendations.groupBy("user_id").agg(F.count(F.lit(1)).alias("n_given"))
    counted = users.join(given, on="user_id", how="left").select(
        "user_id", F.coalesce("n_given", F.lit(0)).alias("n_given")
    )
    return counted.where(F.col("n_given") < k)


def _popular_enough(short: DataFrame, popularity: DataFrame, seen: DataFrame, k: int) -> DataFrame:
    """The k + n most popular movies for each user who has seen n: at least k of them are unseen, if there are as many.

    They are found by their ranks, for a cross join with all movies would grow with the catalogue.
    """
    n_seen = seen.join(short, on="user_id", how="left_semi").groupBy("user_id").agg(F.count(F.lit(1)).alias("n_seen"))
    last_rank = F.coalesce("n_seen", F.lit(0)) + k
    ranks = short.join(n_seen, on="user_id", how="left").select(
        "user_id", "n_given", F.explode(F.sequence(F.lit(1).cast("long"), last_rank)).alias("popularity_rank")
    )
    ranked = popularity.select(F.col("rank").alias("popularity_rank"), "movie_id", "weighted_rating")
    return ranks.join(ranked, on="popularity_rank", how="inner")
