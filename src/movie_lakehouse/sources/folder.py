"""The CSV files of a source folder, and what must be true of them before anything is written."""

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
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

MAY_BE_EMPTY = ("links", "tags")
"""Tables whose files may have a header and no rows."""

_CHUNK_BYTES = 1 << 20
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


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

    Hidden files, and those whose names begin with an underscore, are passed over in such a folder, as Spark does.

    Raises:
        SourceError: a table has no file, has both a file and a folder, or its folder holds something else.
    """
    if not folder.is_dir():
        raise SourceError(f"{folder} is not a folder: name one that holds {', '.join(f'{t}.csv' for t in TABLES)}")
    return {table: [_source_file(table, path, folder) for path in _paths(table, folder)] for table in TABLES}


def _paths(table: str, folder: Path) -> list[Path]:
    single, several = folder / f"{table}.csv", folder / table
    if single.exists() and several.is_dir():
        raise SourceError(f"{folder} holds both {single.name} and a folder {table}/: keep one of them")
    if single.is_dir():
        raise SourceError(f"{single} is a folder where a file should be: several files belong in {several}/")
    if single.exists():
        return [single]
    if not several.is_dir():
        raise SourceError(f"{single} is missing, and there is no folder {table}/ in its place")
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
    status = path.stat()
    return SourceFile(
        table=table,
        path=path,
        name=path.relative_to(folder).as_posix(),
        size=status.st_size,
        modified_at=datetime.fromtimestamp(status.st_mtime, UTC),
    )


def check_source_file(file: SourceFile) -> list[str]:
    """The column names of the file's header, extra ones included, once the whole file is known to be readable.

    A byte order mark is not part of the first name.

    Raises:
        SourceError: the file cannot be opened, is empty, is not UTF-8, holds NUL bytes, lacks a column, has a column
            twice or without a name, or is a file of movies or ratings without rows.
    """
    try:
        _check_encoding(file)
        with file.path.open(encoding="utf-8-sig", newline="") as text:
            rows = csv.reader(text)
            columns = next(rows, [])
            has_rows = any(line.strip() for line in text)
    except OSError as error:
        raise SourceError(f"{file.path} cannot be read: {error.strerror}") from error
    except csv.Error as error:
        raise SourceError(f"{file.path} has a header that is not CSV: {error}") from error
    _check_columns(file, columns)
    if not has_rows and file.table not in MAY_BE_EMPTY:
        raise SourceError(f"{file.path} has a header but no rows: {file.table} cannot be empty")
    return columns


def _check_columns(file: SourceFile, columns: list[str]) -> None:
    found = ", ".join(columns)
    if not found.strip():
        raise SourceError(f"{file.path} is empty: its first line should be {','.join(required_columns(file.table))}")
    for column in required_columns(file.table):
        if column not in columns:
            raise SourceError(f"{file.path} has no column {column!r}: its columns are {found}")
    seen: set[str] = set()
    for column in columns:
        if not column.strip():
            raise SourceError(f"{file.path} has a column without a name: its columns are {found}")
        if column.casefold() in seen:
            raise SourceError(f"{file.path} has the column {column!r} twice (capitals do not count): {found}")
        seen.add(column.casefold())


def _check_encoding(file: SourceFile) -> None:
    decoder = codecs.getincrementaldecoder("utf-8")()
    line = 1
    for chunk in _chunks(file.path):
        if line == 1 and chunk.startswith(_UTF16_MARKS):
            raise SourceError(f"{file.path} is UTF-16: save it as UTF-8")
        if b"\0" in chunk:
            at = line + chunk[: chunk.index(b"\0")].count(b"\n")
            raise SourceError(f"{file.path} holds a NUL byte in line {at}: it is UTF-16 or not text; save it as UTF-8")
        try:
            decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            at = line + error.object[: error.start].count(b"\n")
            raise SourceError(f"{file.path} is not UTF-8 in line {at} ({error.reason}): save it as UTF-8") from error
        line += chunk.count(b"\n")


def _chunks(path: Path) -> Iterator[bytes]:
    """The bytes of the file, and an empty chunk at the end."""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk
        yield b""
