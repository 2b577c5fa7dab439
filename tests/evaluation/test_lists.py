from pyspark.sql import SparkSession

from movie_lakehouse.evaluation.lists import most_liked

RATED = "user_id INT, movie_id INT, rating DOUBLE"


def test_everybody_gets_the_most_liked_movies_that_they_have_not_seen(spark: SparkSession) -> None:
    # Movie 10 has two likes, 11 and 12 one each, 13 none.
    rows = [(1, 10, 4.0), (2, 10, 5.0), (2, 11, 4.0), (3, 12, 4.5), (3, 13, 1.0)]
    seen = spark.createDataFrame(rows, RATED)

    found = most_liked(seen.where("rating >= 4"), seen, k=2).orderBy("user_id", "rank").collect()

    assert [(row["user_id"], row["movie_id"]) for row in found] == [(1, 11), (1, 12), (2, 12), (3, 10), (3, 11)]
