"""A CSV file of users and movies, read a block at a time."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TextIO

import numpy as np
from numpy.typing import NDArray

from movie_lakehouse.errors import SourceError

COLUMNS = ("user_id", "movie_id")
BLOCK = 20_000

_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,18}")


@dataclass(frozen=True)
class Pairs:
    """Users and movies, one of each a row, as 64-bit numbers."""

    user_ids: NDArray[np.int64]
    movie_ids: NDArray[np.int64]


def read_pairs(file: TextIO, name: str, block: int = BLOCK) -> Iterator[Pairs]:
    """The columns ``user_id`` and ``movie_id`` of a CSV file, so many rows at a time, in the file's order.

    Raises:
        SourceError: a column is missing, or a row does not hold two whole numbers; the message names file and line.
    """
    lines = csv.reader(file)
    try:
        places = _places(next(lines, []), name)
        rows: list[list[int]] = []
        for line in lines:
            if line:
                rows.append([_number(line, place, column, f"{name}, line {lines.line_num}") for column, place in places])
            if len(rows) == block:
                yield _pairs(rows)
                rows = []
        if rows:
            yield _pairs(rows)
    except (csv.Error, UnicodeDecodeError) as error:
        raise SourceError(f"{name}, line {lines.line_num + 1}: it cannot be read as CSV in UTF-8 ({error}).") from error


def _places(header: list[str], name: str) -> list[tuple[str, int]]:
    """Where in a line the columns are."""
    names = [column.strip() for column in header]
    missing = [column for column in COLUMNS if column not in names]
    if missing:
        raise SourceError(
            f"{name}, line 1: the column {missing[0]} is missing; the header must have {' and '.join(COLUMNS)}, "
            f"and is {','.join(names)!r}."
        )
    return [(column, names.index(column)) for column in COLUMNS]


def _number(line: list[str], place: int, column: str, where: str) -> int:
    """The whole number at a place of a line."""
    if place >= len(line):
        raise SourceError(f"{where}: {column} is missing.")
    if not _WHOLE_NUMBER.fullmatch(line[place].strip()):
        raise SourceError(f"{where}: {column} is {line[place]!r}, not a whole number.")
    return int(line[place])


def _pairs(rows: list[list[int]]) -> Pairs:
    """The rows as two arrays."""
    ids = np.array(rows, dtype=np.int64)
    return Pairs(ids[:, 0], ids[:, 1])
