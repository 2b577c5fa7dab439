"""What `make bench` measures: each measurement gives its figures anew whenever there are more of them."""

import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from benchmarks import lakehouse_runs
from benchmarks.kept import Figures
from benchmarks.notebook_way import CLASSIC
from benchmarks.processes import python_with_peers, script


@dataclass(frozen=True)
class Sizes:
    """How much is measured; the goals are about these defaults.

    Attributes:
        folder: of MovieLens' CSVs, an absolute path.
        is_whole: whether all else is as the goals have it.
        runs: of what is short.
        notebook_runs: of the notebook, which takes some nine minutes.
        grid: what is searched, as JSON.
        movies, rank, neighbours: of the kernel.
        spark_movies: of similarity through Spark.
        users: who get recommendations.
        ratings: of the large data; a tenth of them is the other end of growth.
    """

    folder: str = ""
    is_whole: bool = True
    runs: int = 3
    notebook_runs: int = 1
    grid: str = CLASSIC
    movies: int = 60_000
    rank: int = 64
    neighbours: int = 50
    spark_movies: int = 10_000
    users: int = 160_000
    ratings: int = 25_000_000

    @classmethod
    def quick(cls, folder: str) -> "Sizes":
        """So little that all of it runs in some minutes; the figures say nothing."""
        grid = json.dumps({"rank": [10], "max_iter": [5], "reg_param": [0.1]})
        return cls(folder, False, 1, 1, grid, movies=2000, spark_movies=500, users=2000, ratings=100_000)


Measure = Callable[[Sizes], Iterator[Figures]]


def notebook(sizes: Sizes) -> Iterator[Figures]:
    """The notebook's way."""
    yield from _repeated(sizes.notebook_runs, lambda: script("notebook_way", sizes.folder, "--grid", sizes.grid))


def search(sizes: Sizes) -> Iterator[Figures]:
    """The project's search on the notebook's rows."""
    yield from _repeated(sizes.runs, lambda: script("search", sizes.folder, "--grid", sizes.grid))


def job(sizes: Sizes) -> Iterator[Figures]:
    """The whole job, the same again with nothing changed, and the quick commands on what it made."""
    yield from _repeated(sizes.runs, lambda: _job_twice(sizes))


def _job_twice(sizes: Sizes) -> Figures:
    with tempfile.TemporaryDirectory() as root:
        settings = [f"grid={sizes.grid}", "folds=5", *([] if sizes.is_whole else ["promotion=always"])]
        first = lakehouse_runs.job(sizes.folder, root, settings)
        again = lakehouse_runs.job(sizes.folder, root, settings)
        found = lakehouse_runs.best_setting(root)
        return {"first": first, "again": again, "cold": lakehouse_runs.cold_seconds(root, 5)} | found


def kernel(sizes: Sizes) -> Iterator[Figures]:
    """The top-k kernel beside its peers, in their environment."""
    options = {"items": sizes.movies, "queries": sizes.movies, "rank": sizes.rank, "k": sizes.neighbours}
    yield script("topk", *_options(options), "--rounds", str(sizes.runs), python=python_with_peers())


def similarity(sizes: Sizes) -> Iterator[Figures]:
    """The nearest movies through Spark."""
    yield script("similarity", "--movies", str(sizes.spark_movies))


def recommendations(sizes: Sizes) -> Iterator[Figures]:
    """Ten movies for every user."""
    options = {"users": sizes.users, "movies": sizes.movies, "rank": sizes.rank, "rounds": sizes.runs}
    yield script("recommendations", *_options(options))


def _options(values: dict[str, Any]) -> list[str]:
    """As a script takes them."""
    return [word for name, value in values.items() for word in (f"--{name}", str(value))]


def _repeated(times: int, run: Callable[[], Figures]) -> Iterator[Figures]:
    """The figures of all runs so far, after each."""
    runs: list[Figures] = []
    for _ in range(times):
        runs.append(run())
        yield {"runs": runs}


MEASUREMENTS: dict[str, Measure] = {
    "notebook": notebook,
    "search": search,
    "job": job,
    "kernel": kernel,
    "similarity": similarity,
    "recommendations": recommendations,
}
