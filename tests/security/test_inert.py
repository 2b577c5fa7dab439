"""What data say is shown as text and obeyed nowhere: each place with every hostile title."""

import csv
import io
import json
import re
import unicodedata
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from movie_lakehouse.app.inert import as_html, as_markdown
from movie_lakehouse.cli.output import OutputFormat, say, write_rows
from movie_lakehouse.errors import SourceError
from movie_lakehouse.job.observer import LineObserver
from movie_lakehouse.job.plan import Plan, PlannedTask
from movie_lakehouse.job.progress import PlainLines
from movie_lakehouse.job.report import JobOutcome, TaskReport
from movie_lakehouse.quality.docs import build_docs
from movie_lakehouse.report.facts import facts_of
from movie_lakehouse.report.render import as_html as report_of
from support.hostile import HOSTILE
from support.html_page import HtmlPage
from support.told_lakehouse import make_told_lakehouse

SUITES = Path(__file__).parents[2] / "expectations"
ROWS = list(HOSTILE.items())
WHOLE = "x".join(HOSTILE.values())
COMPUTED = re.compile(r"\s*[=+\-@\t\r\n＝＋－＠]")


def controls_in(text: str) -> set[str]:
    """What a terminal obeys, but for the ends of lines."""
    return {one for one in text if unicodedata.category(one) in {"Cc", "Cf", "Zl", "Zp"}} - {"\n", "\u200c", "\u200d"}


def test_on_a_terminal_they_are_text_in_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    write_rows(("kind", "title"), ROWS, OutputFormat.TABLE)
    shown = capsys.readouterr().out
    assert controls_in(shown) == set()
    assert "[red]Heat[/red]" in shown
    assert "\\x1b[2J" in shown


def test_in_a_notice_they_are_text(capsys: pytest.CaptureFixture[str]) -> None:
    say(WHOLE)
    assert controls_in(capsys.readouterr().err) == set()


def test_in_what_a_job_says_they_are_text(capsys: pytest.CaptureFixture[str]) -> None:
    """A file's name is in a notice, an error's line in a report."""
    PlainLines().notice("ingest", WHOLE)
    failed = TaskReport("ingest", "failed", error=SourceError(WHOLE))
    planned = PlannedTask("ingest", "job.yml", "wheel", "ingest")
    observer = LineObserver()
    observer.retrying(planned, 2, SourceError(WHOLE))
    observer.ended(JobOutcome(Plan("movies", "local", "run-1", {}, (planned,)), (failed, failed)))
    assert controls_in(capsys.readouterr().err) == set()


def test_in_csv_no_field_begins_a_formula(capsys: pytest.CaptureFixture[str]) -> None:
    write_rows(("kind", "=title"), ROWS, OutputFormat.CSV)
    header, *rows = csv.reader(io.StringIO(capsys.readouterr().out, newline=""))
    assert header == ["kind", "'=title"]
    assert [kind for kind, _ in rows] == list(HOSTILE)
    assert [title for _, title in rows if COMPUTED.match(title)] == []
    assert {one for _, title in rows for one in controls_in(title)} <= {"\t"}


def test_in_json_they_are_what_they_are_and_no_terminal_obeys(capsys: pytest.CaptureFixture[str]) -> None:
    write_rows(("kind", "title"), ROWS, OutputFormat.JSON)
    text = capsys.readouterr().out
    assert controls_in(text) == set()
    assert {row["kind"]: row["title"] for row in json.loads(text)} == HOSTILE


def test_in_the_report_they_are_text(tmp_path: Path) -> None:
    for at in range(0, len(ROWS), 6):
        titles = dict(enumerate((title for _, title in ROWS[at : at + 6]), 1))
        html = report_of(facts_of(make_told_lakehouse(tmp_path / str(at), titles), None), {})
        page = HtmlPage(html)
        assert page.faults == []
        assert {"script", "img", "a", "link"}.isdisjoint(tag for tag, _ in page.tags)
        assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
        assert controls_in(html) == set()


def test_in_the_data_docs_they_are_text(tmp_path: Path) -> None:
    """As observed values, as settings of an expectation, and as the name of a run."""
    titles = list(HOSTILE.values())
    judged = {
        "run_id": "run",
        "task": "clean",
        "suite": "silver.tags",
        "column": "tag",
        "severity": "critical",
        "success": False,
        "unexpected_count": 3,
        "judged_at": datetime(2026, 1, 1, tzinfo=UTC),
    }
    kinds = ("expect_column_values_to_be_in_set", "expect_column_distinct_values_to_be_in_set")
    observed = {
        "element_count": 9,
        "unexpected_count": 3,
        "unexpected_percent": 33.3,
        "partial_unexpected_list": titles,
    }
    rows = [
        judged
        | {
            "expectation": f"{kind} {json.dumps({'column': 'tag', 'value_set': titles})}",
            "observed": json.dumps(observed | {"observed_value": titles}),
        }
        for kind in kinds
    ]
    build_docs([row | {"run_id": HOSTILE["markup"]} for row in rows], SUITES, tmp_path / "docs")
    (page,) = (tmp_path / "docs").glob("validations/silver/tags/**/*.html")
    html = page.read_text(encoding="utf-8")
    assert "alert(1)" in html
    tags = tags_of(html)
    assert {"script", "img"}.isdisjoint(tag for tag, _ in tags)
    assert not [name for _, attributes in tags for name in attributes if name.startswith("on")]
    assert [value for _, attributes in tags for value in attributes.values() if "javascript:" in (value or "")] == []
    assert controls_in(html) == set()


def tags_of(html: str) -> list[tuple[str, dict[str, str | None]]]:
    """Every tag with its attributes."""
    found: list[tuple[str, dict[str, str | None]]] = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attrs: found.append((tag, dict(attrs)))  # type: ignore[method-assign]
    parser.feed(html)
    return found


@pytest.mark.parametrize("kind", HOSTILE)
def test_on_a_page_of_the_app_they_are_escaped(kind: str) -> None:
    """What Markdown and HTML make of them in a browser: tests/app/test_explorer_browser.py."""
    html, markdown = as_html(HOSTILE[kind]), as_markdown(HOSTILE[kind])
    assert controls_in(html) | (controls_in(markdown) - {"\u2060"}) == set()
    assert not re.search(r"[<>\"']", html)
    assert not re.search(r"[!-/:-@\[-`{-~]", re.sub(r"\\.", "", markdown))
