"""Which files of a source are new: a file is known by its name, size and time of modification."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from movie_lakehouse.bronze.read import RESERVED_COLUMNS, escaped_path
from movie_lakehouse.errors import SourceError
from movie_lakehouse.sources import SourceFile, check_source_file, has_rows, required_columns, size_and_time

TAKEN_FILES = "SELECT DISTINCT _source_file, _source_size, _source_modified_at FROM {table}"
"""What asks a bronze table for its files: as many answers as there are files, however many rows they have."""
_NOT_IN_NAMES = set(' ,;{}()="`')


class Taken(NamedTuple):
    """A file that bronze holds."""

    name: str
    size: int
    modified_at: datetime


def taken_files(rows: Iterable[Mapping[str, Any]]) -> set[Taken]:
    """The files that a bronze table holds, of the answer to ``TAKEN_FILES``."""
    return {Taken(row["_source_file"], row["_source_size"], row["_source_modified_at"]) for row in rows}


def new_files(files: Iterable[SourceFile], taken: set[Taken]) -> dict[SourceFile, list[str]]:
    """Those of the files that have rows and are not taken yet, each checked, with the columns of its header.

    Raises:
        SourceError: a file cannot be read as what it should be.
    """
    checked = {file: checked_columns(file) for file in files if _as_taken(file) not in taken}
    try:
        return {file: columns for file, columns in checked.items() if has_rows(file)}
    except OSError as error:
        raise SourceError(f"{error.filename} cannot be read: {error.strerror}") from error


def checked_columns(file: SourceFile) -> list[str]:
    """The columns of the file's header, none of which may have a name that bronze or Delta needs for itself.

    Raises:
        SourceError: the file is not of the form that its table needs.
    """
    if ":" in file.path.name:
        raise SourceError(f"{file.path} has a colon in its name, which Spark does not read: rename it")
    path = str(file.path.absolute())
    if ":" in path and escaped_path(path) != path:
        raise SourceError(f"{path} has a colon and one of \\*?[]{{}}, which Spark does not read together: rename it")
    columns = check_source_file(file)
    for column in extra_columns(file, columns):
        if column.lower() in RESERVED_COLUMNS or not column.isprintable() or set(column) & _NOT_IN_NAMES:
            raise SourceError(
                f"{file.path} has the column {column!r}, which no table can have; rename it "
                "(no blanks, no ,;{}()=, no control characters, no name of bronze's own metadata)"
            )
    return columns


def refuse_changed(files: Iterable[SourceFile]) -> None:
    """Refuse files that are no longer what they were when they were found: what was read of them may be anything.

    Raises:
        SourceError: one has another size or time, or is gone.
    """
    for file in files:
        if not _is_as_found(file):
            raise SourceError(f"{file.path} changed while it was read: nothing was taken; run again when it is whole")


def extra_columns(file: SourceFile, columns: Iterable[str]) -> list[str]:
    """The columns that the table does not need; they are kept and reported."""
    return [column for column in columns if column not in required_columns(file.table)]


def describe_extras(new: Mapping[SourceFile, list[str]]) -> list[str]:
    """A line a file that has columns beyond those needed."""
    extras = {file.name: extra_columns(file, columns) for file, columns in new.items()}
    return [f"{name} has extra columns, kept in bronze: {', '.join(found)}" for name, found in extras.items() if found]


def _as_taken(file: SourceFile) -> Taken:
    """The file as bronze would know it; Spark keeps modification times in milliseconds."""
    milliseconds = file.modified_at.microsecond // 1000
    return Taken(file.name, file.size, file.modified_at.replace(microsecond=1000 * milliseconds))


def _is_as_found(file: SourceFile) -> bool:
    """Whether the file is there and has the size and time that it had."""
    try:
        return size_and_time(file.path) == (file.size, file.modified_at)
    except OSError:
        return False
