"""What one visitor may cost, and that nothing of one visitor is on another's page."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from movie_lakehouse.app import answers, parts
from movie_lakehouse.app.server import MAIN, SETTINGS
from movie_lakehouse.app.source import MAX_SECONDS, FolderSource
from movie_lakehouse.app.views import catalogue, new_user
from support.explorer import Explored

APP = MAIN.parent
OF_THE_TABLES = {"at", "movie_id", "title", "user_id", "run_id", "genres"}
"""What a kept answer may be asked by: the tables' state and what is in the tables."""


def n_links(app: AppTest) -> int:
    return len(app.get("page_link"))


def next_visitor() -> AppTest:
    """Another visitor of the same process, whose caches are as the last one left them."""
    return AppTest.from_file(str(MAIN), default_timeout=30).run().switch_page("views/new_user.py").run()


def test_ratings_of_one_visitor_are_nowhere_on_the_next_ones_page(explored: Explored) -> None:
    first = explored("new_user")
    popular = n_links(first)
    first.get("feedback")[0].set_value(4).run()
    assert "Your list" in [one.value for one in first.subheader]
    second = next_visitor()
    assert "Popular until you rate" in [one.value for one in second.subheader]
    assert n_links(second) == popular
    assert new_user.RATINGS not in second.session_state or not second.session_state[new_user.RATINGS]


def kept_answers() -> Iterator[tuple[str, ast.FunctionDef]]:
    """Every function of the app whose answers are kept for all visitors, with its module."""
    for path in sorted(APP.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and any("st.cache" in ast.unparse(one) for one in node.decorator_list):
                yield path.name, node


def test_what_is_kept_for_all_visitors_is_asked_by_the_tables_alone() -> None:
    kept = list(kept_answers())
    assert len(kept) > 10
    assert {module for module, _ in kept} == {"answers.py"}
    assert {argument.arg for _, function in kept for argument in function.args.args} <= OF_THE_TABLES
    for _, function in kept:
        text = ast.unparse(function)
        assert "session_state" not in text
        assert "query_params" not in text
        assert function.name == "source" or "max_entries" in text


def test_modules_of_the_app_have_no_state_of_their_own() -> None:
    """No lists or mappings that grow, no ``global``: what a visitor does is in their session alone."""
    for path in sorted(APP.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert not [node for node in ast.walk(tree) if isinstance(node, ast.Global)], path.name
        for node in tree.body:
            value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
            assert value is None or ast.unparse(value) not in {"[]", "{}", "set()", "list()", "dict()"}, path.name


@pytest.mark.parametrize("page", ["movies", "new_user"])
def test_a_search_text_is_cut(explored: Explored, page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    app = explored(page)
    search = type(answers.catalogue(answers.state())).search
    monkeypatch.setattr(
        "movie_lakehouse.query.catalogue.Catalogue.search",
        lambda self, text, limit: asked.append(text) or search(self, text, limit),
    )
    app.text_input[0].set_value("x" * 1_000_000).run()
    assert asked
    assert max(map(len, asked)) == parts.MAX_TYPED


def test_a_search_shows_a_bounded_number_of_movies(explored: Explored) -> None:
    app = explored()
    app.text_input[0].set_value("filler").run()
    assert n_links(app) == parts.MAX_FOUND


def test_a_page_of_the_catalogue_has_a_bounded_number_of_rows(explored: Explored) -> None:
    app = explored("catalogue")
    assert max(len(frame.value) for frame in app.dataframe) == catalogue.PAGE_ROWS


@pytest.mark.parametrize(
    "address",
    [
        {"movie": "9" * 5_000},
        {"movie": "1", "trail": "-".join(["1"] * 5_000)},
        {"movie": "1' OR 1=1"},
        {"user": "-1"},
    ],
    ids="-".join,
)
def test_an_address_cannot_ask_for_more(explored: Explored, address: dict[str, str]) -> None:
    page = "users" if "user" in address else "movies"
    app = explored(page, **address)
    assert not app.exception
    assert n_links(app) <= 3 * parts.MAX_TRAIL


def test_a_visitor_rates_a_bounded_number_of_movies(explored: Explored) -> None:
    app = explored("new_user")
    app.session_state[new_user.RATINGS] = dict.fromkeys(range(1, new_user.MAX_RATED + 1), 4.0)
    app.run()
    assert not app.get("feedback")
    assert f"{new_user.MAX_RATED} ratings are enough" in app.info[0].value


@pytest.mark.parametrize("stars", [1e308, -1e308, float("nan"), float("inf"), 0.0, 5.5])
def test_stars_outside_of_the_scale_are_not_kept(explored: Explored, stars: float) -> None:
    """A browser may send what no slider gives."""
    app = explored("new_user")
    app.session_state[new_user.RATINGS] = {1: 4.0}
    app.run()
    st.session_state[new_user.RATINGS], st.session_state["stars-1"] = {1: 4.0}, stars
    try:
        new_user._change(1, "stars-1")
        assert st.session_state[new_user.RATINGS] == {1: 4.0}
    finally:
        st.session_state.clear()


def test_a_question_of_a_page_is_given_up_in_time(explored_lakehouse: Path) -> None:
    source = FolderSource(explored_lakehouse)
    reader = source.reader_at(source.state())
    assert reader.max_seconds == MAX_SECONDS  # type: ignore[attr-defined]
    assert MAX_SECONDS <= 60


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("server.maxUploadSize", "1"),
        ("server.enableStaticServing", "false"),
        ("client.showErrorDetails", "none"),
        ("browser.gatherUsageStats", "false"),
        ("runner.magicEnabled", "false"),
    ],
)
def test_the_server_gives_away_no_more_than_pages(setting: str, value: str) -> None:
    assert SETTINGS[setting] == value
