"""The project's own suites: a sound lakehouse meets them all, and each says what is wrong with an unsound table."""

import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pyspark.sql import DataFrame, SparkSession

from movie_lakehouse.quality.gate import Verdict, judge
from movie_lakehouse.quality.one_pass import QUERY
from movie_lakehouse.quality.suite import load_suite
from movie_lakehouse.silver.reasons import MEANINGS, REPLACED
from support.small_lakehouse import ROWS, small_lakehouse, table_of
from support.unsound_tables import UNSOUND

SUITES = Path(__file__).parents[2] / "expectations"
Failures = dict[str, dict[str, int | None]]


@pytest.fixture(scope="module")
def lakehouse(spark: SparkSession) -> dict[str, DataFrame]:
    tables = small_lakehouse(spark)
    return tables | {f"before.{name}": frame for name, frame in tables.items()}


@pytest.fixture(scope="module")
def failures_of_sound_tables(lakehouse: dict[str, DataFrame]) -> Failures:
    return judged({name: lakehouse[name] for name in ROWS}, lakehouse)


@pytest.fixture(scope="module")
def failures_of_unsound_tables(spark: SparkSession, lakehouse: dict[str, DataFrame]) -> Failures:
    return judged({name: table_of(spark, name, rows) for name, (rows, _) in UNSOUND.items()}, lakehouse)


def judged(frames: Mapping[str, DataFrame], lakehouse: Mapping[str, DataFrame]) -> Failures:
    """What fails of each frame, two of them judged side by side as tasks do."""
    with ThreadPoolExecutor(2) as pool:
        verdicts = pool.map(lambda name: judge(name, frames[name], lakehouse, SUITES), frames)
        return {name: failures(found) for name, found in zip(frames, verdicts, strict=True)}


def failures(verdicts: list[Verdict]) -> dict[str, int | None]:
    return {label(verdict): verdict.unexpected_count for verdict in verdicts if not verdict.success}


def label(verdict: Verdict) -> str:
    kind = verdict.expectation.split(" ")[0].removeprefix("expect_").removeprefix("column_values_to_")
    return verdict.description or f"{kind.removeprefix('column_')} {verdict.column or ''}".strip()


def test_the_suite_of_quarantine_knows_the_reasons_and_which_of_them_are_no_dirt() -> None:
    queries = [
        re.findall(r"array\((.*?)\)", entry.kwargs[QUERY])
        for entry in load_suite("silver.quarantine", SUITES).expectations
        if "array(" in entry.kwargs.get(QUERY, "")
    ]
    known, *replaced = [re.findall(r"'(\w+)'", codes) for (codes,) in queries]
    assert known == list(MEANINGS)
    assert replaced == [list(REPLACED), list(REPLACED)]


@pytest.mark.parametrize("name", ROWS)
def test_a_sound_table_meets_its_suite(failures_of_sound_tables: Failures, name: str) -> None:
    assert failures_of_sound_tables[name] == {}


@pytest.mark.parametrize("name", UNSOUND)
def test_what_is_wrong_with_a_table_is_named_with_the_number_of_rows(
    failures_of_unsound_tables: Failures, name: str
) -> None:
    assert failures_of_unsound_tables[name] == UNSOUND[name][1]


def test_a_fold_that_is_all_cold_is_a_warning(spark: SparkSession, lakehouse: dict[str, DataFrame]) -> None:
    cells = table_of(spark, "gold.cv_results", "('r', 0, 10, 5, 0.1, 0.9, 2, 0), ('r', 1, 10, 5, 0.1, NULL, 0, 2)")
    verdicts = judge("gold.cv_results", cells, lakehouse, SUITES)
    failed = [(verdict.severity, verdict.description) for verdict in verdicts if not verdict.success]
    assert failed == [("warning", "Under half of a fold is cold.")]
