"""The classic MovieLens notebook as a script, on Spark's defaults, timed stage by stage.

    python -m benchmarks.notebook_way FOLDER [--grid JSON]

What such notebooks do: read the CSVs with inferred schemas, ask the usual questions in SQL, tune ALS by CrossValidator
(27 settings, five folds), recommend to all users, and find each movie's neighbours in a Python loop. Seconds by stage
and the winner go to standard output as JSON. It is what the project is measured against and shares no code with it.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from pyspark.ml.evaluation import RegressionEvaluator
from pyspark.ml.param import Param
from pyspark.ml.recommendation import ALS, ALSModel
from pyspark.ml.tuning import CrossValidator, ParamGridBuilder
from pyspark.sql import DataFrame, SparkSession

QUERIES = (
    "SELECT COUNT(DISTINCT userId), COUNT(DISTINCT movieId), COUNT(*) FROM ratings",
    "SELECT rating, COUNT(*) FROM ratings GROUP BY rating ORDER BY rating",
    "SELECT m.* FROM movies m LEFT ANTI JOIN ratings r ON m.movieId = r.movieId",
    "SELECT DISTINCT EXPLODE(SPLIT(genres, '[|]')) AS genre FROM movies",
    "SELECT genre, COUNT(*) FROM (SELECT EXPLODE(SPLIT(genres, '[|]')) AS genre FROM movies) GROUP BY genre",
    "SELECT m.title, AVG(r.rating), COUNT(*) AS n FROM ratings r JOIN movies m ON r.movieId = m.movieId "
    "GROUP BY m.title ORDER BY n DESC",
    "SELECT userId, COUNT(*), AVG(rating) FROM ratings GROUP BY userId",
)
CLASSIC = '{"rank": [10, 11, 12], "max_iter": [5, 7, 10], "reg_param": [0.1, 0.01, 0.001]}'
N_FOLDS = 5
SEED = 42
seconds: dict[str, float] = {}


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Time the block by the clock."""
    start = time.perf_counter()
    yield
    seconds[name] = round(time.perf_counter() - start, 2)
    print(f"{name}: {seconds[name]:.1f} s", file=sys.stderr, flush=True)


def read(spark: SparkSession, folder: str) -> DataFrame:
    """The CSVs as views; the ratings also as a frame."""
    for name in ("movies", "ratings", "links", "tags"):
        frame = spark.read.csv(f"{folder}/{name}.csv", header=True, inferSchema=True)
        frame.createOrReplaceTempView(name)
    return spark.table("ratings").drop("timestamp")


def split(ratings: DataFrame) -> tuple[DataFrame, DataFrame]:
    """A training part and a held-out part, the same every time."""
    train, held_out = ratings.randomSplit([0.8, 0.2], seed=SEED)
    return train, held_out


def tune(train: DataFrame, values: dict[str, list[Any]]) -> tuple[ALSModel, list[Any], float]:
    """The best model over the grid, its rank, iterations and regularisation, and its mean error over the folds."""
    als = ALS(userCol="userId", itemCol="movieId", ratingCol="rating", nonnegative=True, coldStartStrategy="drop")
    axes: list[Param[Any]] = [als.rank, als.maxIter, als.regParam]
    builder = ParamGridBuilder()
    for axis, name in zip(axes, ("rank", "max_iter", "reg_param"), strict=True):
        builder.addGrid(axis, values[name])
    grid = builder.build()
    fitted = CrossValidator(
        estimator=als,
        estimatorParamMaps=grid,
        evaluator=RegressionEvaluator(labelCol="rating", predictionCol="prediction", metricName="rmse"),
        numFolds=N_FOLDS,
        seed=SEED,
    ).fit(train)
    best = int(np.argmin(fitted.avgMetrics))
    return fitted.bestModel, [grid[best][axis] for axis in axes], fitted.avgMetrics[best]  # type: ignore[return-value]


def neighbours(model: ALSModel, n_neighbours: int = 50) -> dict[int, list[int]]:
    """The nearest movies by cosine, movie by movie."""
    rows = model.itemFactors.collect()
    factors = {row["id"]: np.array(row["features"]) for row in rows}
    ids, matrix = list(factors), np.array(list(factors.values()))
    nearest = {}
    for movie, vector in factors.items():
        cosines = matrix @ vector / (np.linalg.norm(matrix, axis=1) * np.linalg.norm(vector) + 1e-12)
        nearest[movie] = [ids[place] for place in np.argsort(-cosines)[1 : n_neighbours + 1]]
    return nearest


def main() -> None:
    """Run the stages one after another."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--grid", default=CLASSIC, help="values of each parameter, for a quick look")
    asked = parser.parse_args()
    with stage("session"):
        spark = SparkSession.builder.appName("notebook").getOrCreate()
        spark.sparkContext.setLogLevel("ERROR")
    with stage("read"):
        ratings = read(spark, asked.folder)
    with stage("queries"):
        for query in QUERIES:
            spark.sql(query).toPandas()
    with stage("search"):
        train, held_out = split(ratings)
        model, best, cross_validated = tune(train, json.loads(asked.grid))
    with stage("held-out"):
        evaluator = RegressionEvaluator(labelCol="rating", predictionCol="prediction", metricName="rmse")
        held_out_rmse = evaluator.evaluate(model.transform(held_out))
    with stage("recommend"):
        model.recommendForAllUsers(10).toPandas()
    with stage("similarity"):
        neighbours(model)
    found = {"best": best, "cross_validated_rmse": cross_validated, "held_out_rmse": held_out_rmse}
    print(json.dumps({"seconds": seconds, **found}))


if __name__ == "__main__":
    main()
