"""Judges a frame by its table's suite."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from pyspark.sql import DataFrame, SparkSession

from movie_lakehouse.errors import GateError, reason_of
from movie_lakehouse.quality.known import NOTHING, Known, held_unique
from movie_lakehouse.quality.one_pass import BATCH, QUERY, QUERY_TYPE, in_one_pass, is_of_the_whole
from movie_lakehouse.quality.suite import Suite, load_suite
from movie_lakehouse.quality.verdict import Verdict, raise_on_critical, verdict_rows

if TYPE_CHECKING:
    from movie_lakehouse.quality.gx import ExpectationConfiguration, ExpectationValidationResult

_NOT_OBSERVED = ("partial_unexpected_list", "unexpected_count")


def prepare_gate() -> None:
    """Begin to load Great Expectations in a thread of its own: four seconds that reading tables can overlap.

    IPython, where it is installed, is loaded before: Spark asks for it at its first question, and two threads that load
    one package from different ends can end in an error of Python's import locks.
    """
    with suppress(ImportError):
        import_module("IPython")
    Thread(target=import_module, args=("movie_lakehouse.quality.metrics",), name="prepare gate").start()


def judge(
    name: str, frame: DataFrame, references: Mapping[str, DataFrame], suites: Path, known: Known = NOTHING
) -> list[Verdict]:
    """Judge a frame by the suite of the table that it is to become.

    The frame may be read several times: give a materialised one. Several threads may judge at once.

    Args:
        name: the table, ``silver.ratings``.
        frame: what the table would hold.
        references: other tables' frames; only those that the suite's ``meta.reads`` names are looked up.
        suites: the folder of suites; the table's is ``silver/ratings.json`` in it.
        known: what need not be asked: of rows that were judged before, whether their keys are unique among them.

    Returns:
        A verdict an expectation, in the suite's order.

    Raises:
        GateError: the suite does not load, or an expectation cannot be judged (a column or table is missing).
    """
    from movie_lakehouse.quality.engine import GateEngine
    from movie_lakehouse.quality.metrics import evaluate

    suite = load_suite(name, suites)
    named = _referenced(suite, references) | ({BATCH: frame} if _is_named_in_sql(suite) else {})
    with _views(frame.sparkSession, named) as views:
        engine = GateEngine(frame, views.pop(BATCH, ""), views, known, held_unique(suite))
        results = evaluate(engine, suite.expectations)
    _refuse_unjudged(suite, results)
    return [_verdict(suite, *judged) for judged in zip(suite.expectations, results, strict=True)]


def _referenced(suite: Suite, references: Mapping[str, DataFrame]) -> dict[str, DataFrame]:
    """The frames of the tables that the suite reads, by the name that its SQL has for them."""
    try:
        return {table.replace(".", "_"): references[table] for table in suite.reads}
    except KeyError as missing:
        raise GateError(
            f"{suite.path}: meta.reads names {missing.args[0]}, which is not there when {suite.name} is judged."
        ) from None


def _is_named_in_sql(suite: Suite) -> bool:
    """Whether a query of the suite reads the judged frame by a name, which takes two more questions of Spark."""
    queries = [expectation.kwargs[QUERY] for expectation in suite.expectations if QUERY in expectation.kwargs]
    return not all(map(in_one_pass, queries))


@contextmanager
def _views(spark: SparkSession, frames: Mapping[str, DataFrame]) -> Iterator[dict[str, str]]:
    """Name the frames for SQL, by names that nothing else in the session has, until the block ends."""
    unique = uuid4().hex
    views = {name: f"judged_{unique}_{name}" for name in frames}
    try:
        for name, frame in frames.items():
            frame.createOrReplaceTempView(views[name])
        yield dict(views)
    finally:
        for view in views.values():
            # The catalogue's dropTempView would also free what Spark holds of the view's frame.
            spark.sql(f"DROP VIEW IF EXISTS {view}")


def _refuse_unjudged(suite: Suite, results: Sequence["ExpectationValidationResult"]) -> None:
    """Stop where an expectation has no answer, whatever its severity: the suite or the frame is not of its form."""
    for result in results:
        problem = _problem(result.exception_info or {})
        configuration = result.expectation_config
        if problem is not None and configuration is not None:
            named = configuration.description or _text(configuration)
            raise GateError(f"{suite.path}: an expectation cannot be judged ({named}): {problem}")


def _text(configuration: "ExpectationConfiguration") -> str:
    """An expectation's type and its settings as JSON."""
    kwargs = {key: value for key, value in configuration.kwargs.items() if key != "batch_id"}
    return f"{configuration.type} {json.dumps(kwargs)}"


def _verdict(suite: Suite, configuration: "ExpectationConfiguration", result: "ExpectationValidationResult") -> Verdict:
    """What a result says of an expectation, in a row."""
    # What is seen of a column has the column's type, which may be none of JSON's.
    found: Any = {} if is_of_the_whole(configuration.kwargs.get(QUERY, "")) else result.to_json_dict()["result"]
    return Verdict(
        suite=suite.name,
        expectation=_text(configuration),
        column=_column(configuration.kwargs) or (configuration.meta or {}).get("column"),
        severity=str(configuration.severity.value),
        success=bool(result.success),
        observed=json.dumps({key: value for key, value in found.items() if key not in _NOT_OBSERVED}),
        unexpected_count=_unexpected_count(configuration.type, found),
        description=configuration.description,
    )


def _column(kwargs: Mapping[str, Any]) -> str | None:
    """The column or columns that an expectation's settings name.

    >>> _column({"column_list": ["user_id", "rank"]})
    'user_id, rank'
    """
    names = [kwargs[key] for key in ("column", "column_A", "column_B") if key in kwargs]
    return ", ".join([*names, *kwargs.get("column_list", [])]) or None


def _unexpected_count(kind: str, found: Mapping[str, Any]) -> int | None:
    """The number of rows that an expectation found wrong, None where it counts none but values, or judges a whole.

    An SQL expectation observes just that number; others count values where they do not say of how many rows.

    >>> _unexpected_count("expect_column_distinct_values_to_be_in_set", {"unexpected_count": 3})
    """
    if kind == QUERY_TYPE:
        count = found.get("observed_value")
    else:
        count = found.get("unexpected_count") if "element_count" in found else None
    return None if count is None else int(count)


def _problem(exception_info: Mapping[str, Any]) -> str | None:
    r"""Why an expectation could not be judged, in a line; there is one such note, or one for each metric.

    >>> said = "An error occurred while calling o7.collectToPython.\n: Job aborted\nCaused by: Unclosed group"
    >>> _problem({"a metric": {"raised_exception": True, "exception_message": said}})
    'Unclosed group'
    """
    notes = [exception_info, *(note for note in exception_info.values() if isinstance(note, dict))]
    raised = [str(note.get("exception_message")) for note in notes if note.get("raised_exception")]
    return reason_of(Exception(raised[0])) if raised else None


__all__ = ["Verdict", "judge", "raise_on_critical", "verdict_rows"]
