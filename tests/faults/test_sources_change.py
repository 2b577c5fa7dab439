"""A source file that changes, shrinks or vanishes between the check of the source and the reading of its rows."""

import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession

import movie_lakehouse.job.tasks.ingest as tasks_ingest
from faults.harness import FAST, bundle_with
from faults.lakehouses import assert_same_tables, run_here, sample_of
from faults.registry import faults, stops
from movie_lakehouse.errors import SourceError
from movie_lakehouse.sources import SourceFile

pytestmark = pytest.mark.slow  # a run of ingest and one of clean for each
GOOD = ("silver.movies", "silver.ratings", "silver.tags", "silver.links")
MISSING, CHANGED = "is missing", "changed while it was read"
TAKEN_ANEW = "when the file is whole again it is taken, and silver is that of an undisturbed run"


def grow(file: Path) -> None:
    """Put a line that an old one outweighs at the end of the file."""
    with file.open("a", encoding="utf-8") as lines:
        lines.write("1,9,0.5,800000000\n")


def shrink(file: Path) -> None:
    """Leave half of the file."""
    os.truncate(file, file.stat().st_size // 2)


def replace(file: Path) -> None:
    """Put another file of the same size in its place."""
    other = file.with_suffix(".new")
    other.write_bytes(file.read_bytes().replace(b",4.0,", b",1.0,"))
    other.rename(file)


HARM: dict[str, Callable[[Path], None]] = {
    "grows": grow,
    "shrinks": shrink,
    "is-replaced": replace,
    "vanishes": Path.unlink,
}
OUTCOMES = {name: f"{stops(CHANGED)}; {TAKEN_ANEW}" for name in HARM} | {
    "vanishes": f"stops, after another try: “…{MISSING}…”; {TAKEN_ANEW}"
}
WHAT = {
    "grows": "a source file grows",
    "shrinks": "a source file shrinks",
    "is-replaced": "another file takes a source file's place",
    "vanishes": "a source file vanishes",
}
BEFORE = {
    name: (f"{WHAT[name]} between the check of the source and Spark's list of files", OUTCOMES[name]) for name in HARM
}
WHILE_READ = {name: (f"{WHAT[name]} while Spark reads it", OUTCOMES[name]) for name in HARM}


@pytest.fixture
def source(undisturbed: Path, tmp_path: Path) -> Path:
    """The sample's files."""
    return shutil.copytree(sample_of(undisturbed), tmp_path / "source")


def harm_when_read(monkeypatch: pytest.MonkeyPatch, name: str, file: Path, *, listed: bool) -> None:
    """Do harm to the file once, when ingest has checked it, before or after Spark has listed it."""
    read_batch = tasks_ingest.read_batch
    harms = [HARM[name]]

    def harming(spark: SparkSession, files: Mapping[SourceFile, Sequence[str]], *rest: Any) -> DataFrame:
        is_read = any(one.path == file for one in files)
        if is_read and not listed and harms:
            harms.pop()(file)
        frame = read_batch(spark, files, *rest)
        if is_read and listed and harms:
            harms.pop()(file)
        return frame

    monkeypatch.setattr(tasks_ingest, "read_batch", harming)


def assert_taken_when_whole(source: Path, tmp_path: Path, undisturbed: Path, name: str) -> None:
    """Run ingest, put the file back as it was, run again, and find what an undisturbed run finds."""
    file, root = source / "ratings.csv", tmp_path / "lakehouse"
    whole = Path(shutil.copy2(file, tmp_path))
    settings = FAST | {"source": str(source)}
    bundle = bundle_with(tmp_path / "bundle", "ingest", min_retry_interval_millis=10)
    error = run_here(root, settings, "ingest", bundle=bundle).error
    assert isinstance(error, SourceError)
    assert (MISSING if name == "vanishes" else CHANGED) in str(error)

    shutil.copy2(whole, file)
    assert run_here(root, settings, "ingest", "clean").error is None
    assert_same_tables(root, undisturbed, GOOD)


@pytest.mark.campaign
@faults(BEFORE)
def test_a_file_that_is_harmed_before_it_is_listed_is_taken_when_it_is_whole(
    source: Path, tmp_path: Path, undisturbed: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    harm_when_read(monkeypatch, name, source / "ratings.csv", listed=False)
    assert_taken_when_whole(source, tmp_path, undisturbed, name)


@pytest.mark.campaign
@faults(WHILE_READ)
def test_a_file_that_is_harmed_while_it_is_read_is_taken_when_it_is_whole(
    source: Path, tmp_path: Path, undisturbed: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    harm_when_read(monkeypatch, name, source / "ratings.csv", listed=True)
    assert_taken_when_whole(source, tmp_path, undisturbed, name)
