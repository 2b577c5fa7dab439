"""Measure what the project is for, keep the figures, and tell them beside the goals.

    python -m benchmarks FOLDER [--only NAME] [--from NAME] [--runs 3] [--notebook-runs 1] [--quick]
    python -m benchmarks --large [--only NAME]
    python -m benchmarks --table

FOLDER has MovieLens' CSVs. What is measured is kept at once in benchmarks/results/goals.json; the table made of it goes
to goals.md beside it, into the README and to standard output. A bench that was broken off goes on with --from. --quick
measures next to nothing, to see that all of it runs, and keeps that apart. --table measures nothing.
"""

import argparse
import dataclasses
import sys
from pathlib import Path

from benchmarks.kept import RESULTS, Figures, keep, read_kept
from benchmarks.large import LARGE
from benchmarks.machine import machine, moment
from benchmarks.measurements import MEASUREMENTS, Measure, Sizes
from benchmarks.processes import PROJECT, CommandError
from benchmarks.table import table, write


def measure(name: str, measurement: Measure, sizes: Sizes, file: Path) -> bool:
    """Measure one thing, keep each figure as soon as it is there, and say whether nothing failed."""
    about = {"is_whole": sizes.is_whole, "data": "" if name in LARGE else Path(sizes.folder).name}
    about |= moment() | {"machine": machine()}
    figures: Figures = {}
    try:
        for figures in measurement(sizes):
            keep(file, name, about | {"figures": figures})
    except CommandError as error:
        print(f"{name}: {error}", file=sys.stderr)
        keep(file, name, about | {"figures": figures | {"failed": str(error)}})
        return False
    return True


def chosen(names: list[str], only: list[str], first: str | None) -> list[str]:
    """Those of the names that are asked for, in their order.

    Raises:
        SystemExit: one is none of them.
    """
    if unknown := {*only, *([first] if first else [])} - set(names):
        sys.exit(f"There is no measurement {', '.join(sorted(unknown))}; there are {', '.join(names)}.")
    rest = names[names.index(first) :] if first else names
    return [name for name in rest if not only or name in only]


def sizes_of(asked: argparse.Namespace) -> Sizes:
    """How much is to be measured.

    Raises:
        SystemExit: there is no such folder.
    """
    folder = Path(asked.folder or ".").resolve()
    if not asked.large and not (folder / "ratings.csv").exists():
        sys.exit("Name a folder of MovieLens' CSVs: make bench DATA=ml-latest-small")
    if asked.quick:
        return Sizes.quick(str(folder))
    return dataclasses.replace(Sizes(str(folder)), runs=asked.runs, notebook_runs=asked.notebook_runs)


def arguments() -> argparse.Namespace:
    """What was typed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", help="of MovieLens' CSVs")
    parser.add_argument("--large", action="store_true", help=f"measure {', '.join(LARGE)}, with generated ratings")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help=f"of {', '.join(MEASUREMENTS)}")
    parser.add_argument("--from", dest="first", metavar="NAME", help="this measurement and those after it")
    parser.add_argument("--runs", type=int, default=Sizes.runs, help="of what is short")
    parser.add_argument("--notebook-runs", type=int, default=Sizes.notebook_runs, help="of nine minutes each")
    parser.add_argument("--quick", action="store_true", help="next to nothing, kept in quick.json")
    parser.add_argument("--table", action="store_true", help="measure nothing, write the table anew")
    return parser.parse_args()


def main() -> None:
    """Measure, keep and tell."""
    asked = arguments()
    file, page = RESULTS / ("quick.json" if asked.quick else "goals.json"), PROJECT / "README.md"
    measurements = LARGE if asked.large else MEASUREMENTS
    names = [] if asked.table else chosen(list(measurements), asked.only, asked.first)
    sizes = Sizes() if asked.table else sizes_of(asked)
    went_well = True
    for name in names:
        print(f"{name}: to go on from here after a break, --from {name}", file=sys.stderr, flush=True)
        went_well &= measure(name, measurements[name], sizes, file)
    kept = read_kept(file)
    write(kept, file.with_suffix(".md"), None if asked.quick else page)
    print(table(kept), end="")
    sys.exit(0 if went_well else 1)


if __name__ == "__main__":
    main()
