"""Sources that nobody thought of: CSV files of all four tables, made from a seed."""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from movie_lakehouse.sources import required_columns

NUMBERS = """0 -0 1 -1 +4 3 007 2147483647 2147483648 9223372036854775807 9223372036854775808 1e3 1,5 0x1F inf NaN ٤ 4d
1_000 4.0 4.5 3.7 .5 5. . + - 0.5 5.0 5.5 964982703 964982703000 253402300799 253402300800 NULL \\N true""".split()  # noqa: SIM905
LETTERS = [
    *"abcXYZ (1995)|,;:'=+-@#%&<>/\\_~`$*",
    *'""',
    "é",
    "ß",
    "☃",
    "東",
    "ح",
    "👩‍👧",
    "\u202e",
    "\u200b",
    "\u00a0",
]
CONTROLS = [
    "\x01",
    "\x07",
    "\x0b",
    "\x0c",
    "\x1b[31m",
    "\x1f",
    "\x7f",
    "\x85",
    "\u2028",
    "\ufeff",
    "\ufffd",
    "\U0010fffd",
]
ENDS = ["\n", "\r\n", "\r"]
N_LINES = 1_500
LONG = 70_000


@dataclass
class OddFile:
    """A file, and what must be found in it.

    Attributes:
        data: its bytes.
        n_rows: its lines below the header that are not blank; None where it may be refused.
        sound: the fields, by the header's order, of the lines that are CSV beyond doubt.
        columns: its header.
    """

    data: bytes = b""
    n_rows: int | None = 0
    sound: list[tuple[str | None, ...]] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)


def odd_file(random: Random, table: str) -> OddFile:
    """A file of a table, most of whose lines are almost right."""
    columns = [
        *required_columns(table),
        *random.sample(["device", "note", "reasons", "movie.id"], random.choice([0, 0, 1, 2])),
    ]
    random.shuffle(columns)
    end = random.choice(ENDS)
    file = OddFile(columns=columns)
    lines = [_line(random, columns, file.sound) for _ in range(random.randrange(1, N_LINES))]
    text = end.join([",".join(columns), *lines]) + random.choice(["", end])
    file.data = random.choice([b"", b"", b"\xef\xbb\xbf"]) + text.encode()
    file.n_rows = _n_rows(text)
    if random.random() < 0.1:
        file.data, file.n_rows = _spoiled(random, file.data), None
    return file


def write_odd_source(folder: Path, seed: int, n_files: int = 2) -> dict[str, OddFile]:
    """Write some files of each table below the folder, and give them by the name that bronze has for each."""
    random = Random(seed)
    files = {}
    for table in ("movies", "ratings", "links", "tags"):
        (folder / table).mkdir(parents=True)
        for at in range(n_files):
            name = f"{table}/{random.choice(['part', 'a b', 'é☃', '[x]', '100%25+'])}-{at}.csv"
            files[name] = odd_file(random, table)
            (folder / name).write_bytes(files[name].data)
    return files


def _n_rows(text: str) -> int:
    """Lines below the header with more in them than what Java's trim takes away."""
    lines = re.split(r"\r\n|\r|\n", text)[1:]
    return sum(any(character > " " for character in line) for line in lines)


def _line(random: Random, columns: list[str], sound: list[tuple[str | None, ...]]) -> str:
    """A line: sound, torn, ragged, blank or noise."""
    values = [_value(random, column) for column in columns]
    kind = random.random()
    if kind < 0.75 and not any(re.search(r"[\r\n]", value) for value in values):
        sound.append(tuple(value or None for value in values))
        return _written(values)
    if kind < 0.80:
        return random.choice(["", " ", "\t ", "\x01"])
    if kind < 0.85:
        return _text(random, 60)
    line = _written(values)
    spoil: Callable[[str], str] = random.choice(
        [_cut, _with_quote, lambda line: line + ",", lambda line: line.replace(",", ";")]
    )
    return spoil(line)


def _written(values: list[str]) -> str:
    """The fields as CSV."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(values)
    return line.getvalue()


def _cut(line: str) -> str:
    """The line's first half."""
    return line[: len(line) // 2]


def _with_quote(line: str) -> str:
    """The line with a quote more."""
    return line[: len(line) // 2] + '"' + line[len(line) // 2 :]


def _value(random: Random, column: str) -> str:
    """A value that a column may have, or should not."""
    if random.random() < 0.12:
        return random.choice([*NUMBERS, "", " ", _text(random, 20)])
    if column in {"userId", "movieId", "imdbId", "tmdbId"}:
        return str(random.randrange(1, 60))
    if column == "rating":
        return str(random.randrange(1, 11) / 2)
    if column == "timestamp":
        return str(random.randrange(0, 1_577_836_800))
    return _text(random, random.choice([0, 3, 20, 20, LONG]) if random.random() < 0.02 else 20)


def _text(random: Random, length: int) -> str:
    """Letters of all kinds."""
    few = [
        random.choice(LETTERS if random.random() < 0.95 else [*CONTROLS, "\n", "\r"]) for _ in range(min(length, 60))
    ]
    return "".join(few) * (length // 60 or 1)


def _spoiled(random: Random, data: bytes) -> bytes:
    """The file with some of its bytes changed, taken out or put in."""
    at = random.randrange(len(data))
    noise = random.randbytes(random.randrange(1, 5))
    return random.choice(
        [data[:at] + noise + data[at:], data[:at] + data[at + 3 :], noise + data, data[:at], b"\x00" + data]
    )
