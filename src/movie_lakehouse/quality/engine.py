"""Great Expectations on Spark, asking Spark as few questions as can be.

As it comes, Great Expectations asks at least one Spark job an expectation, fetches rows that failed, and calls every
SQL expectation's frame ``tmp_view``, which two threads of a session would fight over. ``GateEngine`` counts only:
whatever a suite asks of the frame goes into one aggregation, or two where its rows have not been counted before; a
uniqueness or most SQL expectations as a scalar subquery of it. Each judging has an engine of its own, so that threads
share nothing and no frame is kept.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from movie_lakehouse.quality.gx import MetricComputationConfiguration, MetricConfiguration, SparkDFExecutionEngine
from movie_lakehouse.quality.known import Known
from movie_lakehouse.quality.one_pass import QUERY, in_one_pass

_FETCHED_ROWS = (".unexpected_values", f"{QUERY}.table")


class GateEngine(SparkDFExecutionEngine):
    """Great Expectations' Spark engine that counts and never fetches rows.

    Attributes:
        batch: the view that ``{batch}`` stands for in SQL; empty where no query asks for it by name.
        views: the views that other tables' names stand for in SQL.
        known: what is known of the frame.
        unique: the keys that no two of those rows share that were judged before.
    """

    def __init__(
        self,
        frame: DataFrame,
        batch: str,
        views: Mapping[str, str],
        known: Known,
        unique: Collection[tuple[str, ...]],
    ) -> None:
        super().__init__(spark=frame.sparkSession, persist=False)
        self.batch = batch
        self.views = views
        self.known = known
        self.unique = unique
        self.load_batch_data("frame", frame)

    def resolve_metrics(
        self,
        metrics_to_resolve: Iterable[MetricConfiguration],
        metrics: dict[Any, Any] | None = None,
        runtime_configuration: dict[str, Any] | None = None,
    ) -> dict[Any, Any]:
        """Answer what would fetch rows with no rows, and leave the rest to Great Expectations.

        What is counted waits until nothing else is left: it is asked for again, and goes into one aggregation.
        """
        wanted = list(metrics_to_resolve)
        answered = {metric.id: self._known(metric) for metric in wanted if self._known(metric) is not None}
        left = [metric for metric in wanted if metric.id not in answered]
        prepared = [metric for metric in left if "metric_partial_fn" not in metric.metric_dependencies]
        now = prepared or ([] if answered else left)
        return answered | (super().resolve_metrics(now, metrics, runtime_configuration) if now else {})

    def _known(self, metric: MetricConfiguration) -> Any:
        """What needs no question: no rows are fetched, and those of the frame may have been counted; else None."""
        if metric.metric_name.endswith(_FETCHED_ROWS):
            return []
        of_all_rows = not any(metric.metric_domain_kwargs.get(key) for key in ("row_condition", "table"))
        return self.known.n_rows if metric.metric_name == "table.row_count" and of_all_rows else None

    def resolve_metric_bundle(self, metric_fn_bundle: Iterable[MetricComputationConfiguration]) -> dict[Any, Any]:
        """Aggregate the frame once for all metrics of the same rows, whichever way their rows are spelt."""
        return super().resolve_metric_bundle([_of_plain_rows(metric) for metric in metric_fn_bundle])

    def may_repeat(self, keyed: DataFrame, names: Sequence[str]) -> DataFrame:
        """The rows that may share their key with others: those with an added key, where no two of the others can."""
        added = self.known.added
        if added is None or tuple(names) not in self.unique:
            return keyed
        # By a hash, which takes a fraction of the memory of a key; the few others that share one do no harm.
        suspects = added.select(F.xxhash64(*names).alias("_key"))
        return keyed.join(suspects, F.xxhash64(*names) == F.col("_key"), "left_semi")

    def row_count(self, query: str) -> Column:
        """How many rows a query gives, tables' names in it bound to this judging's own views."""
        if plain := in_one_pass(query):
            condition = F.expr(self._bound(query[slice(*plain.span("condition"))]))
            return F.count_if(condition) if plain["where"] else F.when(condition, 1).otherwise(0)
        bound = [f"{name} AS (SELECT * FROM {view})" for name, view in self.views.items() if name in query]
        names = f"WITH {', '.join(bound)} " if bound else ""
        # A comment may end the query: the bracket that closes it starts a line.
        counted: DataFrame = self.spark.sql(f"{names}SELECT count(*) FROM (\n{query.format(batch=self.batch)}\n)")
        return counted.scalar()

    def _bound(self, condition: str) -> str:
        """A condition whose tables' names are this judging's own views."""
        for name, view in self.views.items():
            condition = re.sub(rf"\b{name}\b", view, condition)
        return condition.format(batch=self.batch)


def _of_plain_rows(metric: MetricComputationConfiguration) -> MetricComputationConfiguration:
    """The metric without those settings of its rows that say nothing, by which it would count as of other rows."""
    rows = {key: value for key, value in (metric.compute_domain_kwargs or {}).items() if value}
    return replace(metric, compute_domain_kwargs=rows)
