"""The pictures of the documentation, taken of the generated sample where SCREENSHOTS_OF names its lakehouse."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from support.explorer import serving

IMAGES = Path(__file__).parents[2] / "docs" / "images"
SAMPLE = os.environ.get("SCREENSHOTS_OF")
MOST_BYTES = 200_000
SHOTS = {
    "explorer-movie": "?movie=130",
    "explorer-user": "users?user=1",
    "explorer-catalogue": "catalogue",
    "explorer-model": "model",
}
Visit = Callable[..., Page]

pytestmark = pytest.mark.skipif(not SAMPLE, reason="SCREENSHOTS_OF names no lakehouse to take pictures of")


@pytest.fixture(scope="module")
def sample() -> Iterator[str]:
    with serving(Path(SAMPLE or "")) as address:
        yield address


def drawn(page: Page) -> None:
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def shoot(page: Page, name: str) -> None:
    """Take the picture once the page is drawn, charts included."""
    drawn(page)
    page.wait_for_timeout(1000)
    file = IMAGES / f"{name}.png"
    file.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=file)
    assert file.stat().st_size < MOST_BYTES


@pytest.mark.parametrize("name", SHOTS)
def test_a_page_is_pictured(visit: Visit, sample: str, name: str) -> None:
    page = visit(f"{sample}/{SHOTS[name]}", width=1200)
    drawn(page)
    expect(page.get_by_test_id("stAlert")).to_have_count(0)
    shoot(page, name)


def test_a_new_user_is_pictured(visit: Visit, sample: str) -> None:
    page = visit(f"{sample}/new-user", width=1200)
    for n_rated, stars in enumerate((5, 4, 2), 1):
        page.get_by_test_id("stFeedback").first.get_by_role("radio").nth(stars - 1).click()
        expect(page.get_by_role("slider")).to_have_count(n_rated)
        drawn(page)
    expect(page.get_by_role("heading", name="Your list")).to_be_visible()
    shoot(page, "explorer-new-user")
