"""Thirty days of deliveries made of one set of ratings: in order of time, with all that goes wrong with deliveries."""

import csv
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random

DAYS = 30
A_COLUMN_MORE_FROM = 15
HEADER = ["userId", "movieId", "rating", "timestamp"]
Rating = tuple[int, int, float, int]
"""User, movie, stars, and seconds since 1970."""


def read_ratings(file: Path) -> list[Rating]:
    """The ratings of a MovieLens file, the earliest first."""
    with file.open(encoding="utf-8", newline="") as text:
        rows = [(int(u), int(m), float(r), int(t)) for u, m, r, t in list(csv.reader(text))[1:]]
    return sorted(rows, key=lambda row: (row[3], row))


class Deliveries:
    """The files of each day, and what they all come to.

    A day has its own ratings but some that come a day late, some of its rows twice, some of earlier days again,
    corrections (an earlier pair at a later time with other stars), and from the fifteenth on a column more. Every tenth
    day brings a whole file of an earlier one once more under another name.
    """

    def __init__(self, ratings: Sequence[Rating], seed: int) -> None:
        self._random = Random(seed)
        size = -(-len(ratings) // DAYS)
        self._days = [list(ratings[at : at + size]) for at in range(0, len(ratings), size)]
        self.latest: dict[tuple[int, int], Rating] = {}
        self._late: list[Rating] = []

    def __len__(self) -> int:
        return len(self._days)

    def deliver(self, day: int, folder: Path) -> None:
        """Write the files of a day, counted from 0, into the folder of the ratings."""
        chosen, today = self._random, self._days[day]
        late = set(chosen.sample(range(len(today)), len(today) // 50)) if day < len(self) - 1 else set()
        on_time = [row for at, row in enumerate(today) if at not in late]
        known = list(self.latest.values())
        corrected = chosen.sample(known, min(20, len(known)))
        now = today[-1][3]
        corrections = [(user, movie, 0.5 + (stars * 2 + 1) % 10 / 2, now) for user, movie, stars, _ in corrected]
        repeated = chosen.sample(on_time, 20) + chosen.sample(known, min(20, len(known)))
        rows = [*on_time, *self._late, *corrections, *repeated]
        self._late = [today[at] for at in late]
        chosen.shuffle(rows)
        _write(folder / f"day-{day:02}.csv", rows, extra=day >= A_COLUMN_MORE_FROM)
        if day % 10 == 9:
            shutil.copy2(folder / f"day-{chosen.randrange(day):02}.csv", folder / f"replay-{day:02}.csv")
        self._take(rows)

    def _take(self, rows: Iterable[Rating]) -> None:
        """Keep the latest of each pair; of one time the higher, as silver does within a batch."""
        for row in rows:
            kept = self.latest.get(row[:2])
            if kept is None or (row[3], row[2]) > (kept[3], kept[2]):
                self.latest[row[:2]] = row

    def write_outcome(self, file: Path) -> None:
        """Write what silver must hold in the end as one file without any fault."""
        _write(file, sorted(self.latest.values()), extra=False)


def _write(file: Path, rows: Iterable[Rating], *, extra: bool) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as text:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow([*HEADER, "device"] if extra else HEADER)
        writer.writerows([*row, "tv"] if extra else row for row in rows)
