"""Runs of the project's own program, as people type it, in processes of their own."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.processes import measured

PROGRAM = str(Path(sys.executable).with_name("lakehouse"))
Run = dict[str, Any]
BEST = (
    "SELECT rank, max_iter, reg_param, AVG(rmse) AS rmse FROM gold.cv_results GROUP BY ALL "
    "ORDER BY rmse, rank, max_iter, reg_param DESC LIMIT 1"
)


def job(source: str, root: str, settings: Sequence[str] = (), *, only: Sequence[str] = ()) -> Run:
    """Run the job: seconds from process start, seconds and status by task, seconds by stage, peak memory.

    Raises:
        CommandError: it did not end well, be it that the model was refused.
    """
    chosen = [part for task in only for part in ("--only", task)]
    chosen += [part for setting in settings for part in ("--set", setting)]
    ended = measured([PROGRAM, "run", "--source", source, "--root", root, *chosen, "--timings", "--format", "json"])
    timings = json.loads(ended.answer)
    tasks = [row for row in timings if row["status"]]
    stages = [row for row in timings if row.get("stage")]
    return {
        "seconds": ended.seconds,
        "tasks": {row["task"]: row["seconds"] for row in tasks},
        "statuses": {row["task"]: row["status"] for row in tasks},
        "stages": [[row["task"], row["stage"], row["seconds"]] for row in stages],
        "peak_mib": ended.peak_mib,
    }


def best_setting(root: str) -> Run:
    """The setting that the job's search found best, and its mean error over the folds."""
    best = rows("sql", BEST, "--root", root)[0]
    return {"best": [best["rank"], best["max_iter"], best["reg_param"]], "cross_validated_rmse": best["rmse"]}


def cold_seconds(root: str, times: int) -> dict[str, list[float]]:
    """Seconds of the quick commands from process start, several times each; the tables' files are in memory by then."""
    title = rows("sql", "SELECT title FROM gold.movie_popularity ORDER BY rank LIMIT 1", "--root", root)[0]["title"]
    user = rows("sql", "SELECT MIN(user_id) AS user_id FROM gold.user_recommendations", "--root", root)[0]["user_id"]
    commands = {
        "similar": ["similar", title],
        "recommend": ["recommend", "--user", str(user)],
        "sql": ["sql", "SELECT source, COUNT(*) AS n FROM gold.movie_similarity GROUP BY source"],
    }
    return {
        name: [measured([PROGRAM, *words, "--root", root]).seconds for _ in range(times)]
        for name, words in commands.items()
    }


def rows(*words: str) -> list[dict[str, Any]]:
    """The rows that a quick command gives."""
    found: list[dict[str, Any]] = json.loads(measured([PROGRAM, *words, "--format", "json"]).answer)
    return found
