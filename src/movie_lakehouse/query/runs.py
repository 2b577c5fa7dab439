"""The lakehouse as a run of the job left it."""

from movie_lakehouse.errors import NotFoundError
from movie_lakehouse.query.reader import LakehouseReader, Snapshot

MAX_NAMED = 5
"""Runs that a message lists."""

_WRITTEN = """
SELECT tables_written
FROM ops.job_runs
WHERE ended_at <= (SELECT max(ended_at) FROM ops.job_runs WHERE run_id = ?)
ORDER BY ended_at
"""
_LATEST = "SELECT run_id FROM ops.job_runs GROUP BY run_id ORDER BY max(ended_at) DESC, run_id DESC LIMIT ?"
_PUBLISHED = "SELECT of_run FROM ops.publications GROUP BY of_run ORDER BY max(number) DESC"


def latest_runs(reader: LakehouseReader, limit: int) -> list[str]:
    """The runs of which a task ended last, the latest first.

    Raises:
        TableError: there is no ops.job_runs yet.
    """
    return [run_id for (run_id,) in reader.sql(_LATEST, [limit])]


def published_runs(reader: LakehouseReader) -> list[str]:
    """The runs whose tables have been published, the last published first.

    Raises:
        TableError: there is no ops.publications yet.
    """
    return [run_id for (run_id,) in reader.sql(_PUBLISHED)]


def snapshot_at_run(reader: LakehouseReader, run_id: str) -> Snapshot:
    """The versions of the tables when the run's last task had ended, whichever run had written them.

    Raises:
        NotFoundError: there is no such run; the message names the latest.
        TableError: there is no ops.job_runs yet.
    """
    ended = [written for (written,) in reader.sql(_WRITTEN, [run_id])]
    if not ended:
        latest = ", ".join(latest_runs(reader, MAX_NAMED)) or "none yet"
        raise NotFoundError(f"There is no run {run_id!r} in ops.job_runs; the latest are {latest}.")
    return Snapshot(run_id, {table: version for written in ended for table, version in written.items()})
