"""What tasks did: ops.job_runs, written when a task ends and read to see whether anything has changed since."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

from pyspark.sql import Row
from pyspark.sql import functions as F

from movie_lakehouse.lakehouse.store import Store
from movie_lakehouse.lakehouse.tables import ops

JOB_RUNS = ops.JOB_RUNS.name
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

    fingerprint: str
    tables_read: dict[str, int]
    tables_written: dict[str, int]


def last_success(store: Store, task: str) -> Success | None:
    """The task's last success, None before the first. A skip is one too: all was as it was."""
    if store.version(JOB_RUNS) is None:
        return None
    ended_well = (F.col("task") == task) & F.col("status").isin("succeeded", "skipped")
    row = store.read(JOB_RUNS).where(ended_well).orderBy(F.col("ended_at").desc()).first()
    return None if row is None else Success(row["fingerprint"], row["tables_read"], row["tables_written"])


def record(store: Store, task_run: TaskRun) -> None:
    """Append the row."""
    store.append(JOB_RUNS, store.spark.createDataFrame([Row(**asdict(task_run))], ops.JOB_RUNS.row_schema))
