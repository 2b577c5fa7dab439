"""The tests that docs/security.md and docs/reliability.md name are there."""

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
NAMED = [
    (page, found[1], found[2])
    for page in ("security.md", "reliability.md")
    for found in re.finditer(
        r"`(tests/[\w/]+\.py)(?:::(test_\w+))?[^`]*`", (PROJECT / "docs" / page).read_text(encoding="utf-8")
    )
]


@pytest.mark.parametrize(("page", "module", "test"), NAMED, ids=[":".join(map(str, one)) for one in NAMED])
def test_a_test_that_a_document_names_is_there(page: str, module: str, test: str | None) -> None:
    text = (PROJECT / module).read_text(encoding="utf-8")
    assert test is None or re.search(rf"^def {test}\(", text, re.MULTILINE)


def test_every_threat_names_a_test() -> None:
    text = (PROJECT / "docs" / "security.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ") and not line.startswith(("| threat", "| ---"))]
    assert len(rows) > 15
    assert [row for row in rows if "`tests/" not in row] == []
