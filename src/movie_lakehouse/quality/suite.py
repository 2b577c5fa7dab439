"""Reads a table's suite of expectations: Great Expectations' own suite JSON, with every fault of it named."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Any

from movie_lakehouse.errors import GateError
from movie_lakehouse.lakehouse.tables import ALL_TABLES
from movie_lakehouse.quality.one_pass import BATCH, QUERY, QUERY_TYPE
from movie_lakehouse.quality.suite_file import suite_content
from movie_lakehouse.quality.verdict import SEVERITIES

if TYPE_CHECKING:
    from movie_lakehouse.quality.gx import ExpectationConfiguration

_SUITE_KEYS = {"name", "expectations", "meta", "notes", "id"}
_ENTRY_KEYS = {"type", "kwargs", "severity", "description", "notes", "meta", "id"}
_META_KEYS = {"notes", "reads", "great_expectations_version"}
_ENTRY_META_KEYS = {"notes", "column"}
NOT_ON_SPARK = {
    "expect_column_values_to_be_dateutil_parseable",
    "expect_column_values_to_match_like_pattern",
    "expect_column_values_to_match_like_pattern_list",
    "expect_column_values_to_not_match_like_pattern",
    "expect_column_values_to_not_match_like_pattern_list",
    "expect_query_results_to_match_comparison",
    "expect_table_row_count_to_equal_other_table",
}
"""The types that Great Expectations knows and cannot judge on Spark."""
BEFORE = "before."
"""Goes before a table's name where it is meant as it is until the task publishes."""


@dataclass(frozen=True)
class Suite:
    """A table's expectations.

    Attributes:
        name: the table.
        path: the file.
        expectations: in the file's order, as Great Expectations configures them.
        reads: other tables that the suite's SQL names: ``silver.movies`` stands in it as ``silver_movies``, and
            ``before.silver.movies``, that table as it is before the task publishes, as ``before_silver_movies``.
    """

    name: str
    path: Path
    expectations: tuple["ExpectationConfiguration", ...]
    reads: tuple[str, ...]


def suite_path(name: str, suites: Path) -> Path:
    """Where the table's suite is.

    >>> suite_path("silver.ratings", Path("expectations")).as_posix()
    'expectations/silver/ratings.json'
    """
    layer, table = name.split(".")
    return suites / layer / f"{table}.json"


def load_suite(name: str, suites: Path) -> Suite:
    """Read and check the suite of a table.

    Raises:
        GateError: the file is missing or is not a suite, or one of its entries cannot be judged; the message names the
            file and the entry.
    """
    path = suite_path(name, suites)
    content = suite_content(path)
    _check_keys(path, "The suite", content, _SUITE_KEYS)
    if content.get("name") != name:
        raise GateError(f'{path}: the suite must be named "{name}", not {json.dumps(content.get("name"))}.')
    entries = content.get("expectations")
    if not isinstance(entries, list) or not entries:
        raise GateError(f"{path}: a suite needs a list of at least one expectation.")
    expectations = tuple(_expectation(f"{path}: expectation {n}", entry) for n, entry in enumerate(entries, start=1))
    return Suite(name, path, expectations, _reads(path, content))


def _check_keys(path: Path | str, what: str, content: Mapping[str, object], known: set[str]) -> None:
    """Refuse a key that would say nothing: it is a typing mistake."""
    unknown = sorted(set(content) - known)
    if unknown:
        raise GateError(f"{path}: {what} has no key {', '.join(unknown)}; the keys are {', '.join(sorted(known))}.")


def _reads(path: Path, content: Mapping[str, Any]) -> tuple[str, ...]:
    """The tables that the suite's SQL may name."""
    meta = content.get("meta") or {}
    reads = meta.get("reads", []) if isinstance(meta, dict) else None
    if not isinstance(reads, list):
        raise GateError(f'{path}: meta must be an object and its reads a list of tables, as in ["silver.movies"].')
    _check_keys(path, "The suite's meta", meta, _META_KEYS)
    for table in reads:
        if str(table).removeprefix(BEFORE) not in ALL_TABLES:
            raise GateError(f"{path}: meta.reads names {json.dumps(table)}; the tables are {', '.join(ALL_TABLES)}.")
    return tuple(reads)


def _expectation(where: str, entry: object) -> "ExpectationConfiguration":
    """One entry, checked by Great Expectations itself: the type must be known and the kwargs its own."""
    if not isinstance(entry, dict) or not isinstance(entry.get("type"), str):
        raise GateError(f"{where} must be an object with type and kwargs.")
    where = f"{where} ({entry['type']})"
    _check_keys(where, "an expectation", entry, _ENTRY_KEYS)
    if entry["type"] in NOT_ON_SPARK:
        raise GateError(
            f"{where}: Great Expectations cannot judge it on Spark; write it as SQL ({QUERY_TYPE}), with other tables "
            "in meta.reads."
        )
    severity = entry.get("severity", SEVERITIES[0])
    if severity not in SEVERITIES:
        raise GateError(f"{where} has severity {json.dumps(severity)}; it must be {' or '.join(SEVERITIES)}.")
    kwargs = entry.get("kwargs", {})
    if not isinstance(kwargs, dict):
        raise GateError(f"{where}: kwargs must be an object.")
    _check_meta(where, entry.get("meta") or {})
    if QUERY in kwargs:
        _check_braces(where, str(kwargs[QUERY]))
    return _configured(where, {**entry, "severity": severity, "kwargs": kwargs})


def _check_meta(where: str, meta: object) -> None:
    """Refuse what an entry's meta says and nobody reads."""
    if not isinstance(meta, dict):
        raise GateError(f"{where}: meta must be an object.")
    _check_keys(where, "an expectation's meta", meta, _ENTRY_META_KEYS)
    if not isinstance(meta.get("column", ""), str):
        raise GateError(f'{where}: meta.column must be a text, as in "movie_id" or "movie_id, genre".')


def _check_braces(where: str, query: str) -> None:
    """Refuse a query that does not name the judged frame, or has in braces what is no name."""
    # What no braces of a name are, Great Expectations says itself.
    with suppress(ValueError):
        named = {field for _, field, _, _ in Formatter().parse(query) if field is not None}
        if others := sorted(named - {BATCH}):
            raise GateError(
                f"{where}: the query has {{{others[0]}}}, which stands for nothing; a brace that is meant as one is "
                "written twice."
            )
        if not named:
            raise GateError(f"{where}: the query must name the frame judged as {{batch}}.")


def _configured(where: str, entry: dict[str, Any]) -> "ExpectationConfiguration":
    """The entry as Great Expectations takes it."""
    from movie_lakehouse.quality.gx import ExpectationConfiguration, ExpectationNotFoundError, InvalidExpectation

    try:
        configuration = ExpectationConfiguration(**entry)
        configuration.to_domain_obj()
    except ExpectationNotFoundError:
        raise GateError(f"{where} is not a type that Great Expectations knows.") from None
    except InvalidExpectation as error:
        raise GateError(f"{where} cannot be used: {_one_line(error)}.") from None
    return configuration


def _one_line(error: Exception) -> str:
    """What pydantic or Great Expectations says, on one line."""
    details = error.errors() if hasattr(error, "errors") else []
    said = [f"{'.'.join(str(part) for part in detail['loc'])}: {detail['msg']}" for detail in details]
    return "; ".join(said).replace("__root__: ", "") or " ".join(str(error).split())
