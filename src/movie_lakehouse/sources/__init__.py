"""Where the raw CSV files come from: a folder, a generated sample, or MovieLens downloaded from GroupLens."""

from pathlib import Path

from movie_lakehouse.errors import SourceError
from movie_lakehouse.sources.check import check_source_file, has_rows
from movie_lakehouse.sources.download import ARCHIVES, BASE_URL, cache_folder, download_movielens
from movie_lakehouse.sources.folder import (
    TABLES,
    SourceFile,
    find_source_files,
    passed_over,
    required_columns,
    size_and_time,
)
from movie_lakehouse.sources.sample import REASONS, DirtyRow, SampleFacts, SampleSpec, generate_sample

__all__ = [
    "ARCHIVES",
    "REASONS",
    "TABLES",
    "DirtyRow",
    "SampleFacts",
    "SampleSpec",
    "SourceFile",
    "check_source_file",
    "find_source_files",
    "generate_sample",
    "has_rows",
    "passed_over",
    "required_columns",
    "resolve_source",
    "size_and_time",
]

SAMPLE = "sample"


def resolve_source(
    source: str,
    *,
    work_folder: Path,
    cache: Path | None = None,
    unpack_below: Path | None = None,
    sample_spec: SampleSpec | None = None,
    base_url: str = BASE_URL,
) -> Path:
    """The folder of CSV files that ``source`` stands for: made, downloaded or simply there.

    ``sample`` is generated below ``work_folder``, in a folder of its own for each ``sample_spec``; a MovieLens data
    set comes from ``base_url`` into ``cache``, by default that of the user, and is unpacked there or below
    ``unpack_below``. Anything else is the path of a folder, so that a folder named like one of these is written
    ``./sample``.

    Raises:
        SourceError: there is no such folder, or the files cannot be had or written.
    """
    try:
        if source == SAMPLE:
            return _generated(sample_spec or SampleSpec(), work_folder)
        if source in ARCHIVES:
            return _downloaded(source, cache or cache_folder(), unpack_below, base_url)
    except OSError as error:
        raise SourceError(f"source {source!r} cannot be written: {error}") from error
    return _named(source)


def _named(source: str) -> Path:
    """The folder of this name."""
    try:
        folder = Path(source).expanduser()
        is_file, is_folder = folder.is_file(), folder.is_dir()
    except (OSError, RuntimeError) as error:
        raise SourceError(f"source {source!r} cannot be read: {error}") from error
    if is_file:
        raise SourceError(
            f"source {source!r} is a file: unpack it if it is an archive, and name the folder of its CSVs"
        )
    if not is_folder:
        raise SourceError(f"source {source!r} is not a folder: name one, or {' or '.join([SAMPLE, *ARCHIVES])}")
    return folder


def _generated(spec: SampleSpec, work_folder: Path) -> Path:
    folder = work_folder / SAMPLE / spec.fingerprint()
    generate_sample(spec, folder)
    return folder


def _downloaded(source: str, cache: Path, unpack_below: Path | None, base_url: str) -> Path:
    try:
        return download_movielens(ARCHIVES[source], cache, base_url, unpack_below)
    except SourceError as error:
        raise SourceError(f"{source}: {error}; or use {SAMPLE}, or the path of a folder") from error
