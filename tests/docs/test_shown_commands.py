"""Every command that a document shows is run, or held against what knows it; one that nothing knows fails.

Quick commands run on a small lakehouse, the job without doing its work, make without running its recipes. What needs a
workspace is compared with the sub-commands known.
"""

import re
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import metadata
from itertools import pairwise
from pathlib import Path

import pytest
import typer.main
import yaml

from movie_lakehouse.cli import main
from movie_lakehouse.cli.app import app
from movie_lakehouse.query.reader import LakehouseReader
from support.explored_lakehouse import make_explored_lakehouse
from support.shown_commands import Shown, shown_commands
from support.tiny_lakehouse import write_table
from support.told_lakehouse import make_told_lakehouse

PROJECT = Path(__file__).parents[2]
PAGES = [PROJECT / "README.md", PROJECT / "CONTRIBUTING.md", *sorted((PROJECT / "docs").glob("*.md"))]
SHOWN = [(page.name, command) for page in PAGES for command in shown_commands(page.read_text(encoding="utf-8"))]
STANDS_FOR = {
    "RUN_ID": "run-1",
    "575": "1",
    "TITLE": "heat",
    "NAME": "users",
    "FILE": "pairs.csv",
    "N": "1",
    "Distant Horizon of Havana (1989)": "heat",
}
"""What a document leaves to the reader, or has from other data, as the small lakehouse knows it."""

QUICK = {"sql", "similar", "recommend", "predict", "tables", "report"}
LONG = {
    "evaluate": "trains models on Spark: tests/cli and tests/evaluation",
    "app": "serves until it is stopped: tests/app",
    "rollback": "changes a lakehouse: tests/job/test_publish.py",
    "maintain": "changes a lakehouse: tests/job/test_publish.py",
    "docs": "takes seconds for Great Expectations: tests/cli/test_docs_command.py",
}
WORKSPACE = [
    ("databricks", "auth", "login"),
    ("databricks", "bundle", "validate"),
    ("databricks", "bundle", "deploy"),
    ("databricks", "bundle", "run"),
    ("databricks", "bundle", "summary"),
    ("databricks", "bundle", "deployment", "bind"),
    ("databricks", "warehouses", "list"),
    ("databricks", "jobs", "run-now"),
    ("databricks", "api", "post"),
    (".venv-dbx/bin/dbx", "deploy"),
    (".venv-dbx/bin/dbx", "launch"),
]
"""What Databricks' own tools do with a workspace; the bundle that they deploy is checked in tests/bundle."""
ELSEWHERE = {(".venv/bin/python", "docs/licences.py"): "tests/docs/test_licences.py"}


@pytest.fixture(scope="module")
def explored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("shown") / "lakehouse"
    make_told_lakehouse(root)
    make_explored_lakehouse(root)
    reader = LakehouseReader(root)
    versions = {name: reader.open(name).version() for name in reader.tables() if not name.startswith("ops.")}
    publication = {"number": 1, "run_id": "run-1", "kind": "run", "of_run": "run-1", "tables": versions}
    write_table(root, "ops.publications", [publication | {"published_at": datetime(2020, 1, 1, tzinfo=UTC)}])
    return root


