from pyspark.sql import DataFrame, SparkSession

from movie_lakehouse.evaluation.sides import Sides

RATED = "user_id INT, movie_id INT, rating DOUBLE"


def pairs(frame: DataFrame) -> list[tuple[int, int]]:
    return sorted((row["user_id"], row["movie_id"]) for row in frame.collect())


def test_a_profile_is_known_of_its_own_user_and_nothing_that_models_are_fitted_to(spark: SparkSession) -> None:
    train = spark.createDataFrame([(1, 10, 4.0), (2, 10, 3.0)], RATED)
    profiles = spark.createDataFrame([(2, 11, 5.0), (3, 10, 1.0), (3, 12, 2.0)], RATED)
    held_out = spark.createDataFrame([(2, 13, 5.0), (3, 13, 1.0)], RATED)

    sides = Sides.of(train, held_out, profiles)

    assert pairs(sides.train) == [(1, 10), (2, 10)]
    assert pairs(sides.history) == [(2, 10), (2, 11), (3, 10), (3, 12)]


def test_without_profiles_what_models_are_fitted_to_is_all_that_is_known(spark: SparkSession) -> None:
    train = spark.createDataFrame([(1, 10, 4.0)], RATED)

    sides = Sides.of(train, spark.createDataFrame([(1, 11, 4.0)], RATED))

    assert pairs(sides.history) == [(1, 10)]
    assert not sides.has_profiles
