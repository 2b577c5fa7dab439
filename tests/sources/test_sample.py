import csv
import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from movie_lakehouse.errors import SourceError
from movie_lakehouse.sources import (
    TABLES,
    SampleFacts,
    SampleSpec,
    check_source_file,
    find_source_files,
    generate_sample,
)
from movie_lakehouse.sources.sample import activity
from movie_lakehouse.sources.sample.files import csv_lines

FILES = ["links.csv", "movies.csv", "ratings.csv", "sample.json", "tags.csv"]
TINY = SampleSpec(n_users=20, n_movies=60, n_ratings=300)


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_the_files_are_those_of_a_source(sample: tuple[Path, SampleFacts]) -> None:
    folder, _ = sample
    assert sorted(files_of(folder)) == FILES
    headers = {table: check_source_file(file) for table, (file,) in find_source_files(folder).items()}
    assert headers == {
        "movies": ["movieId", "title", "genres"],
        "ratings": ["userId", "movieId", "rating", "timestamp"],
        "links": ["movieId", "imdbId", "tmdbId"],
        "tags": ["userId", "movieId", "tag", "timestamp"],
    }


def test_the_same_spec_gives_the_same_bytes(sample: tuple[Path, SampleFacts], tmp_path: Path) -> None:
    generate_sample(SampleSpec(), tmp_path / "again")
    assert files_of(tmp_path / "again") == files_of(sample[0])


def test_another_seed_gives_other_ratings(tmp_path: Path) -> None:
    generate_sample(TINY, tmp_path / "one")
    generate_sample(TINY.model_copy(update={"seed": 1}), tmp_path / "other")
    assert (tmp_path / "one" / "ratings.csv").read_bytes() != (tmp_path / "other" / "ratings.csv").read_bytes()


def test_a_finished_sample_is_left_as_it_is(tmp_path: Path) -> None:
    facts = generate_sample(TINY, tmp_path / "sample")
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "sample").iterdir()}

    assert generate_sample(TINY, tmp_path / "sample") == facts
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "sample").iterdir()} == before


def test_what_is_not_this_sample_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "ratings.csv").write_text("mine")
    with pytest.raises(SourceError, match="holds something other than this sample"):
        generate_sample(TINY, tmp_path)
    assert (tmp_path / "ratings.csv").read_text() == "mine"


def test_a_sample_of_another_spec_is_not_taken_for_this_one(tmp_path: Path) -> None:
    generate_sample(TINY, tmp_path / "sample")
    with pytest.raises(SourceError, match="holds something other than this sample"):
        generate_sample(TINY.model_copy(update={"seed": 1}), tmp_path / "sample")


def test_a_killed_generator_leaves_no_sample_and_the_next_one_is_whole(tmp_path: Path) -> None:
    spec = SampleSpec(n_users=1_000, n_movies=2_000, n_ratings=100_000)
    program = (
        "import sys, pathlib, movie_lakehouse.sources as sources\n"
        "sources.generate_sample(sources.SampleSpec.model_validate_json(sys.argv[1]), pathlib.Path(sys.argv[2]))"
    )
    arguments = [spec.model_dump_json(), str(tmp_path / "sample")]
    with subprocess.Popen([sys.executable, "-c", program, *arguments]) as generator:
        while not (tmp_path / ".sample.partial" / "ratings.csv").exists():
            assert generator.poll() is None
            time.sleep(0.002)
        os.kill(generator.pid, signal.SIGKILL)
    assert not (tmp_path / "sample").exists()

    generate_sample(spec, tmp_path / "sample")

    assert [path.name for path in tmp_path.iterdir()] == ["sample"]
    assert sorted(files_of(tmp_path / "sample")) == FILES


@pytest.mark.parametrize("sizes", [{"n_ratings": 100}, {"n_ratings": 350 * 241}, {"n_users": 3}, {"stars": 5}])
def test_sizes_that_cannot_be_are_refused(sizes: dict[str, int]) -> None:
    with pytest.raises(ValidationError):
        SampleSpec(**sizes)  # type: ignore[arg-type]


@given(st.lists(st.tuples(st.integers(), st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r")))))
def test_what_is_written_reads_back(rows: list[tuple[int, str]]) -> None:
    written = io.StringIO(csv_lines(rows).decode(), newline="")
    assert [(int(number), text) for number, text in csv.reader(written)] == rows


@pytest.mark.movielens
@pytest.mark.skipif("MOVIELENS_DIR" not in os.environ, reason="MOVIELENS_DIR names no folder")
@pytest.mark.parametrize("table", TABLES)
def test_rows_are_quoted_as_movielens_quotes_them(table: str) -> None:
    data = (Path(os.environ["MOVIELENS_DIR"]) / f"{table}.csv").read_bytes()
    assert csv_lines(csv.reader(io.StringIO(data.decode(), newline=""))) == data


def test_no_user_rates_a_movie_twice_whatever_the_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(activity, "CHUNK_RATINGS", 1_000)
    generate_sample(SampleSpec(dirty=False), tmp_path / "sample")
    ratings = pd.read_csv(tmp_path / "sample" / "ratings.csv")

    assert len(ratings) == 60_000
    assert not ratings.duplicated(["userId", "movieId"]).any()
    assert ratings.equals(ratings.sort_values(["userId", "movieId"]))


def test_a_user_may_rate_as_many_movies_as_the_spec_allows(tmp_path: Path) -> None:
    full = SampleSpec(n_users=20, n_movies=60, n_ratings=20 * 24, dirty=False)
    generate_sample(full, tmp_path / "full")
    ratings = pd.read_csv(tmp_path / "full" / "ratings.csv")
    assert ratings.groupby("userId").movieId.nunique().tolist() == [24] * 20


def test_the_facts_beside_the_files_are_those_that_were_given(sample: tuple[Path, SampleFacts]) -> None:
    folder, facts = sample
    assert SampleFacts.model_validate_json((folder / "sample.json").read_text()) == facts
