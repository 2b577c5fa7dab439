"""The page: one file that needs nothing, that tells the tables' numbers, and in which no data is more than text."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from movie_lakehouse.job.history import CHANGED_MEANWHILE
from movie_lakehouse.query.reader import LakehouseReader
from movie_lakehouse.report.facts import facts_of
from movie_lakehouse.report.render import as_html
from support.html_page import HtmlPage
from support.tiny_lakehouse import write_table
from support.told_lakehouse import make_told_lakehouse, rows_of, task_end

HOSTILE = {
    1: "<script>alert(1)</script>",
    2: '"><img src=x onerror=alert(1)>',
    3: "'; DROP TABLE ratings; -- {{ 7 * 7 }} {% raw %} **bold** [x](javascript:1)",
    4: "עברית \u202etxt.exe 👩‍🚀 \x1b[31m",
}
STYLES = Path(__file__).parents[2] / "src/movie_lakehouse/report/templates/style.css.j2"


def html_of(root: Path, run: str | None = None) -> str:
    return as_html(facts_of(root, run), {})


@pytest.fixture(scope="module")
def html(told_root: Path) -> str:
    return html_of(told_root)


@pytest.fixture(scope="module")
def page(html: str) -> HtmlPage:
    return HtmlPage(html)


def test_the_tags_balance_and_ids_are_unique(page: HtmlPage) -> None:
    assert page.faults == []
    assert len(page.ids) == len(set(page.ids))


def test_nothing_is_fetched_and_nothing_runs(page: HtmlPage, html: str) -> None:
    assert {"script", "img", "link", "iframe", "object"}.isdisjoint(tag for tag, _ in page.tags)
    names = {name for _, attributes in page.tags for name in attributes}
    assert {"src", "href", "srcset", "action"}.isdisjoint(names)
    assert not [name for name in names if name.startswith("on")]
    assert not re.search(r"url\(|@import|https?:", html)


def test_the_page_has_a_language_and_headings_in_order(page: HtmlPage) -> None:
    assert ("html", {"lang": "en"}) in page.tags
    assert page.headings[0] == 1
    assert page.headings.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(page.headings))


def test_every_figure_has_a_name_and_a_description(page: HtmlPage) -> None:
    drawings = [attributes for tag, attributes in page.tags if tag == "svg"]
    assert len(drawings) == 7
    for drawing in drawings:
        assert drawing["role"] == "img"
        assert set(drawing["aria-labelledby"].split()) <= set(page.ids)


def test_every_header_of_a_table_says_what_it_heads(page: HtmlPage) -> None:
    assert {attributes.get("scope") for tag, attributes in page.tags if tag == "th"} == {"row", "col"}
    assert sum(tag == "caption" for tag, _ in page.tags) == sum(tag == "table" for tag, _ in page.tags)


def test_the_numbers_are_those_of_the_tables(page: HtmlPage, told_root: Path) -> None:
    reader = LakehouseReader(told_root)
    stars = reader.sql("SELECT rating, count(*) FROM silver.ratings GROUP BY rating ORDER BY rating")
    assert page.tables["Ratings by stars"] == [[f"{rating}", f"{n}"] for rating, n in stars]
    came = reader.sql("SELECT 'ratings', count(DISTINCT _source_file), 2, count(*), 7 FROM bronze.ratings")
    assert page.tables["Rows of bronze by table"][1] == [str(value) for value in next(iter(came))]
    (similarity,) = next(
        iter(reader.sql("SELECT similarity FROM gold.movie_similarity WHERE movie_id = 2 AND rank = 1"))
    )
    assert f"{similarity:.4f}" in page.text
    assert page.tables["Error on held-out ratings (RMSE, stars)"][0][:4] == ["als", "published", "random", "0.9100"]


def test_reasons_come_with_their_meaning(page: HtmlPage) -> None:
    told = page.tables["Rows in quarantine by table and reason"]
    assert ["ratings", "orphan", "The row's movie is not in movies.", "2", "1"] in told


def test_an_expectation_that_did_not_hold_is_spelt_out(told_root: Path, page: HtmlPage) -> None:
    (row,) = page.tables["Expectations that did not hold"]
    assert row == ["gold.user_factors", "warning", "Column values to be between: column bias.", "3 rows"]
    described = {'expect_column_values_to_be_between {"column": "bias"}': "No user is far from the mean."}
    assert "No user is far from the mean." in as_html(facts_of(told_root), described)


def test_the_same_run_gives_the_same_file(told_root: Path, html: str) -> None:
    assert html_of(told_root) == html


def test_titles_come_out_inert(tmp_path: Path) -> None:
    html = html_of(make_told_lakehouse(tmp_path, HOSTILE))
    page = HtmlPage(html)
    assert page.faults == []
    assert {"script", "img"}.isdisjoint(tag for tag, _ in page.tags)
    for number in (1, 2, 3):
        assert HOSTILE[number] in page.text
    assert "עברית \\u202etxt.exe 👩‍🚀 \\x1b[31m" in page.text
    assert not {"\u202e", "\x1b"} & set(html)


def test_file_names_records_messages_and_run_ids_come_out_inert(tmp_path: Path) -> None:
    root = make_told_lakehouse(tmp_path)
    script = "<script>alert(1)</script>"
    for name, column in (("silver.quarantine", "record"), ("bronze.movies", "_source_file")):
        write_table(root, name, [row | {column: script} for row in rows_of(root, name)])
    failed = task_end(
        script, "train", 100, {"silver.quarantine": 1, "bronze.movies": 1}, status="failed", message=script
    )
    write_table(root, "ops.job_runs", [failed], mode="append")
    page = HtmlPage(html_of(root))
    assert page.faults == []
    assert "script" not in {tag for tag, _ in page.tags}
    assert page.text.count(script) > 4


def test_a_failed_run_tells_why_and_what_is_missing(tmp_path: Path) -> None:
    message = "There is no file /home/ann/data/ratings.csv: name another --source."
    write_table(tmp_path, "ops.job_runs", [task_end("r", "ingest", 0, {}, status="failed", message=message)])
    page = HtmlPage(html_of(tmp_path))
    assert page.faults == []
    assert "ingest failed. There is no file ratings.csv: name another --source." in page.text
    assert "The ratings cannot be told. The table silver.ratings is not there at the run r" in page.text


def test_the_version_of_a_table_that_changed_while_it_was_read_is_told_as_unknown(tmp_path: Path) -> None:
    read = {"bronze.links": CHANGED_MEANWHILE, "bronze.tags": 3}
    write_table(tmp_path, "ops.job_runs", [task_end("r", "clean", 0, {}, tables_read=read)])
    ((_, _, told, _),) = HtmlPage(html_of(tmp_path)).tables["Task by task, with the versions of the tables"]
    assert told.replace("\xa0", " ") == "bronze.links (changed meanwhile), bronze.tags 3"


def test_a_refused_model_tells_why_and_what_stays(tmp_path: Path) -> None:
    root = make_told_lakehouse(tmp_path)
    (before,) = rows_of(root, "gold.model_runs")
    refused = before | {"run_id": "run-2", "trained_at": before["trained_at"].replace(year=2021), "promoted": False}
    write_table(root, "gold.model_runs", [refused], mode="append")
    why = "The model als is not promoted: its RMSE is 0.99, that of biases 0.97."
    ended = task_end("run-2", "train", 100, {"gold.model_runs": 1}, status="refused", message=why)
    write_table(root, "ops.job_runs", [ended], mode="append")
    text = HtmlPage(html_of(root)).text
    assert f"Refused: {why} The model published before stays in use." in text


def test_empty_tables_are_told_as_empty(tmp_path: Path) -> None:
    root = make_told_lakehouse(tmp_path)
    names = [name for name in LakehouseReader(root).tables() if not name.startswith("ops.")]
    for name in names:
        write_table(root, name, [])
    write_table(root, "ops.job_runs", [task_end("empty", "clean", 0, dict.fromkeys(names, 1))], mode="append")
    page = HtmlPage(html_of(root, "empty"))
    assert page.faults == []
    for told in (
        "Nothing: every row that came in is in use.",
        "There are none.",
        "There are no lists",
        "no neighbours",
    ):
        assert told in page.text


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_text_has_the_contrast_that_wcag_asks_for(mode: str) -> None:
    colours = palette(mode)
    pairs = [(text, ground) for text in ("text", "muted", "good", "warn", "bad") for ground in ("page", "panel")]
    pairs += [(f"on-heat-{step}", f"heat-{step}") for step in range(5)]
    low = {pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in low.items() if ratio < 4.5} == {}
    assert contrast(colours["mark"], colours["page"]) >= 3


def palette(mode: str) -> dict[str, str]:
    """The colours of the page in a mode, by name."""
    light, dark = re.findall(r":root \{(.*?)\}", STYLES.read_text(encoding="utf-8"), re.DOTALL)[:2]
    return dict(re.findall(r"--([\w-]+): (#\w{6})", {"light": light, "dark": dark}[mode]))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2, 1 to 21."""
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def luminance(colour: str) -> float:
    """The relative luminance of WCAG 2.2, 0 to 1."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
