"""Either way of searching gives what Spark's CrossValidator gives when it is run plainly, and every cell of it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from pyspark.ml.evaluation import RegressionEvaluator
from pyspark.ml.tuning import CrossValidator, CrossValidatorModel, ParamGridBuilder
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from movie_lakehouse.errors import TaskError
from movie_lakehouse.lakehouse.materialise import materialised
from movie_lakehouse.model.als import als_estimator
from movie_lakehouse.model.grid import Grid
from movie_lakehouse.model.one_worker.on_spark import MOST_RATINGS
from movie_lakehouse.model.search import SearchOutcome, SearchWay, chosen_way, search
from movie_lakehouse.model.split import with_fold
from movie_lakehouse.model.training import Family, TrainingSettings, fit_setting, tune

# The pool of threads in CrossValidator is left to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed running multiprocessing pool:ResourceWarning")
GRID = Grid(rank=(2,), max_iter=(1, 3), reg_param=(2.0, 0.1))
ESTIMATOR_SETTING = GRID.settings()[0]


@dataclass(frozen=True)
class Searched:
    """A search, and what it said of its progress."""

    way: SearchWay
    outcome: SearchOutcome
    progress: list[tuple[int, int]]
    said: list[str]


@pytest.fixture(scope="module")
def train(ratings: DataFrame) -> Iterator[DataFrame]:
    """The ratings in two folds, and one rating in fold 1 by a user whom fold 0 does not know."""
    stranger = ratings.limit(1).selectExpr("9999 AS user_id", "movie_id", "rating", "1 AS fold")
    with materialised(with_fold(ratings, 2, seed=3).union(stranger)) as held:
        yield held


@pytest.fixture(scope="module", params=["models", "spark"])
def searched(train: DataFrame, request: pytest.FixtureRequest) -> Searched:
    """Both ways: whatever is said of one holds for the other."""
    progress: list[tuple[int, int]] = []
    said: list[str] = []
    outcome = search(
        train,
        GRID,
        als_estimator(ESTIMATOR_SETTING, nonnegative=True, seed=5, n_ratings=2_000),
        n_folds=2,
        parallelism=2,
        way=request.param,
        on_fit=lambda done, total: progress.append((done, total)),
        say=said.append,
    )
    return Searched(request.param, outcome, progress, said)


@pytest.fixture(scope="module")
def plain(train: DataFrame) -> CrossValidatorModel:
    """CrossValidator as anyone would run it."""
    als = als_estimator(ESTIMATOR_SETTING, nonnegative=True, seed=5, n_ratings=2_000)
    builder = ParamGridBuilder().addGrid(als.rank, list(GRID.rank)).addGrid(als.maxIter, list(GRID.max_iter))
    return CrossValidator(
        estimator=als,
        estimatorParamMaps=builder.addGrid(als.regParam, list(GRID.reg_param)).build(),
        evaluator=RegressionEvaluator(labelCol="rating", predictionCol="prediction", metricName="rmse"),
        numFolds=2,
        foldCol="fold",
        parallelism=2,
    ).fit(train)


def test_every_setting_has_a_cell_for_every_fold(searched: Searched) -> None:
    cells = [(cell.setting, cell.fold) for cell in searched.outcome.cells]

    assert cells == [(setting, fold) for setting in GRID.settings() for fold in (0, 1)]


@pytest.mark.parametrize("fold", [0, 1])
def test_a_folds_rows_are_scored_but_for_those_whose_user_or_movie_the_other_lacks(
    searched: Searched, train: DataFrame, fold: int
) -> None:
    rows = train.select("user_id", "movie_id", "fold").collect()
    users = {row["user_id"] for row in rows if row["fold"] != fold}
    movies = {row["movie_id"] for row in rows if row["fold"] != fold}
    held_out = [row for row in rows if row["fold"] == fold]
    n_scored = sum(row["user_id"] in users and row["movie_id"] in movies for row in held_out)

    counts = {(cell.n_scored, cell.n_cold) for cell in searched.outcome.cells if cell.fold == fold}

    assert counts == {(n_scored, len(held_out) - n_scored)}


def test_mean_errors_are_those_of_a_plain_cross_validator(searched: Searched, plain: CrossValidatorModel) -> None:
    cells = searched.outcome.cells
    means = [sum(c.rmse or 0 for c in cells if c.setting == setting) / 2 for setting in GRID.settings()]

    assert means == pytest.approx(plain.avgMetrics, rel=1e-4)


def test_the_winner_is_that_of_a_plain_cross_validator(searched: Searched, plain: CrossValidatorModel) -> None:
    best = min(range(4), key=lambda index: plain.avgMetrics[index])

    assert searched.outcome.best == GRID.settings()[best]
    assert searched.outcome.model.rank == plain.bestModel.rank == searched.outcome.best.rank  # type: ignore[attr-defined]


def test_the_winner_is_fitted_on_all_of_the_training_part(searched: Searched, train: DataFrame) -> None:
    assert searched.outcome.model.userFactors.count() == train.select("user_id").distinct().count()


@pytest.mark.parametrize("family", ["als", "biased_als"])
def test_both_ways_find_the_same_error_in_every_cell(
    ratings: DataFrame, family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Three blocks: each block of users starts from random numbers of its own.
    monkeypatch.setattr("movie_lakehouse.model.als._RATINGS_A_BLOCK", 700)
    chosen = replace(
        settings(), family=family, nonnegative=False, grid=Grid(rank=(2,), max_iter=(2,), reg_param=(0.1,))
    )

    models, spark = (
        tune(ratings, replace(chosen, search=way), lambda done, total: None) for way in ("models", "spark")
    )

    assert [cell.n_cold for cell in models.cells] == [cell.n_cold for cell in spark.cells]
    assert [cell.rmse for cell in models.cells] == pytest.approx([cell.rmse for cell in spark.cells], rel=1e-4)


def test_progress_counts_the_fits_from_none_to_all(searched: Searched) -> None:
    # Models as tasks fit both numbers of iterations in one go.
    at_a_time = 2 if searched.way == "models" else 1

    assert searched.progress == [(done, 8) for done in range(0, 9, at_a_time)]


def test_the_way_that_is_taken_is_said(searched: Searched) -> None:
    how = {"models": "whole models as tasks", "spark": "Spark's CrossValidator"}[searched.way]

    assert searched.said == [f"search={searched.way}: 4 settings in 2 folds by {how}, 2,001 ratings"]


@pytest.mark.parametrize(
    ("way", "n_ratings", "taken"),
    [
        ("auto", MOST_RATINGS, "models"),
        ("auto", MOST_RATINGS + 1, "spark"),
        ("models", MOST_RATINGS + 1, "models"),
        ("spark", 1, "spark"),
    ],
)
def test_size_decides_unless_a_way_is_asked_for(way: SearchWay, n_ratings: int, taken: SearchWay) -> None:
    assert chosen_way(way, n_ratings) == taken


def settings(n_folds: int = 2) -> TrainingSettings:
    grid = Grid(rank=(1,), max_iter=(1,), reg_param=(0.1, 5.0))
    return TrainingSettings(grid, n_folds, nonnegative=True, seed=1, parallelism=1)


def test_without_ratings_there_is_nothing_to_train_on(ratings: DataFrame) -> None:
    with pytest.raises(TaskError, match="no ratings to train on"):
        tune(ratings.where("false"), settings(), lambda done, total: None)


def test_a_fold_without_ratings_is_refused(ratings: DataFrame) -> None:
    with pytest.raises(TaskError, match=r"^Only 1 of 20 folds have ratings \(1 to train on\): use fewer folds"):
        tune(ratings.limit(1), settings(n_folds=20), lambda done, total: None)


def test_ratings_that_are_all_cold_are_refused(spark: SparkSession) -> None:
    loners = spark.range(1, 21).selectExpr("CAST(id AS INT) user_id", "CAST(id AS INT) movie_id", "4.0D AS rating")

    with pytest.raises(TaskError, match="No held-out rating has both its user and its movie in training"):
        tune(loners, settings(), lambda done, total: None)


def test_a_fold_that_is_all_cold_has_no_error_and_leaves_the_choice_to_the_others(ratings: DataFrame) -> None:
    strangers = ratings.selectExpr("user_id + 1000 AS user_id", "movie_id + 1000 AS movie_id", "rating", "2 AS fold")
    train = with_fold(ratings, 2, seed=3).union(strangers.limit(50))
    # The worse setting comes first: without a choice it would win.
    grid = Grid(rank=(1,), max_iter=(2,), reg_param=(9.0, 0.1))
    estimator = als_estimator(grid.settings()[0], nonnegative=True, seed=1, n_ratings=2_000)

    outcome = search(train, grid, estimator, n_folds=3, parallelism=2)

    assert [(c.rmse, c.n_scored, c.n_cold) for c in outcome.cells if c.fold == 2] == [(None, 0, 50)] * 2
    assert outcome.best.reg_param == 0.1


def test_the_published_model_has_the_winning_setting_and_knows_all_of_the_ratings(
    searched: Searched, ratings: DataFrame
) -> None:
    best = searched.outcome.best
    model = fit_setting(ratings, best, settings())

    assert model.user_factors.select(F.size("factors")).distinct().collect() == [(best.rank,)]
    assert model.user_factors.count() == 60
    assert model.movie_factors.count() == ratings.agg(F.count_distinct("movie_id")).first()[0]  # type: ignore[index]
