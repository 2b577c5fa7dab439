"""Time the classic notebook way beside this project's, each run a process of its own, and keep the figures.

    python benchmarks/run.py FOLDER [--runs 3] [--notebook-runs 1] [--name latest-small]

The runs' seconds by stage, their peak memory (the resident memory of a run's whole tree of processes, looked at twice a
second) and the machine's description go to benchmarks/results/NAME.json; a table made from that file goes to
NAME.md beside it and to standard output.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
RESULTS = HERE / "results"
PACKAGES = ("pyspark", "delta-spark", "numpy", "scipy")
COMPARED = {
    "the search": (("search",), ("train",)),
    "the whole job": ((), ()),
}
"""For each row of the table the notebook's stages and the project's tasks; none: all of them."""
Run = dict[str, Any]


def measured(script: str, arguments: Sequence[str]) -> Run:
    """Run a script and add its peak memory in MiB to what it says of itself."""
    process = subprocess.Popen([sys.executable, str(HERE / script), *arguments], stdout=subprocess.PIPE, text=True)
    peak, ended = [0], threading.Event()

    def watch() -> None:
        while not ended.wait(0.5):
            peak[0] = max(peak[0], resident_mib(process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    answer = process.communicate()[0]
    ended.set()
    watcher.join()
    if process.returncode:
        sys.exit(f"{script} ended with status {process.returncode}: its own message stands above.")
    run: Run = json.loads(answer.splitlines()[-1])
    return run | {"peak_mib": peak[0]}


def resident_mib(root: int) -> int:
    """Resident memory of a process and all that it has started, in MiB; Linux only, 0 elsewhere."""
    parents, pages = {}, {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            pages[int(folder.name)] = int((folder / "statm").read_text().split()[1])
        except (OSError, IndexError):
            continue  # it has ended meanwhile
    tree, found = {root}, {root}
    while found:
        found = {child for child, parent in parents.items() if parent in found} - tree
        tree |= found
    return sum(pages.get(process, 0) for process in tree) * os.sysconf("SC_PAGE_SIZE") // 2**20


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "system": platform.platform(),
        "processor": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "memory_mib": memory,
        "load_before": os.getloadavg(),
        "python": platform.python_version(),
        "packages": {package: version(package) for package in PACKAGES},
    }


def table(results: dict[str, Any]) -> str:
    """The medians and ratios in Markdown."""
    notebook, ours = results["notebook"], results["ours"]
    lines = ["| | notebook | movie_lakehouse | ratio |", "| --- | --- | --- | --- |"]
    for row, (stages, tasks) in COMPARED.items():
        before, after = median_seconds(notebook, stages), median_seconds(ours, tasks)
        lines.append(f"| {row} | {before:.1f} s | {after:.1f} s | {before / after:.1f} |")
    before, after = (statistics.median(run["peak_mib"] for run in runs) for runs in (notebook, ours))
    lines.append(f"| peak memory | {before:,.0f} MiB | {after:,.0f} MiB | {before / after:.1f} |")
    before, after = (statistics.median(run["cross_validated_rmse"] for run in runs) for runs in (notebook, ours))
    lines.append(f"| RMSE over the folds | {before:.4f} | {after:.4f} | |")
    where = results["machine"]
    lines += [
        "",
        f"Medians of {len(notebook)} and {len(ours)} runs; {where['cores']} cores, {where['memory_mib']:,} MiB, "
        f"load {where['load_before'][0]:.1f} before; {where['measured_at']}. The project's search is its whole task "
        "`train`: two more models, the gates and the tables are in it.",
    ]
    return "\n".join(lines) + "\n"


def median_seconds(runs: Sequence[Run], stages: Sequence[str]) -> float:
    """The median over the runs of the seconds in these stages, or in all."""
    return statistics.median(
        float(sum(seconds for stage, seconds in run["seconds"].items() if not stages or stage in stages))
        for run in runs
    )


def main() -> None:
    """Run, keep and tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", help="of the CSVs")
    parser.add_argument("--runs", type=int, default=3, help="of this project")
    parser.add_argument("--notebook-runs", type=int, default=1, help="of the notebook, which takes some nine minutes")
    parser.add_argument("--settings", type=int, default=27, help="settings that the notebook tries, for a quick look")
    parser.add_argument("--name", default="latest-small", help="of the files of results")
    asked = parser.parse_args()
    results: dict[str, Any] = {"folder": Path(asked.folder).name, "machine": machine()}
    results["ours"] = [measured("our_way.py", [asked.folder]) for _ in range(asked.runs)]
    notebook = [asked.folder, "--settings", str(asked.settings)]
    results["notebook"] = [measured("notebook_way.py", notebook) for _ in range(asked.notebook_runs)]
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{asked.name}.json").write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    (RESULTS / f"{asked.name}.md").write_text(table(results), encoding="utf-8")
    print(table(results), end="")


if __name__ == "__main__":
    main()
