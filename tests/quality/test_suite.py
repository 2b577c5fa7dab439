"""Reading a suite: what is wrong with its file is named, with the file and the entry."""

import json
from pathlib import Path
from typing import Any

import pytest

from movie_lakehouse.errors import GateError
from movie_lakehouse.lakehouse.tables import ALL_TABLES
from movie_lakehouse.quality.suite import NOT_ON_SPARK, load_suite, suite_path

SUITES = Path(__file__).parents[2] / "expectations"
NOT_NULL = {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "tag"}}
QUERY = "unexpected_rows_expectation"


def written(folder: Path, content: Any) -> Path:
    """A folder of suites whose silver.tags holds the content: text as it is, anything else as JSON."""
    path = suite_path("silver.tags", folder)
    path.parent.mkdir()
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return folder


def suite(*expectations: Any, **more: Any) -> dict[str, Any]:
    return {"name": "silver.tags", "expectations": list(expectations), **more}


@pytest.mark.parametrize("name", [name for name in ALL_TABLES if not name.startswith("ops.")])
def test_every_table_has_a_suite_of_its_columns(name: str) -> None:
    found = load_suite(name, SUITES)
    named = {entry.kwargs["column"] for entry in found.expectations if "column" in entry.kwargs}
    assert found.expectations
    assert named <= set(ALL_TABLES[name].column_names)


def test_no_suite_is_without_a_table() -> None:
    files = {f"{path.parent.name}.{path.stem}" for path in SUITES.glob("*/*.json")}
    assert files <= set(ALL_TABLES)


def test_a_suite_keeps_severity_and_what_it_reads(tmp_path: Path) -> None:
    warning = NOT_NULL | {"severity": "warning"}
    found = load_suite("silver.tags", written(tmp_path, suite(NOT_NULL, warning, meta={"reads": ["silver.movies"]})))
    assert [entry.severity.value for entry in found.expectations] == ["critical", "warning"]
    assert found.reads == ("silver.movies",)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("{", r"tags\.json is not JSON"),
        ([], r"must be a JSON object"),
        ({"name": "silver.tag", "expectations": [NOT_NULL]}, r'must be named "silver\.tags", not "silver\.tag"'),
        (suite(), r"at least one expectation"),
        (suite(NOT_NULL, expectation=[]), r"The suite has no key expectation;"),
        (suite(NOT_NULL, "not null"), r"expectation 2 must be an object"),
        (suite({"type": "expect_tags", "kwargs": {}}), r"expectation 1 \(expect_tags\) is not a type"),
        (suite(NOT_NULL | {"kwarg": {}}), r"expectation 1 \(expect_column.*no key kwarg;"),
        (suite(NOT_NULL | {"kwargs": []}), r"expectation 1 .* kwargs must be an object"),
        (suite(NOT_NULL | {"kwargs": {"columns": "tag"}}), r"expectation 1 .* column: field required; columns: extra"),
        (suite(NOT_NULL | {"severity": "fatal"}), r'severity "fatal"; it must be critical or warning'),
        (suite(NOT_NULL | {"severity": ["critical"]}), r'severity \["critical"\]'),
        (suite({"type": QUERY, "kwargs": {"unexpected_rows_query": "SELECT 1"}}), r"frame judged as \{batch\}"),
        (suite({"type": QUERY, "kwargs": {"unexpected_rows_query": "SELECT '{' {batch}"}}), r"malformed brace"),
        (
            suite(
                {"type": QUERY, "kwargs": {"unexpected_rows_query": "SELECT 1 FROM {batch} WHERE a RLIKE '[0-9]{4}'"}}
            ),
            r"the query has \{4\}, .* a brace that is meant as one is written twice",
        ),
        (
            '{"name": "silver.tags", "expectations": [], "expectations": [1]}',
            r'not JSON: an object has the key "expectations" twice',
        ),
        (suite(NOT_NULL | {"kwargs": {"column": "tag", "mostly": float("nan")}}), r"not JSON: NaN is not a number"),
        (
            suite(NOT_NULL | {"kwargs": {"column": "tag", "mostly": float("inf")}}),
            r"not JSON: Infinity is not a number",
        ),
        (suite(NOT_NULL, meta={"read": ["silver.movies"]}), r"The suite's meta has no key read;"),
        (suite(NOT_NULL | {"meta": {"columns": "tag"}}), r"expectation 1 .* an expectation's meta has no key columns;"),
        (suite(NOT_NULL | {"meta": {"column": ["a", "b"]}}), r"expectation 1 .* meta\.column must be a text"),
        (suite(NOT_NULL | {"meta": "tag"}), r"expectation 1 .* meta must be an object"),
        (
            suite(NOT_NULL, meta={"reads": ["silver.films"]}),
            r'meta\.reads names "silver\.films"; the tables are bronze',
        ),
        (suite(NOT_NULL, meta={"reads": "silver.movies"}), r"its reads a list of tables"),
    ],
)
def test_a_broken_suite_is_refused_by_a_line_that_says_where(tmp_path: Path, content: Any, complaint: str) -> None:
    with pytest.raises(GateError, match=complaint) as refused:
        load_suite("silver.tags", written(tmp_path, content))
    assert "silver/tags.json" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_suite_may_begin_with_a_mark_of_its_encoding(tmp_path: Path) -> None:
    assert load_suite("silver.tags", written(tmp_path, "\ufeff" + json.dumps(suite(NOT_NULL)))).expectations


@pytest.mark.parametrize("kind", sorted(NOT_ON_SPARK))
def test_what_great_expectations_cannot_judge_on_spark_is_refused(tmp_path: Path, kind: str) -> None:
    with pytest.raises(GateError, match=rf"expectation 1 \({kind}\): .* cannot judge it on Spark; write it as SQL"):
        load_suite("silver.tags", written(tmp_path, suite({"type": kind, "kwargs": {"column": "tag"}})))


def test_no_other_expectation_of_rows_is_without_a_metric_on_spark() -> None:
    from great_expectations.expectations import registry

    import movie_lakehouse.quality.metrics  # noqa: F401 - its metrics count too

    of_types = {"expect_column_values_to_be_of_type", "expect_column_values_to_be_in_type_list"}  # ask the schema
    for kind in set(registry.list_registered_expectation_implementations()) - NOT_ON_SPARK - of_types:
        for metric in registry.get_expectation_impl(kind).metric_dependencies:
            providers = registry._registered_metrics[metric]["providers"]
            assert {"SparkDFExecutionEngine", "GateEngine"} & set(providers), kind


def test_a_table_without_a_suite_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GateError, match=r"silver/tags\.json cannot be read \(No such file"):
        load_suite("silver.tags", tmp_path)
