import csv
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from movie_lakehouse.sources import REASONS, TABLES, SampleFacts, SampleSpec, generate_sample, required_columns

Row = dict[str, str]
OPTIONAL = ("tmdbId", "imdbId", "genres")
NUMBERS = ("userId", "movieId", "rating", "timestamp")
IDS = ("userId", "movieId")


def lines_of(folder: Path, table: str) -> dict[int, str]:
    text = (folder / f"{table}.csv").read_text(encoding="utf-8")
    return dict(enumerate(text.removesuffix("\n").split("\n"), start=1))


def is_number(text: str) -> bool:
    return text.lstrip("-").replace(".", "", 1).isdecimal()


def faults(table: str, line: str, movies: set[str]) -> set[str]:
    """Every reason against a row by itself, judged here anew from what the reasons mean."""
    (fields,) = csv.reader([line])
    columns = required_columns(table)
    if len(fields) != len(columns):
        return {"does_not_parse"}
    row = dict(zip(columns, fields, strict=True))
    found = {"missing_value" for name in row if not row[name] and name not in (*OPTIONAL, "timestamp")}
    found |= {"timestamp_missing" for name in row if name == "timestamp" and not row[name]}
    found |= {"not_a_number" for name in NUMBERS if row.get(name) and not is_number(row[name])}
    return found or faults_of_values(table, row, movies)


def faults_of_values(table: str, row: Row, movies: set[str]) -> set[str]:
    rating, ids = float(row.get("rating", 1)), [int(row[name]) for name in IDS if name in row]
    checks = {
        "id_out_of_range": max(ids) > 2**31 - 1,
        "id_not_positive": min(ids) <= 0,
        "rating_out_of_range": not 0.5 <= rating <= 5,
        "rating_off_grid": rating * 2 % 1 != 0,
        "timestamp_in_future": int(row.get("timestamp", 0)) > 1_700_000_000,
        "orphan": table != "movies" and row["movieId"] not in movies,
    }
    return {reason for reason, found in checks.items() if found}


@pytest.fixture(scope="module")
def movies(sample: tuple[Path, SampleFacts]) -> set[str]:
    """Ids of the movies whose rows have no fault."""
    lines = lines_of(sample[0], "movies")
    return {
        lines[number].split(",")[0] for number in lines if number > 1 and not faults("movies", lines[number], set())
    }


@pytest.mark.parametrize("table", TABLES)
def test_a_row_has_the_one_fault_that_was_planted_and_no_other_row_has_any(
    sample: tuple[Path, SampleFacts], movies: set[str], table: str
) -> None:
    folder, facts = sample
    of_keys = ("duplicate_key", "superseded_by_update")
    planted = {row.line: {row.reason} - set(of_keys) for row in facts.dirty_rows if row.table == table}
    for number, line in lines_of(folder, table).items():
        if number > 1:
            assert faults(table, line, movies) == planted.get(number, set()), line


@pytest.mark.parametrize("table", TABLES)
def test_each_planted_row_is_in_its_line(sample: tuple[Path, SampleFacts], table: str) -> None:
    lines = lines_of(sample[0], table)
    assert len(lines) == sample[1].rows[table] + 1
    for row in sample[1].dirty_rows:
        if row.table == table:
            assert lines[row.line] == row.text


@pytest.mark.parametrize("table", TABLES)
def test_a_duplicate_is_a_sound_row_once_more(sample: tuple[Path, SampleFacts], table: str) -> None:
    repeated = {line: n for line, n in Counter(lines_of(sample[0], table).values()).items() if n > 1}
    planted = [row.text for row in sample[1].dirty_rows if (row.table, row.reason) == (table, "duplicate_key")]
    assert repeated == dict.fromkeys(planted, 2)


def test_what_an_update_supersedes_is_the_older_of_two_sound_ratings(sample: tuple[Path, SampleFacts]) -> None:
    folder, facts = sample
    of_ratings = {row.line: row.reason for row in facts.dirty_rows if row.table == "ratings"}
    by_time: dict[tuple[str, str], dict[int, int]] = defaultdict(dict)
    for number, line in lines_of(folder, "ratings").items():
        if number > 1 and of_ratings.get(number) in (None, "superseded_by_update"):
            user, movie, _, time = line.split(",")
            by_time[user, movie][int(time)] = number

    older = [times[time] for times in by_time.values() for time in sorted(times)[:-1]]

    assert sorted(older) == sorted(n for n, reason in of_ratings.items() if reason == "superseded_by_update")
    assert len(by_time) == facts.n_ratings


def test_every_reason_is_planted(sample: tuple[Path, SampleFacts]) -> None:
    assert {row.reason for row in sample[1].dirty_rows} == set(REASONS)


def test_dirt_does_not_make_an_unrated_movie_rated(sample: tuple[Path, SampleFacts]) -> None:
    folder, facts = sample
    dirty = {row.line for row in facts.dirty_rows if row.table == "ratings"}
    clean = [line for number, line in lines_of(folder, "ratings").items() if number not in dirty]
    assert not {line.split(",")[1] for line in clean} & {str(movie) for movie in facts.unrated_movies}


def test_a_clean_sample_is_the_dirty_one_without_its_dirt(sample: tuple[Path, SampleFacts], tmp_path: Path) -> None:
    facts = generate_sample(SampleSpec(dirty=False), tmp_path / "clean")
    assert facts.dirty_rows == ()
    for table in TABLES:
        clean = (tmp_path / "clean" / f"{table}.csv").read_bytes()
        assert (sample[0] / f"{table}.csv").read_bytes().startswith(clean)
        assert clean.count(b"\n") == facts.rows[table] + 1
