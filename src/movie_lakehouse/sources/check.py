"""What must be true of a CSV file before anything is written."""

import codecs
import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from movie_lakehouse.errors import SourceError
from movie_lakehouse.sources.folder import SourceFile, required_columns
from movie_lakehouse.text import inert

MAY_BE_EMPTY = ("links", "tags")
"""Tables whose files may have a header and no rows."""

MAX_LINE_BYTES = 1 << 26
"""A line of more is beyond what a reader of lines should hold."""

MAX_COLUMNS = 100
MAX_NAME_CHARACTERS = 255

_CHUNK_BYTES = 1 << 20
_END_TO_SPARK = "\uffff"
"""Spark's reader takes this for the end of the line, and what follows it would be lost."""
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_OTHER_FORMATS = {
    b"\x1f\x8b": "gzip-compressed",
    b"PK\x03\x04": "a zip archive",
    b"BZh": "bzip2-compressed",
    b"\xfd7zXZ": "xz-compressed",
    b"\x28\xb5\x2f\xfd": "zstd-compressed",
    b"PAR1": "a Parquet file",
}
_OTHER_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "vertical bars", "::": "double colons"}


def check_source_file(file: SourceFile) -> list[str]:
    """The column names of the file's header, extra ones included, once the whole file is known to be readable.

    A byte order mark is not part of the first name.

    Raises:
        SourceError: the file cannot be opened, is empty, compressed or not UTF-8, holds NUL bytes or a line without
            end, lacks a column, has a column twice, without a name or too many, or is one of movies or ratings without
            rows.
    """
    try:
        _check_bytes(file.path)
        with file.path.open(encoding="utf-8-sig", newline="") as text:
            columns = next(csv.reader(text), [])
        is_filled = has_rows(file)
    except OSError as error:
        raise SourceError(f"{file.path} cannot be read: {error.strerror}") from error
    except csv.Error as error:
        raise SourceError(f"{file.path} has a header that is not CSV: {error}") from error
    if not any(column.strip() for column in columns):
        begins = "begins with a blank line" if is_filled else "is empty"
        raise SourceError(f"{file.path} {begins}: its first line should be {','.join(required_columns(file.table))}")
    _check_columns(file, columns)
    if not is_filled and file.table not in MAY_BE_EMPTY:
        raise SourceError(f"{file.path} has a header but no rows: {file.table} cannot be empty")
    return columns


def has_rows(file: SourceFile) -> bool:
    """Whether anything follows the file's header."""
    with file.path.open(encoding="utf-8-sig", newline="") as text:
        next(csv.reader(text), None)
        return any(line.strip() for line in text)


def _check_columns(file: SourceFile, columns: Sequence[str]) -> None:
    """Refuse a header that lacks a column, or has one that no table can take."""
    found = _listed(columns)
    for column in required_columns(file.table):
        if column not in columns:
            raise SourceError(f"{file.path} has no column {column!r}: {_separated_otherwise(columns) or found}")
    if len(columns) > MAX_COLUMNS:
        raise SourceError(f"{file.path} has {len(columns):,} columns, more than {MAX_COLUMNS}: take out what is extra")
    seen: set[str] = set()
    for column in columns:
        if len(column) > MAX_NAME_CHARACTERS:
            raise SourceError(f"{file.path} has a column whose name is longer than {MAX_NAME_CHARACTERS} characters")
        if not column.strip():
            raise SourceError(f"{file.path} has a column without a name: {found}")
        if column.casefold() in seen:
            raise SourceError(f"{file.path} has the column {column!r} twice (capitals do not count): {found}")
        seen.add(column.casefold())


def _listed(columns: Sequence[str]) -> str:
    """What the columns are, in a line whatever they are called and however many they are."""
    names = [inert(column) if len(column) < 40 else f"{inert(column[:40])}..." for column in columns[:12]]
    return f"its columns are {', '.join(names)}{' and more' if len(columns) > 12 else ''}"


def _separated_otherwise(columns: Sequence[str]) -> str:
    """What separates the columns where it is no comma, in words; nothing where it is none of the usual."""
    if len(columns) > 1:
        return ""
    return next(
        (f"{name} separate its columns, commas should" for by, name in _OTHER_SEPARATORS.items() if by in columns[0]),
        "",
    )


def _check_bytes(path: Path) -> None:
    """Refuse what is not lines of UTF-8, saying where."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    line, unended = 1, 0
    for at, chunk in enumerate(_chunks(path)):
        if at == 0:
            _refuse_other_formats(path, chunk)
        if b"\0" in chunk:
            here = line + chunk[: chunk.index(b"\0")].count(b"\n")
            raise SourceError(f"{path} holds a NUL byte in line {here}: it is UTF-16 or not text; save it as UTF-8")
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            here = line + error.object[: error.start].count(b"\n")
            raise SourceError(f"{path} is not UTF-8 in line {here} ({error.reason}): save it as UTF-8") from error
        if _END_TO_SPARK in text:
            here = line + text[: text.index(_END_TO_SPARK)].count("\n")
            raise SourceError(f"{path} holds U+FFFF, which is no character, in line {here}: take it out")
        line += chunk.count(b"\n")
        unended = 0 if b"\n" in chunk or b"\r" in chunk else unended + len(chunk)
        if unended > MAX_LINE_BYTES:
            raise SourceError(f"{path} has more than {MAX_LINE_BYTES:,} bytes in line {line}: its line ends are lost")


def _refuse_other_formats(path: Path, chunk: bytes) -> None:
    """Name the format of a file that is none of text."""
    if chunk.startswith(_UTF16_MARKS):
        raise SourceError(f"{path} is UTF-16: save it as UTF-8")
    for mark, name in _OTHER_FORMATS.items():
        if chunk.startswith(mark):
            raise SourceError(f"{path} is {name}, not CSV text: unpack or export it")


def _chunks(path: Path) -> Iterator[bytes]:
    """The bytes of the file, and an empty chunk at the end."""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk
        yield b""
