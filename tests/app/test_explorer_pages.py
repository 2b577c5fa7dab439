"""Each page, drawn in this process."""

import re
import shutil
from pathlib import Path

import pytest
from deltalake import DeltaTable, write_deltalake
from streamlit.testing.v1 import AppTest

from movie_lakehouse.app.answers import N_RUNS
from movie_lakehouse.app.main import PAGES
from support.explored_lakehouse import HOSTILE
from support.explorer import Explored

NAMES = [name for name, *_ in PAGES]


def text_of(app: AppTest) -> str:
    """All that the page says, a part a line."""
    values = [getattr(element, "value", None) for element in app.main]
    labels = [getattr(element, "label", "") for element in app.main]
    html = [element.proto.body for element in app.get("html")]
    links = [element.proto.label for element in app.get("page_link")]
    return "\n".join(part for part in (*values, *labels, *html, *links) if isinstance(part, str))


def links_of(app: AppTest) -> list[str]:
    return [re.sub(r"\\(.)|\u2060", r"\1", element.proto.label) for element in app.get("page_link")]


@pytest.mark.parametrize("page", NAMES)
def test_a_page_is_drawn_without_a_fault(explored: Explored, page: str) -> None:
    app = explored(page)
    assert not app.exception
    assert "lakehouse run" not in text_of(app)


@pytest.mark.parametrize("page", NAMES)
def test_without_a_lakehouse_a_page_says_what_makes_one(explored: Explored, page: str, tmp_path: Path) -> None:
    app = explored(page, root=tmp_path / "none")
    assert not app.exception
    assert [code.value for code in app.code] == [f"lakehouse run --root {tmp_path / 'none'}"]


@pytest.mark.parametrize("page", NAMES)
def test_an_empty_folder_is_told_as_a_missing_lakehouse(explored: Explored, page: str, tmp_path: Path) -> None:
    app = explored(page, root=tmp_path)
    assert not app.exception
    assert app.code


@pytest.mark.parametrize("page", NAMES)
def test_a_half_built_lakehouse_says_what_builds_the_rest(
    explored: Explored, explored_lakehouse: Path, page: str, tmp_path: Path
) -> None:
    shutil.copytree(explored_lakehouse / "silver", tmp_path / "silver")
    app = explored(page, root=tmp_path, movie="1")
    assert not app.exception
    if page != "catalogue":  # which needs nothing but silver
        assert {code.value for code in app.code} == {f"lakehouse run --root {tmp_path}"}


@pytest.mark.parametrize(
    ("lacking", "page"),
    [
        ("silver.movies.is_unrated", "movies"),
        ("gold.movie_similarity.source", "movies"),
        ("gold.user_recommendations.predicted_rating", "users"),
        ("gold.movie_popularity.rank", "catalogue"),
        ("gold.model_runs.promoted", "model"),
    ],
)
def test_a_table_of_an_older_version_says_what_renews_it(
    explored: Explored, explored_lakehouse: Path, tmp_path: Path, lacking: str, page: str
) -> None:
    shutil.copytree(explored_lakehouse, tmp_path / "lakehouse")
    *table, column = lacking.split(".")
    folder = str(tmp_path.joinpath("lakehouse", *table))
    older = DeltaTable(folder).to_pyarrow_table().drop_columns([column])
    write_deltalake(folder, older, mode="overwrite", schema_mode="overwrite")
    app = explored(page, root=tmp_path / "lakehouse", movie="1")
    assert not app.exception
    assert app.code
    assert "another version of the program" in text_of(app)


@pytest.mark.parametrize("typed", ["%", "_", "'", '"', "\\", "'; DROP TABLE movies; --", "a" * 5000])
def test_nothing_typed_is_a_pattern_or_a_statement(explored: Explored, typed: str) -> None:
    app = explored()
    app.text_input[0].set_value(typed).run()
    assert not app.exception
    found = [link for link in links_of(app) if typed not in link]
    assert found == []


def test_a_search_finds_without_accents_and_articles_words_in_any_order(explored: Explored) -> None:
    app = explored()
    app.text_input[0].set_value("perdus CITE").run()
    assert [link.split(",")[0] for link in links_of(app)] == ["City of Lost Children"]


def test_a_movie_shows_its_neighbours_with_their_similarity(explored: Explored) -> None:
    app = explored(movie="3")
    assert links_of(app) == ["Heat (1995)", "Matrix Reloaded, The (2003)"]
    assert "0.99" in text_of(app)


