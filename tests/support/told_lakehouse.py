"""The tiny lakehouse as a whole run left it: bronze and quarantine too, and every table in ops.job_runs."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from movie_lakehouse.query.reader import LakehouseReader
from support.tiny_lakehouse import MOVIES, RATINGS, START, make_tiny_lakehouse, write_table

RUN = "run-1"
BEGAN = START + timedelta(days=30, minutes=-1)
WRITTEN_BY = {"bronze": "ingest", "silver": "clean", "gold": "train"}


def make_told_lakehouse(root: Path, titles: Mapping[int, str] | None = None) -> Path:
    """Write it under the root, with other titles for some movies, and give the root."""
    make_tiny_lakehouse(root)
    for name, rows in (_bronze() | {"silver.quarantine": _quarantine()}).items():
        write_table(root, name, rows)
    _rename(root, titles or {})
    reader = LakehouseReader(root)
    now = {name: reader.open(name).version() for name in reader.tables()}
    tasks = [
        task_end(RUN, task, at, {name: version for name, version in now.items() if name.startswith(layer)})
        for at, (layer, task) in enumerate(WRITTEN_BY.items())
    ]
    write_table(root, "ops.job_runs", tasks)
    return root


def task_end(run: str, task: str, at: int, written: Mapping[str, int], **changes: Any) -> dict[str, Any]:
    """A row of ops.job_runs for a task of 10 seconds that began ``at`` times 10 seconds after the run."""
    return {
        "run_id": run,
        "task": task,
        "status": "succeeded",
        "started_at": BEGAN + timedelta(seconds=10 * at),
        "ended_at": BEGAN + timedelta(seconds=10 * at + 10),
        "tables_read": {},
        "tables_written": written,
        "rows": dict.fromkeys(written, 4),
        "fingerprint": "0",
    } | changes


def rows_of(root: Path, name: str) -> list[dict[str, Any]]:
    """A table's rows."""
    answer = LakehouseReader(root).table(name)
    return [dict(zip(answer.columns, row, strict=True)) for row in answer]


def _bronze() -> dict[str, list[dict[str, Any]]]:
    ratings = [{"userId": str(user), "movieId": str(movie)} for user, movie in RATINGS]
    return {
        "bronze.movies": _came("movies.csv", [{"movieId": str(movie)} for movie in MOVIES]),
        "bronze.ratings": _came("old.csv", ratings[:4], days=0) + _came("new.csv", ratings[4:]),
    }


def _came(file: str, rows: Sequence[Mapping[str, Any]], days: int = 30) -> list[dict[str, Any]]:
    """Rows of a file that came so many days after the start: 30 is this run."""
    metadata = {
        "_source_file": file,
        "_source_modified_at": START,
        "_source_size": 100,
        "_batch_id": f"batch-{days}",
        "_ingested_at": START + timedelta(days=days),
    }
    return [metadata | dict(row) for row in rows]


def _quarantine() -> list[dict[str, Any]]:
    """Three rows: one orphan of an earlier run, one of this run that is an orphan and off the grid, one replaced."""
    return [
        {
            "source_table": "ratings",
            "reasons": reasons,
            "record": f'{{"rating": "{number}"}}',
            "_source_file": "new.csv",
            "_batch_id": "batch-30",
            "quarantined_at": START + timedelta(days=days),
        }
        for number, (reasons, days) in enumerate(
            [(["orphan"], 0), (["rating_off_grid", "orphan"], 30), (["redelivered"], 30)]
        )
    ]


def _rename(root: Path, titles: Mapping[int, str]) -> None:
    """Give movies other titles, wherever they are."""
    for name in () if not titles else ("silver.movies", "gold.movie_popularity", "gold.user_recommendations"):
        rows = rows_of(root, name)
        write_table(root, name, [row | {"title": titles.get(row["movie_id"], row["title"])} for row in rows])
