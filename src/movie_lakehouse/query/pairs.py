"""A CSV file of users and movies, read a block at a time."""

import _csv
import csv
import io
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TextIO

import numpy as np
from numpy.typing import NDArray

from movie_lakehouse.errors import SourceError

COLUMNS = ("user_id", "movie_id")
BLOCK = 20_000

_WHOLE_NUMBER = re.compile(r"-?[0-9]+")
_MOST_DIGITS = 18
"""Numbers of more may not fit 64 bits."""


@dataclass(frozen=True)
class Pairs:
    """Users and movies, one of each a row, as 64-bit numbers."""

    user_ids: NDArray[np.int64]
    movie_ids: NDArray[np.int64]


@contextmanager
def opened(path: Path) -> Iterator[TextIO]:
    """The CSV file open for reading, or standard input for ``-``; bytes that are not UTF-8 come as lone surrogates.

    Raises:
        SourceError: it cannot be opened.
    """
    if str(path) == "-":
        yield io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8-sig", errors="surrogateescape", newline="")
        return
    try:
        file = path.open(encoding="utf-8-sig", errors="surrogateescape", newline="")
    except OSError as error:
        raise SourceError(f"The file {path} cannot be read: {error.strerror}.") from error
    with file:
        yield file


def read_pairs(file: TextIO, name: str, block: int = BLOCK) -> Iterator[Pairs]:
    """The columns ``user_id`` and ``movie_id`` of a CSV file, so many rows at a time, in the file's order.

    Raises:
        SourceError: a column is missing or, once that row is reached, a row does not hold two whole numbers; the
            message names file and line.
    """
    lines = csv.reader(_decoded(file), strict=True)  # else a quote without end swallows the lines after it
    with _readable(lines, name):
        places = _places(next(lines, []), name)
    return _blocks(lines, places, name, block)


def _decoded(file: TextIO) -> Iterator[str]:
    """The file's lines.

    Raises:
        UnicodeError: the next one has bytes that are no UTF-8.
    """
    for line in file:
        if not line.isascii():
            line.encode()
        yield line


def _blocks(lines: _csv.Reader, places: list[tuple[str, int]], name: str, block: int) -> Iterator[Pairs]:
    """The numbers at these places of the lines, blank ones left out."""
    with _readable(lines, name):
        numbers = (
            [_number(line, place, column, f"{name}, line {lines.line_num}") for column, place in places]
            for line in lines
            if line
        )
        while rows := list(islice(numbers, block)):
            ids = np.array(rows, dtype=np.int64)
            yield Pairs(ids[:, 0], ids[:, 1])


@contextmanager
def _readable(lines: _csv.Reader, name: str) -> Iterator[None]:
    """Say which line is not CSV in UTF-8."""
    try:
        yield
    except (csv.Error, UnicodeError) as error:
        reason = "a byte is no part of a character" if isinstance(error, UnicodeError) else error
        where = f"{name}, line {lines.line_num + isinstance(error, UnicodeError)}"
        raise SourceError(f"{where}: it cannot be read as CSV in UTF-8 ({reason}).") from error


def _places(header: list[str], name: str) -> list[tuple[str, int]]:
    """Where in a line the columns are."""
    names = [column.strip() for column in header]
    missing = [column for column in COLUMNS if column not in names]
    if missing:
        raise SourceError(
            f"{name}, line 1: the column {missing[0]} is missing; the header must have {' and '.join(COLUMNS)}, "
            f"and is {','.join(names)[:200]!r}."
        )
    return [(column, names.index(column)) for column in COLUMNS]


def _number(line: list[str], place: int, column: str, where: str) -> int:
    """The whole number at a place of a line."""
    if place >= len(line):
        raise SourceError(f"{where}: {column} is missing.")
    text = line[place].strip()
    if not _WHOLE_NUMBER.fullmatch(text):
        raise SourceError(f"{where}: {column} is {line[place][:40]!r}, not a whole number.")
    if len(text.lstrip("-")) > _MOST_DIGITS:
        raise SourceError(f"{where}: {column} is {text[:40]!r}, which has more than {_MOST_DIGITS} digits.")
    return int(text)
