"""Great Expectations' Data Docs of the suites and their latest verdicts: pages that need no network."""

import html
import json
import re
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from movie_lakehouse.lakehouse.tables import ALL_TABLES
from movie_lakehouse.quality.gx import (
    EphemeralDataContext,
    ExpectationConfiguration,
    ExpectationSuite,
    ExpectationSuiteIdentifier,
    ExpectationSuiteValidationResult,
    ExpectationValidationResult,
    FailureSeverity,
    RunIdentifier,
    ValidationResultIdentifier,
    calc_validation_statistics,
    project_manager,
    quiet_context,
)
from movie_lakehouse.quality.one_pass import QUERY
from movie_lakehouse.quality.suite import Suite, load_suite, suite_path
from movie_lakehouse.text import inert

Row = Mapping[str, Any]
_VIEW = {"module_name": "movie_lakehouse.quality.docs_view", "class_name": "OfflineView"}


def build_docs(verdicts: Iterable[Row], suites: Path, folder: Path) -> Path:
    """Write the docs of every suite and of each suite's latest judging into a folder.

    Args:
        verdicts: rows of ``ops.validation_results``.
        suites: the folder of suites; tables without one are left out.
        folder: where the pages go; pages there of an earlier call that no longer hold are removed.

    Returns:
        The first page, ``index.html``.

    Raises:
        GateError: a suite does not load.
    """
    context = _context(folder)
    loaded = {name: load_suite(name, suites) for name in ALL_TABLES if suite_path(name, suites).is_file()}
    for suite in loaded.values():
        context.suites.add(_shown_suite(suite))
    for name, rows in _latest_by_suite(verdicts).items():
        if name in loaded:
            _add_result(context, loaded[name], rows)
    context.build_data_docs()
    # Great Expectations copies fonts and pictures there that these pages do without.
    shutil.rmtree(folder / "static", ignore_errors=True)
    return folder / "index.html"


def _context(folder: Path) -> EphemeralDataContext:
    """A context whose only site is the folder."""
    site = {
        "class_name": "SiteBuilder",
        "show_how_to_buttons": False,
        "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder.absolute())},
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder", "view": _VIEW},
        "site_section_builders": {
            "expectations": {"view": _VIEW},
            "validations": {"view": _VIEW},
            "profiling": "none",
        },
    }
    context = quiet_context(data_docs_sites={"movie_lakehouse": site})
    # The stores of suites ask for the context of the process.
    project_manager.set_project(context)
    return context


def _latest_by_suite(verdicts: Iterable[Row]) -> dict[str, list[Row]]:
    """The rows of each suite's latest judging.

    >>> rows = [{"suite": "a", "judged_at": at, "n": n} for at, n in [(1, 1), (2, 2), (2, 3), (1, 4)]]
    >>> [row["n"] for row in _latest_by_suite(rows)["a"]]
    [2, 3]
    """
    by_suite: dict[str, list[Row]] = {}
    for row in verdicts:
        by_suite.setdefault(row["suite"], []).append(row)
    newest = {suite: max(row["judged_at"] for row in rows) for suite, rows in by_suite.items()}
    return {suite: [row for row in rows if row["judged_at"] == newest[suite]] for suite, rows in by_suite.items()}


def _shown_suite(suite: Suite) -> ExpectationSuite:
    """The suite as its page shows it."""
    shown = [_shown(expectation) for expectation in suite.expectations]
    return ExpectationSuite(name=suite.name, expectations=[configuration.to_json_dict() for configuration in shown])


def _shown(configuration: ExpectationConfiguration) -> ExpectationConfiguration:
    """The expectation with its own words escaped for HTML, with its SQL, which they stand in for, as a note."""
    query = configuration.kwargs.get(QUERY)
    described = configuration.description
    is_warning = configuration.severity == FailureSeverity.WARNING
    notes = [f"```sql\n{query}\n```"] if described and query else []
    return ExpectationConfiguration(
        type=configuration.type,
        kwargs=dict(configuration.kwargs),
        severity=configuration.severity,
        description=html.escape(described).replace("$", "$$") if described else None,
        notes=[*notes, *(["A warning: recorded, and stops nothing."] if is_warning else [])] or None,
    )


def _add_result(context: EphemeralDataContext, suite: Suite, rows: Sequence[Row]) -> None:
    """Give the context what a judging of the suite found."""
    described = {_key(entry.type, entry.kwargs): entry.description for entry in suite.expectations}
    results = [_result(row, described) for row in rows]
    statistics = calc_validation_statistics(results)
    # The run's name becomes a folder's.
    run = RunIdentifier(run_name=re.sub(r"[^\w.-]", "_", rows[0]["run_id"]), run_time=rows[0]["judged_at"])
    key = ValidationResultIdentifier(ExpectationSuiteIdentifier(suite.name), run, suite.name)
    value = ExpectationSuiteValidationResult(
        success=statistics.success,
        results=results,
        suite_name=suite.name,
        statistics=statistics._asdict(),
        meta={"run_id": run},
    )
    context.validation_results_store.set(key, value)


def _result(row: Row, described: Mapping[str, str | None]) -> ExpectationValidationResult:
    """A row of ``ops.validation_results`` as the result that it was."""
    kind, kwargs = row["expectation"].split(" ", 1)
    configuration = ExpectationConfiguration(
        type=kind,
        kwargs=_texts_changed(json.loads(kwargs), inert),
        severity=row["severity"],
        description=described.get(_key(kind, json.loads(kwargs))),
    )
    # Great Expectations escapes the settings of an expectation, but not what was seen.
    observed = _texts_changed(json.loads(row["observed"] or "{}"), lambda text: html.escape(inert(text)))
    counted = {"unexpected_count": row["unexpected_count"]} if "element_count" in observed else {}
    return ExpectationValidationResult(
        success=row["success"],
        expectation_config=_shown(configuration),
        result=observed | counted,
        exception_info={"raised_exception": False, "exception_message": None, "exception_traceback": None},
    )


def _texts_changed(value: Any, change: Callable[[str], str]) -> Any:
    """The JSON value with every text in it changed.

    >>> _texts_changed({"observed_value": ["a", 1]}, str.upper)
    {'observed_value': ['A', 1]}
    """
    if isinstance(value, dict):
        return {key: _texts_changed(part, change) for key, part in value.items()}
    if isinstance(value, list):
        return [_texts_changed(part, change) for part in value]
    return change(value) if isinstance(value, str) else value


def _key(kind: str, kwargs: Mapping[str, Any]) -> str:
    """What makes two expectations the same."""
    return f"{kind} {json.dumps(kwargs, sort_keys=True)}"
