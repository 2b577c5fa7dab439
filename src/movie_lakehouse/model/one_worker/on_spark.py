"""The search on Spark with whole models as tasks: the ratings are sent to each as Arrow, and only errors come back.

A few fits are a job of one task, started from as many threads as models may be fitted at the same time: progress can
then be told on every Spark, and a task runs wherever there is room.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import partial
from typing import Final

import pyarrow as pa
from pyspark import inheritable_thread_target
from pyspark.sql import DataFrame

from movie_lakehouse.lakehouse.materialise import materialised
from movie_lakehouse.model.cells import Score
from movie_lakehouse.model.grid import Grid, Setting
from movie_lakehouse.model.one_worker.trajectory import FitOptions, Rows, Trajectory, scored

MOST_RATINGS: Final = 5_000_000
"""Above so many ratings the search is Spark's unless models are asked for.

A worker holds a rating in some 150 bytes: 20 as it comes and as many once sorted, 32 in the sparse matrices by user and
by movie, the rest while they are made. Five million take 0.75 GB in each of the workers that fit at the same time.
"""
_JOBS_A_THREAD: Final = 8
"""At least, where there are as many fits: to plan a job and send it the ratings takes as long as a small fit, but with
fewer jobs progress is seldom told, and threads have nothing to do while the last ones run.
"""
_SCORED: Final = "rank INT, reg_param DOUBLE, fold INT, max_iter INT, rmse DOUBLE, n_scored LONG"

_SCHEMA: Final = pa.schema(
    [
        ("rank", pa.int32()),
        ("reg_param", pa.float64()),
        ("fold", pa.int32()),
        ("max_iter", pa.int32()),
        ("rmse", pa.float64()),
        ("n_scored", pa.int64()),
    ]
)


def scores_of_models(
    train: DataFrame,
    grid: Grid,
    options: FitOptions,
    *,
    n_folds: int,
    parallelism: int,
    on_fit: Callable[[int, int], None],
) -> list[Score]:
    """Fit and score every setting in every fold; settings that differ in iterations alone share a fit.

    Args:
        train: user_id, movie_id, rating, fold; few enough for one worker.
        grid: the settings to try; reg_param above zero.
        options: what all fits share.
        n_folds: number of folds.
        parallelism: fits at the same time.
        on_fit: is told settings scored, over all folds, and how many there are.
    """
    trajectories = [
        Trajectory(fold, rank, reg_param, tuple(sorted(set(grid.max_iter))))
        for rank in sorted(grid.rank, reverse=True)  # what takes longest first
        for reg_param in grid.reg_param
        for fold in range(n_folds)
    ]
    scores: list[Score] = []
    columns = train.selectExpr("user_id", "movie_id", "CAST(rating AS DOUBLE) AS rating", "fold")
    with materialised(columns.coalesce(1)) as held, ThreadPoolExecutor(parallelism) as pool:
        fit = partial(_scores, held, options)
        size = max(1, len(trajectories) // (parallelism * _JOBS_A_THREAD))
        jobs = [trajectories[start : start + size] for start in range(0, len(trajectories), size)]
        # Wrapped once a job: what one wrapping copies of this thread's marks is shared by all threads that run it.
        running = [pool.submit(inheritable_thread_target(train.sparkSession)(fit), each) for each in jobs]
        try:
            for ended in as_completed(running):
                scores += ended.result()
                on_fit(len(scores), len(grid.settings()) * n_folds)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
    return scores


def _scores(held: DataFrame, options: FitOptions, trajectories: Sequence[Trajectory]) -> list[Score]:
    """Some fits as one job."""
    rows = held.mapInArrow(partial(_scored_batches, trajectories=trajectories, options=options), _SCORED).collect()
    return [
        Score(Setting(row["rank"], row["max_iter"], row["reg_param"]), row["fold"], row["rmse"], row["n_scored"])
        for row in rows
    ]


def _scored_batches(
    batches: Iterator[pa.RecordBatch], trajectories: Sequence[Trajectory], options: FitOptions
) -> Iterator[pa.RecordBatch]:
    """All of a partition's rows at once: there is one partition."""
    table = pa.Table.from_batches(batches)
    # Sorted, so that the rounding of sums does not depend on the order in which rows arrive.
    table = table.sort_by([("user_id", "ascending"), ("movie_id", "ascending")])
    users, movies, stars, folds = (table[name].to_numpy() for name in ("user_id", "movie_id", "rating", "fold"))
    rows = Rows(users, movies, stars)
    for each in trajectories:
        fit = (each.rank, each.reg_param, each.fold)
        found = [dict(zip(_SCHEMA.names, (*fit, *score), strict=True)) for score in scored(rows, folds, each, options)]
        yield pa.RecordBatch.from_pylist(found, _SCHEMA)
