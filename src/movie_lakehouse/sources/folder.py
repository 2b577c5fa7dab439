"""The CSV files of a source folder."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from movie_lakehouse.errors import SourceError

_REQUIRED = {
    "movies": ("movieId", "title", "genres"),
    "ratings": ("userId", "movieId", "rating", "timestamp"),
    "links": ("movieId", "imdbId", "tmdbId"),
    "tags": ("userId", "movieId", "tag", "timestamp"),
}
TABLES = tuple(_REQUIRED)
"""The tables that every source has."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_COMPRESSED = (".csv.gz", ".csv.bz2", ".csv.xz", ".csv.zst", ".csv.zip", ".zip", ".gz")


@dataclass(frozen=True)
class SourceFile:
    """A CSV file of a source folder."""

    table: str
    path: Path
    name: str
    """Relative to the source folder, such as ``ratings/part-1.csv``."""
    size: int
    modified_at: datetime
    """In UTC."""


def required_columns(table: str) -> tuple[str, ...]:
    """The columns that a file of ``table`` must have, in MovieLens' order.

    >>> required_columns("links")
    ('movieId', 'imdbId', 'tmdbId')
    """
    return _REQUIRED[table]


def find_source_files(folder: Path) -> dict[str, list[SourceFile]]:
    """The files of each table, sorted by name: ``movies.csv``, or all ``.csv`` files in a folder ``movies``.

    Hidden files, and those whose names begin with an underscore, are passed over in such a folder, as Spark does. A
    symbolic link is the file that it leads to, under the link's own name.

    Raises:
        SourceError: a table has no file, has both a file and a folder, or its folder holds something else.
    """
    try:
        if not folder.is_dir():
            raise SourceError(f"{folder} is not a folder: name one that holds {', '.join(f'{t}.csv' for t in TABLES)}")
        return {table: [_source_file(table, path, folder) for path in _paths(table, folder)] for table in TABLES}
    except OSError as error:
        raise SourceError(f"{error.filename} cannot be read: {error.strerror}") from error


def passed_over(folder: Path) -> list[str]:
    """The names of CSV files in the folder that belong to no table, and so are not taken."""
    return sorted(path.name for path in folder.glob("*.[cC][sS][vV]") if path.stem not in TABLES)


def _paths(table: str, folder: Path) -> list[Path]:
    single, several = folder / f"{table}.csv", folder / table
    if single.exists() and several.is_dir():
        raise SourceError(f"{folder} holds both {single.name} and a folder {table}/: keep one of them")
    if single.is_dir():
        raise SourceError(f"{single} is a folder where a file should be: several files belong in {several}/")
    if single.exists() or single.is_symlink():
        return [single]
    if not several.is_dir():
        compressed = [f"{table}{suffix}" for suffix in _COMPRESSED if (folder / f"{table}{suffix}").exists()]
        instead = f", but {compressed[0]} is there: unpack it" if compressed else f", and there is no folder {table}/"
        raise SourceError(f"{single} is missing{instead}")
    return _parts(several)


def _parts(folder: Path) -> list[Path]:
    parts = sorted(path for path in folder.iterdir() if not path.name.startswith((".", "_")))
    for part in parts:
        if part.is_dir() or part.suffix.lower() != ".csv":
            raise SourceError(f"{part} is not a .csv file: only those may be in {folder}/")
    if not parts:
        raise SourceError(f"{folder}/ holds no .csv file")
    return parts


def _source_file(table: str, path: Path, folder: Path) -> SourceFile:
    if not path.exists():
        raise SourceError(f"{path} is a link that leads nowhere: mend it")
    if not path.is_file():
        raise SourceError(f"{path} is a pipe or a device where a file should be")
    if not _is_text(path):
        raise SourceError(f"{str(path)!a} has a name that is not UTF-8: rename it")
    size, modified_at = size_and_time(path)
    return SourceFile(
        table=table,
        path=path,
        name=path.relative_to(folder).as_posix(),
        size=size,
        modified_at=modified_at,
    )


def size_and_time(path: Path) -> tuple[int, datetime]:
    """The file's size and, in UTC, its time of modification: by these it is known again.

    Raises:
        SourceError: the time is none that a table can hold.
        OSError: the file is gone, or may not be asked.
    """
    status = path.stat()
    try:
        return status.st_size, _EPOCH + timedelta(microseconds=status.st_mtime_ns // 1000)
    except OverflowError as error:
        raise SourceError(f"{path} was modified at a time beyond all calendars: `touch` it") from error


def _is_text(path: Path) -> bool:
    """Whether the path can be told to Spark: Python reads the bytes that are no text as lone surrogates."""
    return not any("\ud800" <= character <= "\udfff" for character in str(path))
