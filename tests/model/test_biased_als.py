"""ALS on what biases leave, as an estimator of Spark ML."""

from pathlib import Path

import pytest
from pyspark.ml.evaluation import RegressionEvaluator
from pyspark.ml.tuning import CrossValidator, ParamGridBuilder
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from movie_lakehouse.model.biased_als import BiasedALS, residuals
from movie_lakehouse.model.biases import fit_biases
from movie_lakehouse.model.factor_model import FactorModel
from movie_lakehouse.model.split import random_split

# The pool of threads in CrossValidator is left to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed running multiprocessing pool:ResourceWarning")


@pytest.fixture(scope="module")
def sides(ratings: DataFrame) -> tuple[DataFrame, DataFrame]:
    return random_split(ratings, 0.2, seed=1)


@pytest.fixture(scope="module")
def model(sides: tuple[DataFrame, DataFrame]) -> FactorModel:
    return BiasedALS(rank=2, maxIter=5, regParam=0.1, seed=1).fit(sides[0])


def rmse(predictions: DataFrame) -> float:
    return RegressionEvaluator(labelCol="rating", metricName="rmse").evaluate(predictions)


def test_residuals_are_what_mean_and_biases_leave(spark: SparkSession) -> None:
    ratings = spark.createDataFrame([(1, 1, 5.0), (2, 1, 3.0)], "user_id INT, movie_id INT, rating DOUBLE")
    biases = fit_biases(ratings, user_regularisation=1.0, movie_regularisation=1.0)

    left = residuals(ratings, biases).select("user_id", "residual").collect()

    assert dict(left) == {1: 0.5, 2: -0.5}


def test_it_predicts_better_than_the_biases_alone(model: FactorModel, sides: tuple[DataFrame, DataFrame]) -> None:
    nothing = F.array(F.lit(0.0).cast("float"))
    biases = fit_biases(sides[0])
    alone = FactorModel(
        biases.users.withColumn("factors", nothing), biases.movies.withColumn("factors", nothing), biases.mean
    )

    assert rmse(model.transform(sides[1])) < rmse(alone.transform(sides[1]))


def test_a_cold_user_gets_the_movies_bias(model: FactorModel, spark: SparkSession) -> None:
    movie = model.movie_factors.orderBy("movie_id").first()
    assert movie is not None
    stranger = spark.createDataFrame([(0, movie["movie_id"])], "user_id INT, movie_id INT")

    predicted = model.transform(stranger).first()

    assert predicted is not None
    assert predicted["prediction"] == pytest.approx(model.getOrDefault(model.mean) + movie["bias"])


def test_it_is_saved_and_loaded_as_sparks_estimators_are(spark: SparkSession, tmp_path: Path) -> None:
    estimator = BiasedALS(rank=3, regParam=0.2, seed=7, movieRegularisation=4.0)
    estimator.save(str(tmp_path / "estimator"))

    loaded = BiasedALS.load(str(tmp_path / "estimator"))

    assert {p.name: v for p, v in loaded.extractParamMap().items()} == {
        p.name: v for p, v in estimator.extractParamMap().items()
    }


def test_a_cross_validator_tunes_it_unchanged(sides: tuple[DataFrame, DataFrame]) -> None:
    estimator = BiasedALS(rank=1, maxIter=1, seed=1)
    # The biases may deviate freely in one setting and not at all in the other.
    grid = ParamGridBuilder().addGrid(estimator.movieRegularisation, [1e9, 3.0]).build()
    evaluator = RegressionEvaluator(labelCol="rating", metricName="rmse")

    tuned = CrossValidator(estimator=estimator, estimatorParamMaps=grid, evaluator=evaluator, numFolds=2, seed=3)

    assert len(set(tuned.fit(sides[0]).avgMetrics)) == 2
