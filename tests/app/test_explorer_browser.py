"""The explorer in a real Chromium: what a visitor does, and that nothing goes wrong or elsewhere meanwhile."""

import re
import shutil
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from movie_lakehouse.app.main import PAGES
from support.explored_lakehouse import HOSTILE
from support.explorer import serving
from support.tiny_lakehouse import SIMILAR, write_table

TITLES = [title for _, title, _ in PAGES]
OTHERS = {name.replace("_", "-"): title for name, title, _ in PAGES[1:]}
NARROW = 390
ALL_SHOWN = """titles => {
  const shown = document.querySelector('[data-testid=stMain]').innerText.replaceAll('\\u2060', '');
  return titles.every(title => shown.includes(title));
}"""
Visit = Callable[..., Page]


def heading(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()


def settled(page: Page) -> None:
    """Wait until the page is drawn."""
    expect(page.locator("[data-testid=stApp]")).to_have_attribute("data-test-script-state", "notRunning")


def search(page: Page, text: str) -> None:
    page.get_by_label("Part of a title").fill(text)
    page.keyboard.press("Enter")


def tab_to(page: Page, wanted: Locator) -> None:
    """Press the tab key until what is wanted has the focus; it must be there first, for what comes later is passed."""
    wanted.wait_for()
    for _ in range(20):
        page.keyboard.press("Tab")
        if wanted.evaluate("wanted => wanted === document.activeElement"):
            break
    expect(wanted).to_be_focused()


def test_every_page_opens_from_the_menu(visit: Visit, address: str) -> None:
    page = visit(address)
    for title in TITLES[1:]:
        page.get_by_role("link", name=title, exact=True).click()
        heading(page, title)
        settled(page)
        expect(page.get_by_test_id("stException")).to_have_count(0)


def test_a_search_finds_by_part_of_a_title(visit: Visit, address: str) -> None:
    page = visit(address)
    search(page, "matrix")
    heading(page, "2 movies")
    settled(page)  # until then what was there before the search may be, with the same movies
    expect(page.get_by_role("link", name="Matrix, The (1999)")).to_be_visible()


def test_a_per_cent_sign_finds_titles_that_have_one(visit: Visit, address: str) -> None:
    page = visit(address)
    search(page, "%")
    heading(page, "1 movie")


def test_one_walks_from_neighbour_to_neighbour_and_back(visit: Visit, address: str) -> None:
    page = visit(f"{address}/?movie=1")
    page.get_by_role("link", name="City of Lost Children").click()
    expect(page.get_by_role("heading", name="City of Lost Children")).to_be_visible()
    settled(page)  # until then the neighbours of the movie before are there
    page.get_by_role("link", name="Matrix Reloaded, The (2003)").click()
    heading(page, "Matrix Reloaded, The (2003)")
    expect(page).to_have_url(re.compile(r"movie=4.*trail=1-5|trail=1-5.*movie=4"))
    page.reload()
    page.get_by_role("link", name="Toy Story (1995)").first.click()
    heading(page, "Toy Story (1995)")
    expect(page.get_by_text("Your walk:")).to_have_count(0)


def test_what_a_search_found_makes_room_for_the_movie_chosen(visit: Visit, address: str) -> None:
    page = visit(address)
    search(page, "heat")
    heading(page, "1 movie")
    settled(page)
    page.get_by_role("link", name="Heat (1995)").click()
    heading(page, "Heat (1995)")
    heading(page, "You may also like")
    expect(page.get_by_label("Part of a title")).to_have_value("")


def test_a_user_is_chosen_by_number(visit: Visit, address: str) -> None:
    page = visit(f"{address}/users?user=5")
    expect(page.get_by_text("because of").first).to_be_visible()
    page.get_by_label("A user's number").fill("2")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("user=2"))
    expect(page.get_by_text("by predicted stars").first).to_be_visible()


def rate(page: Page, title: str, stars: int) -> None:
    """Search a movie and click its stars."""
    search(page, title)
    row = page.get_by_test_id("stFeedback")
    expect(row).to_have_count(1)
    row.get_by_role("radio").nth(stars - 1).click()


def changed(page: Page, before: list[str]) -> list[str]:
    """What the list tells, once it is no longer what it was."""
    told = page.locator(".lh-meta")
    expect(told).not_to_have_text(before)
    settled(page)
    return told.all_inner_texts()


def test_a_new_users_list_follows_each_rating(visit: Visit, address: str) -> None:
    page = visit(f"{address}/new-user")
    heading(page, "Popular until you rate")
    rate(page, "toy story", 5)
    heading(page, "Your list")
    after_one = changed(page, [])
    assert "Toy Story (1995)" not in page.get_by_test_id("stPageLink").all_inner_texts()
    rate(page, "matrix reloaded", 1)
    expect(page.get_by_role("slider")).to_have_count(2)
    after_two = changed(page, after_one)
    page.get_by_role("slider", name="Stars for Toy Story (1995)").press("Home")
    changed(page, after_two)
    page.get_by_role("button", name="Remove", exact=True).first.click()
    expect(page.get_by_role("slider")).to_have_count(1)
    page.get_by_role("button", name="Remove all").click()
    heading(page, "Popular until you rate")


