"""Neighbours of movies that nobody rated: their tags beside what genres and year let expect."""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F


def with_tags_of_unrated(
    neighbours: DataFrame, supports: DataFrame, tags: DataFrame, n_ratings: DataFrame, k: int
) -> DataFrame:
    """Choose the neighbours of tagged movies without ratings anew, by tags as well; all others stay as they are.

    Their nearness is the mean of two cosines: that of the factors as it was, which genres and year alone let expect,
    and that of the sets of tags, shared / sqrt(tags of the one * tags of the other), in small letters. Who shares no
    tag has 0 there, so that the k best are among the k nearest by factors and those that share a tag.

    Args:
        neighbours: movie_id, rank, similar_movie_id, similarity: the k nearest of every movie by factors. Read twice.
        supports: movie_id, factors array<float>, support: what neighbours were found by.
        tags: movie_id, tag.
        n_ratings: movie_id, one row a movie that has any ratings.
        k: neighbours a movie.

    Returns:
        The neighbours in the same form.
    """
    sets = tags.select("movie_id", F.lower("tag").alias("tag")).distinct()
    tagged = neighbours.select("movie_id").distinct().join(sets, "movie_id", "left_semi")
    unrated = F.broadcast(tagged.join(n_ratings, "movie_id", "left_anti"))
    by_tags = _cosines_of_tags(sets.join(unrated, "movie_id", "left_semi"), sets)
    by_factors = neighbours.join(unrated, "movie_id", "left_semi").drop("rank")
    pair = ["movie_id", "similar_movie_id"]
    farther = by_tags.join(by_factors, pair, "left_anti").select(*pair)
    found = by_factors.unionByName(_cosines_of_factors(farther, supports))
    pairs = found.join(by_tags, pair, "left")
    both = (F.col("similarity") + F.coalesce("of_tags", F.lit(0.0))) / 2
    nearest_first = Window.partitionBy("movie_id").orderBy(F.desc("similarity"), "similar_movie_id")
    ranked = pairs.withColumn("similarity", both).withColumn("rank", F.row_number().over(nearest_first))
    chosen = ranked.where(F.col("rank") <= k).select(*neighbours.columns)
    return neighbours.join(unrated, "movie_id", "left_anti").select(*neighbours.columns).unionByName(chosen)


def _cosines_of_tags(some: DataFrame, sets: DataFrame) -> DataFrame:
    """The pairs that share a tag: movie_id, similar_movie_id, of_tags (0 to 1)."""
    n_tags = sets.groupBy("movie_id").agg(F.count(F.lit(1)).alias("n"))
    others = sets.withColumnRenamed("movie_id", "similar_movie_id")
    shared = some.join(others, "tag").where("movie_id <> similar_movie_id").groupBy("movie_id", "similar_movie_id")
    counted = shared.agg(F.count(F.lit(1)).alias("n_shared")).join(n_tags, "movie_id")
    n_others = n_tags.select(F.col("movie_id").alias("similar_movie_id"), F.col("n").alias("n_other"))
    cosine = F.col("n_shared") / F.sqrt(F.col("n") * F.col("n_other"))
    return counted.join(n_others, "similar_movie_id").select("movie_id", "similar_movie_id", cosine.alias("of_tags"))


def _cosines_of_factors(pairs: DataFrame, supports: DataFrame) -> DataFrame:
    """The pairs with their similarity as nearest_movies has it; movies whose factors point nowhere have none."""
    ones = supports.select("movie_id", F.col("factors").alias("x"))
    others = supports.select(F.col("movie_id").alias("similar_movie_id"), F.col("factors").alias("y"), "support")
    x, y = F.col("x"), F.col("y")
    cosine = F.try_divide(_dot(x, y), F.sqrt(_dot(x, x) * _dot(y, y)))
    joined = pairs.join(ones, "movie_id").join(others, "similar_movie_id")
    shrunk = joined.select("movie_id", "similar_movie_id", (cosine * F.col("support")).alias("similarity"))
    return shrunk.where("similarity IS NOT NULL")


def _dot(x: Column, y: Column) -> Column:
    """The dot product of two arrays, in doubles."""
    products = F.zip_with(x, y, lambda a, b: a.cast("double") * b.cast("double"))
    return F.aggregate(products, F.lit(0.0), lambda total, product: total + product)
