import csv
import io
import math
import os
import signal
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
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


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SampleFacts]:
    """A sample without dirt: more users than the default, so that statistics are steady."""
    folder = tmp_path_factory.mktemp("clean") / "sample"
    return folder, generate_sample(SampleSpec(n_users=800, n_ratings=60_000, dirty=False), folder)


@pytest.fixture(scope="module")
def ratings(clean: tuple[Path, SampleFacts]) -> pd.DataFrame:
    return pd.read_csv(clean[0] / "ratings.csv")


@pytest.fixture(scope="module")
def movies(clean: tuple[Path, SampleFacts]) -> pd.DataFrame:
    return pd.read_csv(clean[0] / "movies.csv")


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


@pytest.mark.parametrize("sizes", [{"n_ratings": 100}, {"n_ratings": 300 * 321}, {"n_users": 3}, {"stars": 5}])
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

    assert len(ratings) == 20_000
    assert not ratings.duplicated(["userId", "movieId"]).any()
    assert ratings.equals(ratings.sort_values(["userId", "movieId"]))


def test_a_user_may_rate_as_many_movies_as_the_spec_allows(tmp_path: Path) -> None:
    full = SampleSpec(n_users=20, n_movies=60, n_ratings=20 * 24, dirty=False)
    generate_sample(full, tmp_path / "full")
    ratings = pd.read_csv(tmp_path / "full" / "ratings.csv")
    assert ratings.groupby("userId").movieId.nunique().tolist() == [24] * 20


