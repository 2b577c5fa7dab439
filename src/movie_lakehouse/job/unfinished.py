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
    newest_first = store.rows(gold.MODEL_RUNS.name, "SELECT run_id FROM {table} ORDER BY trained_at DESC")
    runs = [row["run_id"] for row in newest_first]
    unfinished = {run_id, *(run for run in runs[:1] if not has_ended(store, "train", run))}
    finished = set(runs) - unfinished
    for name in APPENDED:
        found = {row["run_id"] for row in store.rows(name, "SELECT DISTINCT run_id FROM {table}")}
        if found - finished:
            store.replace(name, store.read(name).where(F.col("run_id").isin(*finished)))
