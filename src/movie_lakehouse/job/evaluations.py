"""What `lakehouse evaluate` has measured, kept beside what training has."""

from collections.abc import Sequence

from movie_lakehouse.evaluation.report import Row
from movie_lakehouse.job.context import Context
from movie_lakehouse.job.promoted import newest_promoted
from movie_lakehouse.job.publications import publish_beside
from movie_lakehouse.lakehouse.materialise import materialised
from movie_lakehouse.lakehouse.tables import gold, silver

METRICS, RATINGS = gold.MODEL_METRICS.name, silver.RATINGS.name


def keep_evaluation(context: Context, rows: Sequence[Row]) -> str | None:
    """Put the metrics into gold.model_metrics under the published run's id, in the place of the same ones there.

    People can query them at once.

    A bound of an interval becomes a metric of its own: rmse_low, rmse_high.

    Args:
        context: whose run id verdicts are kept under.
        rows: as as_rows gives them.

    Returns:
        The run's id, or None where nothing is kept: no run has published a model of the ratings as they are now.

    Raises:
        GateError: a critical expectation of gold.model_metrics failed; nothing was kept.
    """
    run_id = published_run_of(context)
    if run_id is None:
        return None
    metrics = [
        (run_id, model, split, metric + suffix, value)
        for split, model, metric, *values, _ in rows
        for suffix, value in zip(("", "_low", "_high"), values, strict=True)
        if value is not None
    ]
    with materialised(context.store.spark.createDataFrame(metrics, gold.MODEL_METRICS.row_schema)) as measured:
        context.judge({METRICS: measured}, {METRICS: len(metrics)})
        others = context.store.read(METRICS).join(measured, list(gold.MODEL_METRICS.key), "left_anti")
        context.store.merge(METRICS, others.unionByName(measured))
    publish_beside(context.store, [METRICS], kind="measured", run_id=context.settings.run_id, now=context.now)
    return run_id


def published_run_of(context: Context) -> str | None:
    """The newest promoted run, where it was trained on the ratings that are there now."""
    newest = newest_promoted(context.store)
    if newest is None or newest.trained_on.get(RATINGS) != context.store.version(RATINGS):
        return None
    return newest.run_id