def test_an_unrated_movie_is_likened_by_content(explored: Explored) -> None:
    app = explored(movie="6")
    assert "Nobody has rated this movie" in text_of(app)


@pytest.mark.parametrize("movie", ["0", "-1", "999999", "1; DROP", "", "²", "9" * 400])
def test_an_address_without_a_movie_leads_to_popular_ones(explored: Explored, movie: str) -> None:
    app = explored(movie=movie, trail="x-1-" * 1000)
    assert not app.exception
    assert "Start from a popular one" in text_of(app)


def test_a_users_page_tells_why(explored: Explored) -> None:
    app = explored("users", user="5")
    assert "because of City of Lost Children" in text_of(app)
    assert "★ 4.5 predicted" in text_of(app)


def test_a_number_that_no_user_has_is_told(explored: Explored, explored_lakehouse: Path, tmp_path: Path) -> None:
    shutil.copytree(explored_lakehouse, tmp_path / "lakehouse")
    folder = str(tmp_path / "lakehouse" / "silver" / "ratings")
    DeltaTable(folder).delete("user_id = 3")
    app = explored("users", root=tmp_path / "lakehouse", user="3")
    assert "No user has the number 3" in text_of(app).replace("\\", "")


def test_the_model_page_names_the_published_run_and_the_refused_one(explored: Explored) -> None:
    told = text_of(explored("model")).replace("\\", "")
    assert "Published: the model of run run-1" in told
    assert "run-2: its RMSE is above that of plain biases" in told


def test_the_published_run_is_named_however_many_were_refused_since(
    explored: Explored, explored_lakehouse: Path, tmp_path: Path
) -> None:
    root = shutil.copytree(explored_lakehouse, tmp_path / "lakehouse")
    table = DeltaTable(str(root / "gold" / "model_runs"))
    refused = table.to_pyarrow_table(filters=[("promoted", "=", False)])
    for _ in range(N_RUNS):
        write_deltalake(table, refused, mode="append")

    told = text_of(explored("model", root=root)).replace("\\", "")
    assert "Published: the model of run run-1" in told
    assert "no model is published" not in told


def test_where_every_run_was_refused_no_model_is_from_before(
    explored: Explored, explored_lakehouse: Path, tmp_path: Path
) -> None:
    root = shutil.copytree(explored_lakehouse, tmp_path / "lakehouse")
    DeltaTable(str(root / "gold" / "model_runs")).delete("promoted")

    told = text_of(explored("model", root=root)).replace("\\", "")
    assert "no model is published" in told
    assert "from before" not in told


def test_the_grid_tells_its_iterations_and_folds(explored: Explored) -> None:
    assert "over 2 folds, 5 iterations of ALS" in text_of(explored("model")).replace("\\", "")


def test_the_catalogue_comes_a_page_at_a_time(explored: Explored) -> None:
    app = explored("catalogue")
    assert len(app.dataframe[0].value) == 25
    app.number_input[0].set_value(3).run()
    assert list(app.dataframe[0].value["title"])[-1].startswith("Filler 59")


def test_ratings_that_are_not_counted_yet_are_not_told_as_none(
    explored: Explored, explored_lakehouse: Path, tmp_path: Path
) -> None:
    root = shutil.copytree(explored_lakehouse, tmp_path / "lakehouse")
    shutil.rmtree(root / "gold" / "movie_popularity")

    app = explored("catalogue", root=root)
    told = app.dataframe[0].value
    assert told["ratings"].isna().any()
    assert set(told["ratings"].dropna()) <= {0}
    assert "The movies, by number" in text_of(app)


def test_the_catalogue_of_unrated_movies_of_a_genre(explored: Explored) -> None:
    app = explored("catalogue")
    app.selectbox[0].set_value("War").run()
    app.toggle[0].set_value(True).run()
    assert "<b>60</b><span>of them unrated" in text_of(app)


@pytest.mark.parametrize("page", ["movies", "users", "new_user", "catalogue"])
def test_titles_reach_markdown_escaped_and_html_as_text(explored: Explored, page: str) -> None:
    app = explored(page, **({"movie": "6"} if page == "movies" else {"user": "5"}))
    told = text_of(app)
    assert "<script>" not in told
    assert "<img" not in told.replace("\\<img", "")
    assert "<b>Noir" not in told
    assert "**bold**" not in told
    assert "$x^2$" not in told
    assert ":smile:" not in told
    assert "](http" not in told


def test_there_are_hostile_titles_to_test_with(explored: Explored) -> None:
    assert len(explored(movie="6").get("page_link")) == len(HOSTILE)
