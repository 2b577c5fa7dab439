import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from movie_lakehouse.sources import SampleFacts, SampleSpec, generate_sample


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SampleFacts]:
    """A sample without dirt: more users and movies than the default, so that statistics are steady."""
    folder = tmp_path_factory.mktemp("clean") / "sample"
    return folder, generate_sample(SampleSpec(n_users=800, n_movies=800, dirty=False), folder)


@pytest.fixture(scope="module")
def ratings(clean: tuple[Path, SampleFacts]) -> pd.DataFrame:
    return pd.read_csv(clean[0] / "ratings.csv")


@pytest.fixture(scope="module")
def movies(clean: tuple[Path, SampleFacts]) -> pd.DataFrame:
    return pd.read_csv(clean[0] / "movies.csv")


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
    assert generate_sample(SampleSpec(noise=0), tmp_path / "sample").best_rmse == 0


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
