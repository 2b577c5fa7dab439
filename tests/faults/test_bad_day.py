"""A day of garbage after a good one: what people query is yesterday's, or no worse, or comes back in a command."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from faults.harness import SMALL
from faults.lakehouses import assert_same_tables, copied, in_parts, published_files, run_here, sample_of
from faults.registry import faults, stops
from movie_lakehouse.errors import GateError
from movie_lakehouse.job.bundle import find_bundle
from movie_lakehouse.job.publications import PUBLISHED
from movie_lakehouse.job.runner import run_job
from movie_lakehouse.query.published import published_reader

pytestmark = [pytest.mark.slow, pytest.mark.campaign]  # the whole job once more for each kind of garbage
Rows = list[dict[str, str]]


def read(source: Path, table: str) -> Rows:
    with (source / table / "1.csv").open(encoding="utf-8", newline="") as text:
        return [row for row in csv.DictReader(text) if None not in row.values() and None not in row]


def send(source: Path, table: str, rows: Rows, name: str = "2.csv") -> None:
    with (source / table / name).open("w", encoding="utf-8", newline="") as text:
        writer = csv.DictWriter(text, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def a_second_later(row: dict[str, str]) -> dict[str, str]:
    return row | {"timestamp": str(int(row["timestamp"]) + 1)} if row["timestamp"].isdigit() else row


def rate_all_half_a_star(source: Path) -> None:
    send(source, "ratings", [a_second_later(row) | {"rating": "0.5"} for row in read(source, "ratings")])


def shift_movies(source: Path) -> None:
    """Give every rating the movie of the next: all columns are sound, no row is right."""
    rows = read(source, "ratings")
    movies = [row["movieId"] for row in rows[1:] + rows[:1]]
    send(source, "ratings", [a_second_later(row) | {"movieId": m} for row, m in zip(rows, movies, strict=True)])


def shift_users(source: Path) -> None:
    """Give every rating to a user of a number that nobody has."""
    send(source, "ratings", [row | {"userId": f"{row['userId']}00"} for row in read(source, "ratings")])


def lose_half(source: Path) -> None:
    rows = read(source, "ratings")
    send(source, "ratings", rows[: len(rows) // 2], name="1.csv")


def rename_movies(source: Path) -> None:
    rows = read(source, "movies")
    titles = [row["title"] for row in rows[1:] + rows[:1]]
    send(source, "movies", [row | {"title": title} for row, title in zip(rows, titles, strict=True)])


def send_nonsense(source: Path) -> None:
    send(source, "ratings", [row | {"rating": "many"} for row in read(source, "ratings")])


@dataclass(frozen=True)
class Garbage:
    """A bad day.

    Attributes:
        what: in words.
        send: puts it into the source.
        line: what the gate says of it; nothing where it is let in, and silver and gold are as they were all the same.
    """

    what: str
    send: Callable[[Path], None]
    line: str = ""

    @property
    def outcome(self) -> str:
        if self.line:
            return f"{stops(self.line)}; without it, after `lakehouse rollback`, the tables are yesterday's"
        return "nothing that people query changes"


TOO_MANY = "There are at most half as many rows again as there were"
GARBAGE = {
    "half-stars": Garbage(
        "all ratings again, a second later, at half a star",
        rate_all_half_a_star,
        "The mean rating is within half a star of what it was",
    ),
    "movies-shifted": Garbage(
        "all ratings again, each of the next one's movie",
        shift_movies,
        "No more than one in five of the ratings that were here has other stars",
    ),
    "users-shifted": Garbage("all ratings again, of users that nobody knows", shift_users, TOO_MANY),
    "half-lost": Garbage("half of the ratings' file is gone", lose_half),
    "renamed": Garbage(
        "every movie has the title of another",
        rename_movies,
        "No more than one movie in twenty has another title than before",
    ),
    "nonsense": Garbage("all ratings again, with words for stars", send_nonsense),
}


@pytest.fixture(scope="module")
def yesterday(spark: SparkSession, undisturbed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of a source and of the lakehouse made of it by the job with all its promotion asks for."""
    folder = tmp_path_factory.mktemp("yesterday")
    in_parts(sample_of(undisturbed), folder / "source")
    assert run_here(folder / "lakehouse", SMALL | {"source": str(folder / "source")}).error is None
    return folder


@faults({name: (f"a bad day: {garbage.what}", garbage.outcome) for name, garbage in GARBAGE.items()})
def test_a_bad_day(yesterday: Path, tmp_path: Path, name: str) -> None:
    garbage = GARBAGE[name]
    today = copied(yesterday, tmp_path / "today")
    root, source, good = today / "lakehouse", today / "source", yesterday / "lakehouse"
    settings = SMALL | {"source": str(source)}
    before, run_id = published_files(root), run_published(root)

    garbage.send(source)
    error = run_here(root, settings).error

    if not garbage.line:
        assert error is None
        assert_same_tables(root, good, [table for table in PUBLISHED if table.startswith("gold.")])
        return
    assert isinstance(error, GateError)
    assert garbage.line in str(error)
    assert published_files(root) == before
    for file in source.glob("*/2.csv"):
        file.unlink()
    back = run_job(find_bundle(None), overrides={"lakehouse": str(root), "to_run": run_id}, job="rollback")
    assert back.error is None
    assert_same_tables(root, good)


def run_published(root: Path) -> str:
    snapshot = published_reader(root).snapshot
    assert snapshot is not None
    return snapshot.run_id
