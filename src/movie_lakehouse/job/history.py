"""What tasks did: ops.job_runs, written when a task ends and read to see whether anything has changed since."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from movie_lakehouse.errors import SetupError
from movie_lakehouse.lakehouse.store import Store
from movie_lakehouse.lakehouse.tables import ops
from movie_lakehouse.text import without_folders

JOB_RUNS = ops.JOB_RUNS.name
CLOCKS_MAY_DIFFER_BY: Final = timedelta(minutes=5)
"""What is between the clocks of two machines that are kept right, and what a clock is set back by when it is mended."""
CHANGED_MEANWHILE: Final = -1
"""In tables_read, of a table that changed while a task read it: which version that was is not known."""
_LAST = """
SELECT task, ended_well, ended_at, fingerprint, tables_read, tables_written
FROM (
  SELECT *, row_number() OVER (PARTITION BY task, ended_well ORDER BY ended_at DESC) AS place
  FROM (SELECT *, status IN ('succeeded', 'skipped') AS ended_well FROM {table})
)
WHERE place = 1
"""
"""Of every task the last end that was good, and the last that was not."""
_ENDED = "SELECT DISTINCT task, run_id FROM {table} WHERE status IN ('succeeded', 'refused')"
Status = Literal["succeeded", "skipped", "refused", "failed"]


@dataclass(frozen=True)
class TaskRun:
    """A row of ops.job_runs: the columns are described there."""

    run_id: str
    task: str
    status: Status
    started_at: datetime
    ended_at: datetime
    tables_read: dict[str, int]
    tables_written: dict[str, int]
    rows: dict[str, int]
    fingerprint: str
    message: str | None = None


@dataclass(frozen=True)
class Success:
    """The last success of a task: what it depended on and what it left."""

    task: str
    fingerprint: str
    tables_read: dict[str, int]
    tables_written: dict[str, int]


def last_successes(store: Store, now: datetime) -> dict[str, Success]:
    """The last success of every task that has had one, by its name. A skip is one too: all was as it was.

    Raises:
        SetupError: a task has ended in what this machine takes for the future. Its batches would have an order that
            is not theirs, and ratings of today would be judged as not yet given.
    """
    rows = store.rows(JOB_RUNS, _LAST)
    for row in rows:
        if row["ended_at"] > now + CLOCKS_MAY_DIFFER_BY:
            raise SetupError(
                f"The clock has gone back: it says {now:%Y-%m-%d %H:%M:%S}, and {row['task']} ended at "
                f"{row['ended_at']:%Y-%m-%d %H:%M:%S} (UTC, ops.job_runs); set this machine's clock and run again."
            )
    return {row["task"]: _success(row) for row in rows if row["ended_well"]}


def has_ended(store: Store, task: str, run_id: str) -> bool:
    """Whether a run's task has done what it was to do, be it to refuse: it was not broken off."""
    return {"task": task, "run_id": run_id} in store.rows(JOB_RUNS, _ENDED)


def record(store: Store, task_run: TaskRun) -> None:
    """Append the row; a message names files without the folders of this machine."""
    message = task_run.message and without_folders(task_run.message)
    store.append_rows(JOB_RUNS, [asdict(task_run) | {"message": message}])


def _success(row: Mapping[str, Any]) -> Success:
    """A row as Arrow has it, whose maps are lists of pairs."""
    return Success(row["task"], row["fingerprint"], dict(row["tables_read"]), dict(row["tables_written"]))
