"""The suites of silver that compare a table with what it was: a bad day is stopped, a good one passes."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from pyspark.sql import DataFrame, SparkSession
from test_suites import SUITES, failures

from movie_lakehouse.quality.gate import judge
from movie_lakehouse.quality.suite import suite_path
from support.small_lakehouse import small_lakehouse

AT = "TIMESTAMP '2015-06-01 12:00:00'"
GONE = "No more than a tenth of the rows that were here is gone, nor more than 100."
MORE = "There are at most half as many rows again as there were, or 1000 more."
MEAN = "The mean rating is within half a star of what it was."
CHANGED = (
    "No more than one in five of the ratings that were here has other stars "
    "(of more than a million, a million or two are looked at, of whole users)."
)
RENAMED = "No more than one movie in twenty has another title than before, nor more than 10."
Found = Callable[[str, DataFrame, DataFrame], set[str]]


@pytest.fixture(scope="module")
def comparisons(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The suites with nothing but these of their expectations, the only ones that are asked about here."""
    folder = tmp_path_factory.mktemp("comparisons")
    for name in ("silver.ratings", "silver.movies"):
        suite = json.loads(suite_path(name, SUITES).read_text(encoding="utf-8"))
        kept = [one for one in suite["expectations"] if one.get("description") in {GONE, MORE, MEAN, CHANGED, RENAMED}]
        suite_path(name, folder).parent.mkdir(exist_ok=True)
        suite_path(name, folder).write_text(json.dumps(suite | {"expectations": kept}), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def found(spark: SparkSession, comparisons: Path) -> Found:
    """Tells, of a table as it was and as it is now, which of the comparisons say that something is wrong."""
    tables = small_lakehouse(spark)
    return lambda name, was, now: set(failures(judge(name, now, tables | {f"before.{name}": was}, comparisons)))


def ratings(spark: SparkSession, users: int, stars: float | str = 4.0) -> DataFrame:
    """One rating of the movie 1 by each of so many users."""
    columns = f"CAST(id + 1 AS INT) user_id, 1 movie_id, CAST({stars} AS DOUBLE) rating, {AT} rated_at"
    return spark.sql(f"SELECT {columns} FROM range({users})")


def movies(spark: SparkSession, renamed: int = 0) -> DataFrame:
    """A hundred movies, so many of them with another title."""
    title = f"concat(CASE WHEN id < {renamed} THEN 'Other' ELSE 'Movie' END, ' (1995)')"
    columns = f"CAST(id + 1 AS INT) movie_id, {title} title, 1995 release_year, array('Drama') genres, false is_unrated"
    return spark.sql(f"SELECT {columns} FROM range(100)")


@pytest.mark.parametrize(
    ("users", "stars", "wrong"),
    [
        (2000, 4.0, set()),
        (1900, 4.0, set()),
        (1700, 4.0, {GONE}),
        (2900, 4.0, set()),
        (3100, 4.0, {MORE}),
        (2000, 3.4, {MEAN, CHANGED}),
        (2000, 0.5, {MEAN, CHANGED}),
        (2000, "CASE WHEN id % 5 = 0 THEN 4.5 ELSE 4.0 END", set()),
        (2000, "CASE WHEN id % 4 = 0 THEN 4.5 ELSE 4.0 END", {CHANGED}),
    ],
)
def test_ratings_may_not_fall_jump_or_change_beyond_a_bound(
    spark: SparkSession, found: Found, users: int, stars: float | str, wrong: set[str]
) -> None:
    assert found("silver.ratings", ratings(spark, 2000), ratings(spark, users, stars)) == wrong


@pytest.mark.parametrize(("renamed", "wrong"), [(10, set()), (11, {RENAMED})])
def test_few_movies_may_be_renamed(spark: SparkSession, found: Found, renamed: int, wrong: set[str]) -> None:
    assert found("silver.movies", movies(spark), movies(spark, renamed)) == wrong


def test_the_first_run_has_nothing_to_be_compared_with(spark: SparkSession, found: Found) -> None:
    assert found("silver.ratings", ratings(spark, 0), ratings(spark, 5000, 0.5)) == set()