@pytest.fixture(autouse=True)
def project(explored: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The working folder of a reader: a lakehouse, the saved queries and a file of pairs."""
    for root in ("lakehouse", "movielens"):
        (tmp_path / root).symlink_to(explored)
    (tmp_path / "queries").symlink_to(PROJECT / "queries")
    (tmp_path / "pairs.csv").write_text("user_id,movie_id\n1,2\n")
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(("page", "command"), SHOWN, ids=[f"{page}: {command}" for page, command in SHOWN])
def test_a_command_that_is_shown_works(page: str, command: Shown) -> None:
    check_of(command)(command)


def test_commands_are_found_wherever_a_page_shows_them() -> None:
    page = """Type

    $ lakehouse sql "SELECT 1
      AS one"   # a question
    one
    KEY=1 make run

and then

```bash
brew install \\
  java
```

or `make
test`, not `lakehouse`.

<!-- not run here: it serves -->
```bash
serve
```
"""
    found = [(str(command).replace("\n", ""), command.is_named) for command in shown_commands(page)]
    assert found == [("brew install java", False), ("lakehouse sql 'SELECT 1  AS one'", False), ("make test", True)]


@pytest.mark.parametrize(
    "text",
    [
        "lakehouse sing",
        "lakehouse sql --loud",
        "make coffee",
        "databricks bundle dance -t dev",
        "databricks bundle run rollback",
        "databricks bundle deploy -t prod --profile P",
        "pip install 'movie-lakehouse[app]'",
        "pip install '.[ap]'",
    ],
)
def test_a_command_that_is_none_fails(text: str) -> None:
    (command,) = shown_commands(f"    {text}\n")
    with pytest.raises((AssertionError, KeyError, ValueError)):
        check_of(command)(command)


def check_of(command: Shown) -> Callable[[Shown], None]:
    """How a command is checked."""
    first = command.words[0]
    if first == "make":
        return check_make
    if first.removeprefix(".venv/bin/") == "lakehouse":
        return check_lakehouse
    if command.words[:2] == ("pip", "install"):
        return check_pip
    if command.words[:2] == ("databricks", "bundle") and not command.is_named:
        return check_bundle
    return check_known


def check_make(command: Shown) -> None:
    """The target is there, with the recipe printed and not run."""
    ended = subprocess.run(
        ["make", "-n", *command.words[1:]], cwd=PROJECT, capture_output=True, text=True, timeout=30, check=False
    )
    assert ended.returncode == 0, ended.stderr


def check_lakehouse(command: Shown) -> None:
    """The options exist; and it runs, as far as a test may, unless the document leaves a gap in it."""
    name, words = command.words[1], command.words[2:]
    check_options(name, words)
    has_gap = command.is_named or any("..." in word for word in words)
    if name in QUICK and words and not has_gap:
        run(name, *(STANDS_FOR.get(word, word) for word in words))
    elif name == "run" and not has_gap:
        run(name, *(word for word in words if word != "--timings"), "--dry-run")  # which takes no time to tell of
    else:
        assert name in QUICK | {"run"} | set(LONG)


def check_options(name: str, words: tuple[str, ...]) -> None:
    """Every option that is shown is one of the command's, or of the saved query's."""
    known = {option for parameter in typer.main.get_command(app).commands[name].params for option in parameter.opts}
    saved = {f"--{word}" for word in ("title", "neighbours", "user", "stars")} if "--saved" in words else set()
    shown = {word.split("=")[0] for word in words if word.startswith("--")}
    assert shown <= known | saved | {"--debug"}


def run(*words: str) -> None:
    """Run the program in this process."""
    with pytest.raises(SystemExit) as end:
        main(words)
    assert not end.value.code


def check_pip(command: Shown) -> None:
    """What is installed is the checkout, with extras that it has: by its name no index knows this package."""
    (wanted,) = command.words[2:]
    place, extras = re.fullmatch(r"([\w.-]+)(?:\[(.*)\])?", wanted).groups()
    assert place == "."
    assert set((extras or "").split(",")) - {""} <= set(metadata("movie-lakehouse").get_all("Provides-Extra"))


def check_bundle(command: Shown) -> None:
    """It says which target it is for, with all that the target leaves open; for other than dev as whom, too."""
    check_known(command)
    target = command.words[command.words.index("-t") + 1]
    shown = {word.split("=")[0] for before, word in pairwise(command.words) if before == "--var"}
    assert shown >= left_open_by(target)
    assert target == "dev" or "--profile" in command.words


def left_open_by(target: str) -> set[str]:
    """The bundle's variables that have no value in a target unless they are given one."""
    bundle = yaml.safe_load((PROJECT / "databricks.yml").read_text(encoding="utf-8"))
    without_default = {name for name, told in bundle["variables"].items() if not told.keys() & {"default", "lookup"}}
    return without_default - bundle["targets"][target]["variables"].keys()


def check_known(command: Shown) -> None:
    """It is one of those that cannot be run here, each for a reason."""
    known = [*WORKSPACE, *ELSEWHERE]
    assert any(command.words[: len(beginning)] == beginning for beginning in known), f"nothing checks {command}"
