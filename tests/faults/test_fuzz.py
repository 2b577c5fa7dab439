"""Whatever the files of a source hold, they are refused in a line, or none of their rows is lost.

Sources are made from seeds, one after another for as many seconds as FUZZ_SECONDS says, by default one source.
"""

import os
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from pyspark.sql import Row, SparkSession

from movie_lakehouse.bronze.files import new_files
from movie_lakehouse.bronze.read import read_batch
from movie_lakehouse.errors import SourceError
from movie_lakehouse.scale import HIGHEST, LOWEST
from movie_lakehouse.silver.judge import good_rows
from movie_lakehouse.silver.tables import judge, judge_movies
from movie_lakehouse.sources import SourceFile, find_source_files
from support.frames import ARRIVAL
from support.odd_sources import OddFile, write_odd_source

SECONDS = float(os.environ.get("FUZZ_SECONDS", "0"))
FIRST_SEED = 1
KEYS = {
    "movies": ("movie_id",),
    "ratings": ("user_id", "movie_id"),
    "links": ("movie_id",),
    "tags": ("user_id", "movie_id", "tag"),
}
Rows = dict[str, list[Row]]


def test_no_row_of_any_file_is_lost(
    spark: SparkSession, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    began, n_sources, n_rows = time.monotonic(), 0, 0
    while n_sources == 0 or time.monotonic() < began + SECONDS:
        n_rows += check_source(spark, tmp_path / str(n_sources), FIRST_SEED + n_sources)
        n_sources += 1
    record_property("fuzz", f"{n_sources:,} sources with {n_rows:,} rows in {time.monotonic() - began:.0f} s")


def check_source(spark: SparkSession, folder: Path, seed: int) -> int:
    """Take a source through bronze and silver, and give the number of its rows: none where all movies are refused."""
    made = write_odd_source(folder, seed)
    taken = {table: checked(files, made) for table, files in find_source_files(folder).items()}
    if not taken["movies"]:
        return 0
    frames = {table: read_batch(spark, files, "b1", ARRIVAL) for table, files in taken.items() if files}
    bronze = {table: frame.collect() for table, frame in frames.items()}
    names = {file.name for files in taken.values() for file in files}
    assert_bronze_has_all(bronze, {name: made[name] for name in names}, seed)
    movies = judge_movies(frames["movies"])
    judged = {"movies": movies.collect()} | {
        table: judge(table, frames[table], good_rows(movies)).collect()
        for table in ("ratings", "links", "tags")
        if table in frames
    }
    assert_each_row_ends_once(bronze, judged, seed)
    return sum(map(len, bronze.values()))


def checked(files: list[SourceFile], made: dict[str, OddFile]) -> dict[SourceFile, list[str]]:
    """The files that are not refused; one that was not spoilt may not be."""
    taken = {}
    for file in files:
        try:
            taken |= new_files([file], set())
        except SourceError as error:
            empty = made[file.name].n_rows == 0
            assert made[file.name].n_rows is None or empty, error
            assert len(str(error).splitlines()) == 1
    return taken


def assert_bronze_has_all(bronze: Rows, made: dict[str, OddFile], seed: int) -> None:
    """Every line that is not blank is a row, and what is CSV beyond doubt has its own values."""
    rows = [row for table in bronze.values() for row in table]
    for name, file in made.items():
        if file.n_rows is None:
            continue
        own = [row for row in rows if row["_source_file"] == name]
        assert len(own) == file.n_rows, (seed, name)
        found = Counter(tuple(row[column] for column in file.columns) for row in own if row["_corrupt_record"] is None)
        assert not Counter(short(file.sound)) - found, (seed, name)


def short(sound: list[tuple[str | None, ...]]) -> list[tuple[str | None, ...]]:
    """Those whose line is not too long to be taken apart."""
    return [values for values in sound if sum(len((value or "").encode()) for value in values) < 30_000]


def assert_each_row_ends_once(bronze: Rows, judged: Rows, seed: int) -> None:
    """Bronze is good rows and quarantined ones, of the good a key has one, and they are within the tables' bounds."""
    for table, rows in bronze.items():
        assert Counter(row["_source_file"] for row in rows) == Counter(row["_source_file"] for row in judged[table]), (
            seed
        )
        good = [row for row in judged[table] if not row["reasons"]]
        keys = Counter(tuple(row[column] for column in KEYS[table]) for row in good)
        assert not keys or max(keys.values()) == 1, (seed, table, keys.most_common(1))
        assert all(min(key[0], 1) == 1 for key in keys), (seed, table)
        assert all(row["record"] for row in judged[table]), (seed, table)
        if table == "ratings":
            assert all(LOWEST <= row["rating"] <= HIGHEST for row in good), seed
