"""The whole job of this project on a folder of CSVs, timed task by task from process start.

    python benchmarks/our_way.py FOLDER [--set key=value]

The classic grid is searched in five folds, as the notebook does; all else is as the job does it by default, gates and
the Bayesian model included. Seconds by task go to standard output as JSON, with the best setting's mean error over the
folds.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

LAKEHOUSE = Path(sys.executable).with_name("lakehouse")
CLASSIC = ("grid=classic", "folds=5")
BEST = (
    "SELECT rank, max_iter, reg_param, AVG(rmse) AS rmse FROM gold.cv_results GROUP BY ALL ORDER BY rmse, rank LIMIT 1"
)


def main() -> None:
    """Run the job in a folder of its own and read what it says of its tasks."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--set", dest="settings", action="append", default=[], metavar="KEY=VALUE")
    asked = parser.parse_args()
    settings = [part for setting in (*CLASSIC, *asked.settings) for part in ("--set", setting)]
    with tempfile.TemporaryDirectory() as root:
        command = ["run", "--source", asked.folder, "--root", root, *settings, "--timings"]
        start = time.perf_counter()
        tasks = lakehouse(*command)
        whole = time.perf_counter() - start
        best = lakehouse("sql", BEST, "--root", root)[0]
    seconds = {str(task["task"]): float(task["seconds"]) for task in tasks}
    seconds["start and rest"] = round(whole - sum(seconds.values()), 2)
    print(json.dumps({"seconds": seconds, "cross_validated_rmse": best["rmse"], "rank": best["rank"]}))


def lakehouse(*arguments: str) -> list[dict[str, Any]]:
    """The rows that a command of the project gives; what it says meanwhile goes to standard error."""
    command = [str(LAKEHOUSE), *arguments, "--format", "json"]
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    rows: list[dict[str, Any]] = json.loads(answer)
    return rows


if __name__ == "__main__":
    main()
