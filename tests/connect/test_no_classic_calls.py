"""Library code calls nothing that Spark Connect lacks, and holds frames in one module alone."""

from pathlib import Path

import pytest
from classic_calls import CLASSIC_ONLY, HOLDING, classic_calls

SOURCES = Path(__file__).parents[2] / "src" / "movie_lakehouse"
ALL = sorted(str(path.relative_to(SOURCES)) for path in SOURCES.rglob("*.py"))
EXEMPT = {"lakehouse/session.py", "lakehouse/internals.py"}
HOLDER = "lakehouse/materialise.py"
FORBIDDEN = {
    "rdd": "frame.rdd.map(len)",
    "_jvm": "spark._jvm.java.lang.System.gc()",
    "_jsc": "spark._jsc.sc()",
    "_jdf": "frame._jdf.queryExecution()",
    "_sc": "spark._sc.parallelize([1])",
    "sparkContext": "spark.sparkContext.setLogLevel('WARN')",
    "SparkContext": "pyspark.SparkContext.getOrCreate()",
    "checkpoint": "frame.checkpoint()",
    "localCheckpoint": "frame.localCheckpoint()",
    "cache": "frame.cache()",
    "persist": "frame.persist()",
    "cacheTable": "spark.catalog.cacheTable('t')",
}
"""A line with each forbidden name."""


@pytest.mark.parametrize("module", [name for name in ALL if name not in EXEMPT])
def test_a_module_calls_nothing_that_only_classic_spark_has(module: str) -> None:
    allowed = HOLDING if module == HOLDER else set()

    found = list(classic_calls((SOURCES / module).read_text(encoding="utf-8"), (CLASSIC_ONLY | HOLDING) - allowed))

    assert found == []


@pytest.mark.parametrize(("name", "line"), FORBIDDEN.items())
def test_each_forbidden_call_would_be_found(name: str, line: str) -> None:
    assert list(classic_calls(f"'A module.'\n\n{line}\n", CLASSIC_ONLY | HOLDING)) == [f"3: {name}"]


def test_there_is_a_line_here_for_every_forbidden_name() -> None:
    assert set(FORBIDDEN) == CLASSIC_ONLY | HOLDING


def test_an_import_of_what_is_classic_would_be_found() -> None:
    assert list(classic_calls("from pyspark import SparkContext", CLASSIC_ONLY)) == ["1: SparkContext"]


def test_the_exempt_modules_are_there() -> None:
    assert EXEMPT | {HOLDER} <= set(ALL)


def test_a_comment_a_text_and_another_cache_are_no_calls() -> None:
    source = "# frame.rdd\nfrom functools import cache\nsaid = 'frame.cache()'\n"

    assert list(classic_calls(source, CLASSIC_ONLY | HOLDING)) == []
