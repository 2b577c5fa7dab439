"""The lists of the sample: ordered by the ranking model, or by predicted stars where the setting says so."""

from pathlib import Path

import pytest
from pyspark.sql import functions as F

from job.conftest import SampleRun
from movie_lakehouse.job.settings import settings_from
from movie_lakehouse.job.tasks.recommend import recommend
from movie_lakehouse.model.ranking.ease import RATING_WEIGHT
from movie_lakehouse.query.movies import Movie
from movie_lakehouse.query.new_user import Rated, movies_for_ratings
from movie_lakehouse.query.reader import LakehouseReader
from movie_lakehouse.query.users import recommended_movies
from movie_lakehouse.query.why import reasons_for
from movie_lakehouse.scale import HIGHEST, LOWEST

USER = 1


def test_lists_are_made_by_the_ranking_model_with_the_predicted_rating_beside_the_score(sample_run: SampleRun) -> None:
    lists = sample_run.store.read("gold.user_recommendations")
    assert lists.where("source <> 'ranking' OR predicted_rating IS NULL").isEmpty()


def test_all_reasons_and_the_share_of_the_predicted_rating_add_up_to_the_score(sample_run: SampleRun) -> None:
    reader = LakehouseReader(Path(sample_run.parameters["lakehouse"]))
    answer = recommended_movies(reader, USER)
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer]
    reasons = reasons_for(reader, USER, [row["movie_id"] for row in rows])
    # A score counts predicted stars beyond the scale too, which are shown as its end.
    within = [row for row in rows if LOWEST < row["predicted_rating"] < HIGHEST]
    assert reasons
    assert within
    for row in within:
        added = sum(reason.adds for reason in reasons.get(row["movie_id"], []))
        assert added + RATING_WEIGHT * row["predicted_rating"] == pytest.approx(row["score"], abs=1e-5)


@pytest.fixture(scope="module")
def by_stars(sample_run: SampleRun, tmp_path_factory: pytest.TempPathFactory) -> SampleRun:
    """A copy of the sample's lakehouse whose lists were made by the setting rating."""
    own = sample_run.copied_to(tmp_path_factory.mktemp("by_stars") / "lakehouse")
    recommend.execute(settings_from(own.parameters | {"ranking": "rating"}))
    return own


def test_the_setting_rating_orders_by_predicted_stars(by_stars: SampleRun) -> None:
    lists = by_stars.store.read("gold.user_recommendations")
    stars = F.least(F.greatest("score", F.lit(0.5)), F.lit(5.0))
    assert lists.where((F.col("source") != "rating") | (F.abs(stars - F.col("predicted_rating")) > 1e-5)).isEmpty()


def test_the_setting_rating_orders_a_new_persons_movies_by_predicted_stars_too(by_stars: SampleRun) -> None:
    reader = LakehouseReader(Path(by_stars.parameters["lakehouse"]))
    loved, *_ = (Movie(*row) for row in reader.sql("SELECT movie_id, title FROM gold.movie_popularity ORDER BY rank"))
    answer = movies_for_ratings(reader, [Rated(loved, 5.0)])
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer]
    assert {row["source"] for row in rows} == {"rating"}
    assert rows == sorted(rows, key=lambda row: -row["score"])
    assert [row["predicted_rating"] for row in rows] == [min(max(row["score"], LOWEST), HIGHEST) for row in rows]
