"""What a training has left that was broken off while it published: it must not count, nor be there twice."""

from pyspark.sql import functions as F

from movie_lakehouse.job.history import has_ended
from movie_lakehouse.lakehouse.store import Store
from movie_lakehouse.lakehouse.tables import gold

APPENDED = (gold.CV_RESULTS.name, gold.MODEL_METRICS.name, gold.MODEL_RUNS.name)
"""The tables that keep all trainings, in the order in which one writes them: its row in the last makes it count."""


def forget_unfinished_runs(store: Store, run_id: str) -> None:
    """Drop the rows of trainings that were broken off, before one appends its own.

    Such rows are of runs that gold.model_runs lacks, or of its newest run, if that has not said in ops.job_runs how
    its training ended, or of an earlier attempt of the run that is under way.

    Args:
        store: the tables.
        run_id: the run that is about to append.
    """
    runs = store.read_or_empty(gold.MODEL_RUNS.name)
    newest = runs.orderBy(F.desc("trained_at")).select("run_id").first()
    unfinished = [run_id]
    if newest is not None and not has_ended(store, "train", newest["run_id"]):
        unfinished.append(newest["run_id"])
    finished = runs.where(~F.col("run_id").isin(unfinished)).select("run_id")
    for name in APPENDED:
        rows = store.read_or_empty(name)
        if not rows.join(finished, "run_id", "left_anti").isEmpty():
            store.replace(name, rows.join(finished, "run_id", "left_semi"))
