"""How the explorer starts, and how it does not."""

import shutil
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest

from movie_lakehouse.app import server
from movie_lakehouse.app.source import FolderSource, Place, source_of
from movie_lakehouse.errors import SetupError
from support.commands import Lakehouse
from support.tiny_lakehouse import write_table


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What Streamlit was started with, without starting it."""
    from streamlit.web import cli

    arguments: list[list[str]] = []
    monkeypatch.setattr(cli, "main", lambda given, standalone_mode: arguments.append(given))
    monkeypatch.setattr(server.os, "environ", dict(server.os.environ))
    return arguments


def test_it_listens_on_this_machine_alone(lakehouse: Lakehouse, started: list[list[str]]) -> None:
    ended = lakehouse("app", "--port", "8799")
    assert (ended.status, ended.out) == (0, "")
    assert "--server.address=127.0.0.1" in started[0]
    assert "Whoever" not in ended.err


def test_it_says_so_when_it_lets_others_in(lakehouse: Lakehouse, started: list[list[str]]) -> None:
    ended = lakehouse("app", "--port", "8799", "--host", "0.0.0.0")
    assert "--server.address=0.0.0.0" in started[0]
    assert ended.err.startswith("Whoever reaches this machine can read the lakehouse")


@pytest.mark.parametrize("setting", ["browser.gatherUsageStats=false", "server.fileWatcherType=none"])
def test_it_sends_nothing_and_watches_nothing(lakehouse: Lakehouse, started: list[list[str]], setting: str) -> None:
    lakehouse("app", "--port", "8799")
    assert f"--{setting}" in started[0]


def test_without_streamlit_one_line_says_how_to_get_it(lakehouse: Lakehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "find_spec", lambda name: None)
    ended = lakehouse("app")
    assert ended.status == 1
    assert ended.err.splitlines()[-1].endswith("install this package with its extra app.")


def test_a_port_that_is_taken_is_told_in_one_line(lakehouse: Lakehouse) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ended = lakehouse("app", "--port", str(taken.getsockname()[1]))
    assert ended.status == 1
    assert "cannot listen on 127.0.0.1" in ended.err.splitlines()[-1]


def test_the_pages_are_told_where_to_read() -> None:
    place = Place(Path("/data/lake house"), "main", "dev_")
    assert Place.of_environment(place.environment()) == place


def test_a_folder_is_read_where_no_catalog_is_named() -> None:
    assert source_of({"LAKEHOUSE_ROOT": "x", "DATABRICKS_WAREHOUSE_ID": "1"}) == FolderSource(Path("x"))


def test_a_catalog_needs_a_warehouse() -> None:
    with pytest.raises(SetupError, match="DATABRICKS_WAREHOUSE_ID"):
        source_of({"LAKEHOUSE_CATALOG": "main", "DATABRICKS_HOST": "x"})


def test_a_state_is_what_a_page_sees_while_newer_versions_are_written(tiny_lakehouse: Path, tmp_path: Path) -> None:
    shutil.copytree(tiny_lakehouse, tmp_path / "lakehouse")
    source = FolderSource(tmp_path / "lakehouse")
    before = source.state()
    write_table(tmp_path / "lakehouse", "gold.cv_results", [])
    query = "SELECT count(*) FROM gold.cv_results"
    assert source.state() != before
    assert list(source.reader_at(before).sql(query)) == [(2,)]
    assert list(source.reader_at(source.state()).sql(query)) == [(0,)]


def test_a_state_is_what_was_published_last(tiny_lakehouse: Path, tmp_path: Path) -> None:
    root, query = tmp_path / "lakehouse", "SELECT count(*) FROM gold.cv_results"
    shutil.copytree(tiny_lakehouse, root)
    publication = {"number": 1, "run_id": "r", "kind": "run", "of_run": "r", "tables": {"gold.cv_results": 0}}
    write_table(root, "ops.publications", [publication | {"published_at": datetime(2020, 1, 1, tzinfo=UTC)}])
    before = FolderSource(root).state()
    write_table(root, "gold.cv_results", [])

    assert FolderSource(root).state() == before
    assert list(FolderSource(root).reader_at(before).sql(query)) == [(2,)]
