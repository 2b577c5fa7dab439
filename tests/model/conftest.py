"""Ratings that the model's tests share: 60 users with planted taste."""

from collections.abc import Iterator

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from movie_lakehouse.lakehouse.materialise import materialised
from movie_lakehouse.sources import SampleSpec, generate_sample

SPEC = SampleSpec(n_users=60, n_movies=100, n_ratings=2_000, n_factors=2, noise=0.3, seed=7, dirty=False)


@pytest.fixture(scope="session")
def ratings(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DataFrame]:
    """user_id, movie_id, rating: 2,000 of them by 60 users, held."""
    folder = tmp_path_factory.mktemp("model") / "sample"
    generate_sample(SPEC, folder)
    csv = spark.read.csv(
        str(folder / "ratings.csv"), header=True, schema="user_id INT, movie_id INT, rating DOUBLE, timestamp BIGINT"
    )
    in_order = csv.select("user_id", "movie_id", "rating").orderBy(F.col("user_id"), F.col("movie_id")).coalesce(1)
    with materialised(in_order) as held:
        yield held
