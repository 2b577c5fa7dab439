"""Lakehouses side by side: the files they have, what people query in them, and whether their tables are the same."""

import json
import math
import shutil
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from movie_lakehouse.job.bundle import find_bundle
from movie_lakehouse.job.publications import PUBLISHED
from movie_lakehouse.job.report import JobOutcome
from movie_lakehouse.job.runner import run_job
from movie_lakehouse.query.delta import data_files
from movie_lakehouse.query.published import published_reader
from movie_lakehouse.query.reader import LakehouseReader
from movie_lakehouse.sources import TABLES

OF_THE_RUN = {
    "run_id",
    "trained_at",
    "quarantined_at",
    "table_versions",
    "_source_modified_at",
    "_batch_id",
    "_ingested_at",
}
"""What rightly differs between two runs: their names, their times, and the files' own times."""
TOLERANCE = 1e-4
"""How far factors, scores and errors may be apart: sums of the same numbers in another order."""
WRITTEN = {
    "ingest": "bronze.movies bronze.ratings bronze.links bronze.tags",
    "clean": "silver.movies silver.movie_genres silver.ratings silver.rating_genres silver.tags silver.links "
    "silver.quarantine",
    "train": "gold.rating_predictions gold.judged_lists gold.user_factors gold.movie_factors gold.cv_results "
    "gold.model_metrics gold.model_runs",
    "recommend": "gold.ranking_weights gold.user_recommendations",
    "similarity": "gold.movie_similarity",
    "summarise": "gold.dataset_summary gold.genre_summary gold.movies_by_genre gold.movie_popularity",
}
"""The tables that each task publishes, in the order in which tasks run."""

Exact, Near = str, tuple[float, ...]


def run_here(root: Path, settings: dict[str, str], *only: str, bundle: Path | None = None) -> JobOutcome:
    """Run the job, or just these tasks of it, in this process."""
    return run_job(find_bundle(bundle), overrides=settings | {"lakehouse": str(root)}, only=only)


def copied(root: Path, to: Path, *, without: Iterable[str] = ()) -> Path:
    """A copy of a lakehouse with the times of its files, without some of its folders."""
    shutil.copytree(root, to)
    for folder in without:
        shutil.rmtree(to / folder)
    return to


def sample_of(root: Path) -> Path:
    """The folder of CSVs that a lakehouse of the sample was made of."""
    (folder,) = (root / "_landing" / "sample").glob("*/")
    return folder


def in_parts(source: Path, folder: Path) -> Path:
    """A copy of a source in which every table is a folder of files, one for now."""
    for table in TABLES:
        (folder / table).mkdir(parents=True)
        shutil.copy2(source / f"{table}.csv", folder / table / "1.csv")
    return folder


def commits(root: Path) -> set[str]:
    """The commits of all tables, as paths within the lakehouse."""
    return {str(path.relative_to(root)) for path in root.glob("*/*/_delta_log/[0-9]*.json")}


def rows_files(root: Path) -> set[str]:
    """The files that hold rows, whether a commit names them or not."""
    return {str(path.relative_to(root)) for path in root.glob("*/*/*.parquet")}


def contents(root: Path, table: str, version: int | None = None) -> list[tuple[Exact, Near]]:
    """The rows of a table in an order of their own, each parted into what must be equal and what may be near."""
    answer = LakehouseReader(root).table(table, version)
    shown = [name not in OF_THE_RUN for name in answer.columns]
    rows = ([value for value, is_shown in zip(row, shown, strict=True) if is_shown] for row in answer)
    return sorted(_parted(row) for row in rows)


def _parted(row: list[Any]) -> tuple[Exact, Near]:
    near: list[float] = []

    def exact(value: Any) -> Any:
        if isinstance(value, float):
            near.append(value)
            return None
        if isinstance(value, list | tuple):
            return [exact(item) for item in value]
        if isinstance(value, dict):
            return {str(name): exact(item) for name, item in value.items()}
        return value

    text = json.dumps(exact(row), default=str)
    return text, tuple(near)


@cache
def _contents_at(root: Path, table: str, version: int) -> list[tuple[Exact, Near]]:
    """The rows of what many are compared with, read once."""
    return contents(root, table, version)


def assert_same_tables(root: Path, other: Path, tables: Iterable[str] = PUBLISHED) -> None:
    """The tables hold the same rows."""
    reader = LakehouseReader(other)
    for table in tables:
        wanted = _contents_at(other, table, reader.open(table).version())
        assert_same_rows(contents(root, table), wanted, table)


def assert_same_rows(found: list[tuple[Exact, Near]], wanted: list[tuple[Exact, Near]], table: str) -> None:
    """The rows are the same, numbers that are sums within the tolerance."""
    assert [exact for exact, _ in found] == [exact for exact, _ in wanted], table
    for (exact, near), (_, wanted_near) in zip(found, wanted, strict=True):
        pairs = zip(near, wanted_near, strict=True)
        assert all(math.isclose(a, b, rel_tol=TOLERANCE, abs_tol=TOLERANCE) for a, b in pairs), (table, exact)


def tables_until(tasks: Iterable[str]) -> Iterator[str]:
    """The tables of the tasks and of all that run before them."""
    order = list(WRITTEN)
    last = max((order.index(task) for task in tasks if task in order), default=len(order) - 1)
    for task in order[: last + 1]:
        if task not in {"recommend", "similarity"} or task in tasks or last > order.index("similarity"):
            yield from WRITTEN[task].split()


def published_files(root: Path) -> dict[str, list[tuple[str, int]]]:
    """The files, and their sizes, that people's queries read; each table is opened and each file is there."""
    reader = published_reader(root)
    names = [name for name in reader.tables() if not name.startswith("ops.")]
    files = {name: data_files(reader.open(name), root.joinpath(*name.split("."))) for name in names}
    return {
        name: sorted((str(Path(file).relative_to(root)), Path(file).stat().st_size) for file in found)
        for name, found in files.items()
    }


def assert_all_open(root: Path) -> None:
    """Every table is readable at its newest version, and its files are all there."""
    reader = LakehouseReader(root)
    for name in reader.tables():
        for file in data_files(reader.open(name), root.joinpath(*name.split("."))):
            assert Path(file).is_file(), (name, file)