def test_one_visitors_ratings_are_nowhere_on_anothers_page(visit: Visit, address: str) -> None:
    first = visit(f"{address}/new-user")
    rate(first, "toy story", 5)
    heading(first, "Your list")
    heading(visit(f"{address}/new-user"), "Popular until you rate")


def test_the_catalogue_is_narrowed_to_unrated_movies(visit: Visit, address: str) -> None:
    page = visit(f"{address}/catalogue")
    expect(page.get_by_test_id("stVegaLiteChart")).to_have_count(2)
    page.get_by_text("Unrated movies alone").click()
    expect(page.get_by_text("61", exact=True).first).to_be_visible()


def test_the_model_page_draws_its_charts(visit: Visit, address: str) -> None:
    page = visit(f"{address}/model")
    expect(page.get_by_test_id("stVegaLiteChart")).to_have_count(2)
    expect(page.get_by_text("run-2, was refused")).to_be_visible()


@pytest.mark.parametrize("path", ["?movie=6", "users?user=5", "new-user", "catalogue"])
def test_titles_are_shown_and_never_obeyed(visit: Visit, address: str, path: str) -> None:
    page = visit(f"{address}/{path}")
    settled(page)
    main = page.locator("section.main, [data-testid=stMain]")
    expect(main.locator("img, script, .katex, a[href*='evil.example']")).to_have_count(0)
    expect(main.locator("[data-testid=stIconMaterial]", has_text="home")).to_have_count(0)
    if path != "catalogue":  # whose table is drawn, not written
        page.wait_for_function(ALL_SHOWN, arg=list(HOSTILE.values()))


@pytest.mark.parametrize("path", ["?movie=1&trail=2-3-4-5", *OTHERS])
def test_a_page_has_an_address_of_its_own_and_fits_a_narrow_screen(visit: Visit, address: str, path: str) -> None:
    page = visit(f"{address}/{path}", width=NARROW)
    heading(page, OTHERS.get(path, "Movies"))
    settled(page)
    wide = "Math.max(document.documentElement.scrollWidth, document.querySelector('[data-testid=stMain]').scrollWidth)"
    assert page.evaluate(wide) <= NARROW


def test_the_keyboard_alone_searches_and_walks(visit: Visit, address: str) -> None:
    page = visit(address)
    tab_to(page, page.get_by_label("Part of a title"))
    page.keyboard.type("heat")
    page.keyboard.press("Enter")
    heading(page, "1 movie")
    settled(page)
    tab_to(page, page.get_by_role("link", name="Heat (1995)"))
    page.keyboard.press("Enter")
    heading(page, "Heat (1995)")


def test_a_dark_scheme_is_followed(visit: Visit, address: str) -> None:
    page = visit(address, scheme="dark")
    red = page.evaluate(
        "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor.match(/\\d+/)[0]"
    )
    assert int(red) < 60


def test_where_nothing_or_half_is_built_a_page_says_what_to_run_and_shows_it_once_it_is_there(
    visit: Visit, explored_lakehouse: Path, tmp_path: Path
) -> None:
    root = tmp_path / "lakehouse"
    with serving(root) as address:
        page = visit(address)
        expect(page.get_by_text(f"lakehouse run --root {root}")).to_be_visible()
        shutil.copytree(explored_lakehouse / "silver", root / "silver")
        page.goto(f"{address}/?movie=1")
        heading(page, "Toy Story (1995)")
        expect(page.get_by_text(f"lakehouse run --root {root}")).to_be_visible()
        shutil.copytree(explored_lakehouse / "gold", root / "gold")
        page.reload()
        expect(page.get_by_role("link", name="City of Lost Children")).to_be_visible()
        like = [(number, rank) for rank, (number, _) in enumerate(reversed(SIMILAR[1]), 1)]
        rows = [
            {"movie_id": 1, "rank": rank, "similar_movie_id": number, "similarity": 0.5 / rank, "source": "ratings"}
            for number, rank in like
        ]
        write_table(root, "gold.movie_similarity", rows)
        page.reload()
        heading(page, "You may also like")
        expect(page.get_by_test_id("stPageLink").first).to_contain_text("Matrix Reloaded")


@pytest.mark.parametrize(("host", "status"), [("127.0.0.1", 101), ("evil.example", 403)])
def test_no_other_sites_name_leads_to_it(address: str, host: str, status: int) -> None:
    connection = HTTPConnection(address.removeprefix("http://"), timeout=10)
    handshake = {
        "Host": host,
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    connection.request("GET", "/_stcore/stream", headers=handshake)
    assert connection.getresponse().status == status
    connection.close()
