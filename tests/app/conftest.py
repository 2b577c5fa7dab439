"""The explorer on lakehouses made by hand: run in this process, and served to a real browser."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
import streamlit as st
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from movie_lakehouse.app import source
from movie_lakehouse.app.server import MAIN
from support.explored_lakehouse import make_explored_lakehouse
from support.explorer import Explored, serving
from support.watched_page import Watched

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
QUIET = (
    "--no-sandbox",  # as root it does not start with one
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)
SECONDS_TO_WAIT = 15.0
"""How long what a page must show may take to come: other tests may have the cores."""

expect.set_options(timeout=SECONDS_TO_WAIT * 1000)


@pytest.fixture(scope="session")
def explored_lakehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The root of a lakehouse with all that the explorer shows, for tests that only read."""
    return make_explored_lakehouse(tmp_path_factory.mktemp("explored") / "lakehouse")


@pytest.fixture
def explored(explored_lakehouse: Path, monkeypatch: pytest.MonkeyPatch) -> Explored:
    """Draws a page in this process, with nothing kept from another lakehouse."""
    from movie_lakehouse.app import answers  # at the top, Streamlit's warnings that no server runs would be shown

    # Which components are installed: the pages have none, and it takes longer than to draw one.
    monkeypatch.setattr(manifest_scanner, "scan_component_manifests", list)

    def draw(page: str = "movies", root: Path = explored_lakehouse, **address: str) -> AppTest:
        for name in (source.CATALOG, source.PREFIX):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv(source.ROOT, str(root))
        if answers.source() != source.source_of():
            st.cache_resource.clear()
            st.cache_data.clear()
        app = AppTest.from_file(str(MAIN), default_timeout=30).run()
        app.query_params.clear()
        app.query_params.update(address)
        return app.switch_page(f"views/{page}.py").run()

    return draw


@pytest.fixture(scope="session")
def address(explored_lakehouse: Path) -> Iterator[str]:
    """The address of the explorer on the explored lakehouse."""
    with serving(explored_lakehouse) as found:
        yield found


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    """A real Chromium; where there is none, the tests that need it are skipped."""
    if not CHROMIUM.exists():
        pytest.skip(f"there is no Chromium at {CHROMIUM}; CHROMIUM names another place")
    with sync_playwright() as playwright:
        profile = tmp_path_factory.mktemp("profile")  # in which compiled scripts are kept from page to page
        browser = playwright.chromium.launch_persistent_context(
            profile, executable_path=str(CHROMIUM), args=list(QUIET), reduced_motion="reduce"
        )
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: BrowserContext) -> Iterator[Callable[..., Page]]:
    """Opens an address as a visitor of their own; at the end nothing must have gone wrong or elsewhere."""
    watched: list[Watched] = []

    def open_page(address: str, width: int = 1280, scheme: Literal["light", "dark"] = "light") -> Page:
        watched.append(Watched(chromium.new_page()))
        page = watched[-1].page
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        page.goto(address)
        page.locator("h1").wait_for()
        return page

    yield open_page
    for one in watched:
        one.page.close()
    assert [fault for one in watched for fault in one.faults] == []
