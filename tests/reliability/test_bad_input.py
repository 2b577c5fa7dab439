"""What becomes of bad input: refused in one line, or every row in silver or quarantine. The kinds are a table."""

import json
import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from pyspark.sql import Row, SparkSession

from movie_lakehouse.bronze.files import new_files
from movie_lakehouse.bronze.read import read_batch
from movie_lakehouse.errors import SourceError
from movie_lakehouse.lakehouse.place import place_of
from movie_lakehouse.lakehouse.store import Store
from movie_lakehouse.silver.judge import good_rows
from movie_lakehouse.silver.tables import judge, judge_movies
from movie_lakehouse.sources import TABLES, SourceFile, find_source_files
from support.bad_input import HEADERS, REFUSED, SOUND_ROWS, TAKEN, Taken, write_sound_source
from support.frames import ARRIVAL
from support.input_page import PAGE, with_table

pytestmark = pytest.mark.slow  # ninety files, one of 10 MB, are taken into bronze and judged
FIRST_NUMBER = 1000
Judged = Mapping[str, list[Row]]


def checked(folder: Path) -> dict[str, dict[SourceFile, list[str]]]:
    """The files of a source by table, as ingest checks them before it writes."""
    return {table: new_files(files, set()) for table, files in find_source_files(folder).items()}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_in_a_line_that_names_the_file(tmp_path: Path, name: str) -> None:
    folder = write_sound_source(tmp_path / "source")
    REFUSED[name].spoil(folder)
    with pytest.raises(SourceError) as refused:
        checked(folder)
    line = str(refused.value)
    assert REFUSED[name].line in line
    assert str(folder) in line
    assert len(line.splitlines()) == 1
    assert len(line) < len(str(folder)) + 500
    assert line.isprintable()


def test_a_sound_source_is_not_refused(tmp_path: Path) -> None:
    assert list(checked(write_sound_source(tmp_path / "source"))) == list(TABLES)


@pytest.fixture(scope="module")
def judged(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judged]:
    """The rows of every case, taken into bronze in one batch and judged from there, by the case's name."""
    folder = tmp_path_factory.mktemp("bad")
    store = Store(lambda: spark, place_of(str(folder / "lakehouse")))
    names = write_cases(folder / "source")
    for table, files in checked(folder / "source").items():
        store.append(f"bronze.{table}", read_batch(spark, files, "b1", ARRIVAL))
    bronze = {table: store.read(f"bronze.{table}") for table in TABLES}
    movies = judge_movies(bronze["movies"])
    others = ("ratings", "links", "tags")
    frames = [movies, *(judge(table, bronze[table], good_rows(movies)) for table in others)]
    rows = [row for frame in frames for row in frame.collect()]
    yield {name: [row for row in rows if row["_source_file"] in files] for name, files in names.items()}


def write_cases(folder: Path) -> dict[str, list[str]]:
    """Write each case as a file among its table's parts, beside sound ones; the names of each case's files."""
    for table in TABLES:
        (folder / table).mkdir(parents=True)
        (folder / table / "sound.csv").write_bytes(HEADERS[table] + SOUND_ROWS[table])
    return {name: write_case(folder, name, case, FIRST_NUMBER + at) for at, (name, case) in enumerate(TAKEN.items())}


def write_case(folder: Path, name: str, case: Taken, number: int) -> list[str]:
    """Write a case's files, and give their names."""
    path = folder / case.table / (case.name or f"{name}.csv")
    if case.linked:
        (folder / f"{name}.data").write_bytes(case.data(number))
        path.symlink_to(folder / f"{name}.data")
    else:
        path.write_bytes(case.data(number))
    if case.again:
        path.with_name(f"again-{path.name}").write_bytes(case.data(number))
        os.utime(path.with_name(f"again-{path.name}"), (0, 0))
    return [f"{case.table}/{path.name}", *([f"{case.table}/again-{path.name}"] if case.again else [])]


@pytest.mark.parametrize("name", TAKEN)
def test_its_rows_are_in_silver_or_in_quarantine_and_none_is_lost(judged: Judged, name: str) -> None:
    case, rows = TAKEN[name], judged[name]
    assert Counter(", ".join(row["reasons"]) or "good" for row in rows) == Counter(
        {"good": case.good, **case.quarantined} if case.good else case.quarantined
    )


@pytest.mark.parametrize("name", [name for name, case in TAKEN.items() if case.values])
def test_its_good_row_says_what_the_file_says(judged: Judged, name: str) -> None:
    (good,) = (row for row in judged[name] if not row["reasons"])
    assert {column: good[column] for column in TAKEN[name].values} == TAKEN[name].values


@pytest.mark.parametrize("name", [name for name, case in TAKEN.items() if "does_not_parse" in case.quarantined])
def test_a_torn_row_is_kept_to_the_letter(judged: Judged, name: str) -> None:
    number = FIRST_NUMBER + list(TAKEN).index(name)
    lines = re.split(r"\r\n|\r|\n", TAKEN[name].data(number).decode())
    kept = [json.loads(row["record"])["_corrupt_record"] for row in judged[name] if row["reasons"]]
    assert kept
    assert set(kept) <= set(lines)


def test_at_least_forty_kinds_are_tried() -> None:
    assert len(REFUSED) + len(TAKEN) >= 40
    assert not REFUSED.keys() & TAKEN.keys()


def test_the_document_says_what_the_cases_say() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert with_table(text) == text, "run `make reliability`"
