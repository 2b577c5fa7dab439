"""What the gate counts otherwise than Great Expectations does, and the judging by it.

Each metric here is a column of the one aggregation in which ``GateEngine`` asks whatever a suite asks of a frame.
"""

from collections.abc import Sequence
from functools import cache, reduce
from operator import and_, or_
from typing import Any, Final

from pyspark.sql import Column
from pyspark.sql import functions as F

from movie_lakehouse.quality.engine import GateEngine
from movie_lakehouse.quality.gx import (
    ExpectationConfiguration,
    ExpectationValidationResult,
    MetricDomainTypes,
    MetricPartialFunctionTypes,
    MetricProvider,
    Validator,
    metric_partial,
    quiet_context,
)
from movie_lakehouse.quality.one_pass import QUERY

_RESULT_FORMAT: Final = {"result_format": "BASIC", "partial_unexpected_count": 0}
_COMPOUND: Final = ("batch_id", "column_list", "row_condition", "condition_parser", "ignore_row_if")
_Partial = tuple[Column, dict[str, Any], dict[str, Any]]

_aggregate = metric_partial(
    engine=GateEngine,
    partial_fn_type=MetricPartialFunctionTypes.AGGREGATE_FN,
    domain_type=MetricDomainTypes.TABLE,
)


class QueryRowCount(MetricProvider):
    """How many rows an SQL expectation's query gives."""

    metric_name = f"{QUERY}.row_count"
    domain_keys = ("batch_id", "row_condition", "condition_parser")
    value_keys = (QUERY,)

    @_aggregate
    def _count(
        cls,  # noqa: N805 - Great Expectations calls it with the class
        execution_engine: GateEngine,
        metric_domain_kwargs: dict[str, Any],
        metric_value_kwargs: dict[str, Any],
        **_: object,
    ) -> _Partial:
        return execution_engine.row_count(metric_value_kwargs[QUERY]), {}, {}


class _RepeatedKeys(MetricProvider):
    """How many rows share their key with another row, by a group where Great Expectations sorts a window."""

    @_aggregate
    def _count(
        cls,  # noqa: N805 - Great Expectations calls it with the class
        execution_engine: GateEngine,
        metric_domain_kwargs: dict[str, Any],
        **_: object,
    ) -> _Partial:
        frame = execution_engine.get_domain_records(metric_domain_kwargs)
        single = metric_domain_kwargs.get("column")
        names = [single] if single else metric_domain_kwargs["column_list"]
        keyed = frame.where(F.col(single).isNotNull()) if single else frame
        if not metric_domain_kwargs.get("row_condition"):
            keyed = execution_engine.may_repeat(keyed, names)
        repeated = keyed.groupBy(*names).agg(F.count(F.lit(1)).alias("n")).where("n > 1")
        count = repeated.agg(F.coalesce(F.sum("n"), F.lit(0))).scalar()
        return count, {}, {}


class RepeatedValues(_RepeatedKeys):
    """Rows whose value of a column another row has too; nulls are not compared."""

    metric_name = "column_values.unique.unexpected_count"
    domain_keys = ("batch_id", "column", "row_condition", "condition_parser")


class RepeatedCompoundKeys(_RepeatedKeys):
    """Rows whose values of several columns another row has too."""

    metric_name = "compound_columns.unique.unexpected_count"
    domain_keys = _COMPOUND


class ComparedCompoundKeys(MetricProvider):
    """Rows whose values of several columns are compared: those that ``ignore_row_if`` leaves."""

    metric_name = "compound_columns.unique.filtered_row_count"
    domain_keys = _COMPOUND

    @_aggregate
    def _count(
        cls,  # noqa: N805 - Great Expectations calls it with the class
        execution_engine: GateEngine,
        metric_domain_kwargs: dict[str, Any],
        **_: object,
    ) -> _Partial:
        missing = [F.col(name).isNull() for name in metric_domain_kwargs["column_list"]]
        ignored = {"all_values_are_missing": and_, "any_value_is_missing": or_}.get(
            metric_domain_kwargs["ignore_row_if"]
        )
        compared = F.lit(True) if ignored is None else ~reduce(ignored, missing)
        rows = {
            key: value for key, value in metric_domain_kwargs.items() if key not in ("column_list", "ignore_row_if")
        }
        return F.count_if(compared), rows, {}


def evaluate(engine: GateEngine, expectations: Sequence[ExpectationConfiguration]) -> list[ExpectationValidationResult]:
    """Judge the engine's frame: a result an expectation, in order; what could not be judged says so in its result."""
    validator = Validator(execution_engine=engine, data_context=_context())
    return validator.graph_validate(
        configurations=list(expectations),
        runtime_configuration={"result_format": dict(_RESULT_FORMAT), "catch_exceptions": True},
    )


# One for all: a context holds settings here, and no frame.
_context = cache(quiet_context)
