import pytest
from pyspark.sql import SparkSession

from movie_lakehouse.model.biases import fit_biases

FORM = "user_id INT, movie_id INT, rating DOUBLE"


def test_biases_are_deviations_shrunk_by_the_regularisation(spark: SparkSession) -> None:
    # The mean is 3. Movie 1 deviates by +2 and 0, movie 2 by -2.
    ratings = spark.createDataFrame([(1, 1, 5.0), (2, 1, 3.0), (2, 2, 1.0)], FORM)

    biases = fit_biases(ratings, user_regularisation=1.0, movie_regularisation=2.0)

    assert biases.mean == 3.0
    assert dict(biases.movies.collect()) == pytest.approx({1: 2 / 4, 2: -2 / 3})
    assert dict(biases.users.collect()) == pytest.approx({1: (2 - 1 / 2) / 2, 2: (0 - 1 / 2 - 2 + 2 / 3) / 3})
