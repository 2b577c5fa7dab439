"""What docs/sql.md shows does what it says, but for what is marked there as not run."""

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from movie_lakehouse.cli import main
from movie_lakehouse.query.reader import LakehouseReader
from movie_lakehouse.query.saved import answer_saved, parse_saved

PROJECT = Path(__file__).parents[2]
BLOCK = re.compile(r"(?P<mark><!-- not run here: [^\n]+ -->\n)?```(?P<language>\w+)\n(?P<text>.*?)```", re.DOTALL)
DOCUMENT = (PROJECT / "docs" / "sql.md").read_text(encoding="utf-8")
RUN = [block for block in BLOCK.finditer(DOCUMENT) if not block["mark"]]


@pytest.fixture(autouse=True)
def project(tiny_lakehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, which has the tiny lakehouse and the saved queries as a project has them."""
    (tmp_path / "lakehouse").symlink_to(tiny_lakehouse)
    (tmp_path / "queries").symlink_to(PROJECT / "queries")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "block", RUN, ids=[f"line {block.string.count(chr(10), 0, block.start()) + 1}" for block in RUN]
)
def test_an_example_runs(block: re.Match[str], request: pytest.FixtureRequest) -> None:
    if "open_session" in block["text"]:
        catalog = request.getfixturevalue("catalog")
        request.addfinalizer(lambda: [catalog.sql(f"DROP DATABASE {name} CASCADE") for name in ("silver", "gold")])
    RUNNERS[block["language"]](block["text"])


def test_every_kind_of_example_is_run() -> None:
    assert {block["language"] for block in RUN} == set(RUNNERS)


def run_commands(text: str) -> None:
    for command in re.split(r"^(?=lakehouse )", text, flags=re.MULTILINE)[1:]:
        with pytest.raises(SystemExit) as end:
            main(shlex.split(command.replace("RUN_ID", "run-1"))[1:])
        assert end.value.code in (None, 0), command


def run_python(text: str) -> None:
    exec(compile(text, "docs/sql.md", "exec"), {})


def run_saved(text: str) -> None:
    answer = answer_saved(LakehouseReader(Path("lakehouse")), parse_saved("of-year", text), {"year": "1995"})
    assert "Toy Story (1995)" in [row[0] for row in answer]


RUNNERS: dict[str, Callable[[str], None]] = {"bash": run_commands, "python": run_python, "sql": run_saved}