def test_popularity_and_activity_have_long_tails(ratings: pd.DataFrame) -> None:
    a_movie = ratings.movieId.value_counts()
    a_user = ratings.userId.value_counts()
    assert a_movie.iloc[: len(a_movie) // 10].sum() > 0.35 * len(ratings)
    assert a_movie.median() < 0.6 * a_movie.mean()
    assert a_user.median() < 0.8 * a_user.mean()
    assert a_user.min() >= 20


def test_ratings_look_like_those_of_people(ratings: pd.DataFrame) -> None:
    assert set(ratings.rating) == {half / 2 for half in range(1, 11)}
    assert 3.3 < ratings.rating.mean() < 3.9
    assert 0.8 < ratings.rating.std() < 1.1


def test_users_rate_in_sittings_within_movielens_years(ratings: pd.DataFrame) -> None:
    times = pd.to_datetime(ratings.timestamp, unit="s")
    assert times.min() >= pd.Timestamp("1996-03-29")
    assert times.max() < pd.Timestamp("2018-09-24")
    gaps = ratings.sort_values(["userId", "timestamp"]).groupby("userId").timestamp.diff().dropna()
    assert (gaps < 3600).mean() > 0.9
    assert (gaps > 24 * 3600).sum() > 100


def test_users_rate_what_they_like(ratings: pd.DataFrame) -> None:
    """The true mean over all pairs is 3.4."""
    assert ratings.rating.mean() > 3.4 + 0.1


def test_the_best_rmse_is_that_of_noise_and_rounding(clean: tuple[Path, SampleFacts]) -> None:
    """Rounding to half stars adds 0.5 ** 2 / 12 to the variance; clipping takes some of it away."""
    unclipped = math.sqrt(0.5**2 + 0.5**2 / 12)
    assert unclipped - 0.06 < clean[1].best_rmse < unclipped


def test_without_noise_nothing_is_left_to_err_about(tmp_path: Path) -> None:
    assert generate_sample(TINY.model_copy(update={"noise": 0.0}), tmp_path / "sample").best_rmse == 0


def test_means_of_users_and_movies_explain_less_than_the_true_model(
    clean: tuple[Path, SampleFacts], ratings: pd.DataFrame
) -> None:
    residual = ratings.rating - ratings.rating.mean()
    for _ in range(5):
        residual -= residual.groupby(ratings.movieId).transform("mean")
        residual -= residual.groupby(ratings.userId).transform("mean")
    assert 1.4 * clean[1].best_rmse < residual.std() < 0.9 * ratings.rating.std()


def test_planted_neighbours_please_the_same_users(clean: tuple[Path, SampleFacts], ratings: pd.DataFrame) -> None:
    """Correlation, over users, of what is left of two movies' ratings when the means are out."""
    left = ratings.rating - ratings.groupby("movieId").rating.transform("mean")
    left -= left.groupby(ratings.userId).transform("mean")
    by_movie = ratings.assign(left=left).pivot(index="userId", columns="movieId", values="left")
    groups = clean[1].neighbour_groups
    mates = [by_movie[group[0]].corr(by_movie[group[1]], min_periods=30) for group in groups]
    strangers = [by_movie[a[0]].corr(by_movie[b[1]], min_periods=30) for a, b in pairwise(groups)]
    assert np.nanmean(mates) > 0.4
    assert abs(np.nanmean(strangers)) < 0.2


def test_planted_neighbours_share_genres_and_a_name(clean: tuple[Path, SampleFacts], movies: pd.DataFrame) -> None:
    by_id = movies.set_index("movieId")
    for group in clean[1].neighbour_groups:
        listed = set(by_id.loc[list(group)].genres) - {"(no genres listed)"}
        assert len(listed) == 1


def test_titles_have_commas_quotes_accents_and_mostly_a_year(movies: pd.DataFrame) -> None:
    assert movies.title.str.contains(", The").any()
    assert movies.title.str.contains('"').any()
    assert movies.title.str.contains("é").any()
    assert movies.title.str.contains(r"\(\d{4}\)$").mean() > 0.9
    assert movies.title.str.contains(r" \d{4}$").any()


def test_ids_are_written_as_movielens_writes_them(clean: tuple[Path, SampleFacts]) -> None:
    links = pd.read_csv(clean[0] / "links.csv", dtype=str)
    assert links.imdbId.str.fullmatch(r"\d{7}").all()
    assert links.imdbId.str.startswith("0").any()
    assert links.imdbId.is_unique
    assert links.tmdbId.dropna().is_unique


def test_the_facts_are_those_of_the_files(
    clean: tuple[Path, SampleFacts], ratings: pd.DataFrame, movies: pd.DataFrame
) -> None:
    folder, facts = clean
    links, tags = pd.read_csv(folder / "links.csv"), pd.read_csv(folder / "tags.csv")
    genres = movies.genres[movies.genres != "(no genres listed)"].str.split("|").explode()
    seen = {
        "rows": {"movies": len(movies), "ratings": len(ratings), "links": len(links), "tags": len(tags)},
        "n_users": ratings.userId.nunique(),
        "n_movies": movies.movieId.nunique(),
        "n_ratings": len(ratings),
        "n_tags": len(tags.drop_duplicates(["userId", "movieId", "tag"])),
        "n_links": links.movieId.nunique(),
        "n_links_without_tmdb": links.tmdbId.isna().sum(),
        "n_movie_genres": len(genres),
        "n_genres": genres.nunique(),
        "n_movies_without_genres": (movies.genres == "(no genres listed)").sum(),
        "n_movies_without_year": (~movies.title.str.contains(r"\(\d{4}\)$")).sum(),
        "n_shared_titles": (movies.title.value_counts() > 1).sum(),
        "unrated_movies": tuple(movies.movieId[~movies.movieId.isin(ratings.movieId)]),
    }
    assert {name: getattr(facts, name) for name in seen} == seen


def test_there_is_something_of_everything(sample: tuple[Path, SampleFacts]) -> None:
    facts = sample[1]
    assert min(facts.n_links_without_tmdb, facts.n_movies_without_genres, facts.n_movies_without_year) > 0
    assert min(facts.n_shared_titles, len(facts.unrated_movies), len(facts.neighbour_groups), facts.n_tags) > 0


def test_the_facts_beside_the_files_are_those_that_were_given(sample: tuple[Path, SampleFacts]) -> None:
    folder, facts = sample
    assert SampleFacts.model_validate_json((folder / "sample.json").read_text()) == facts
