import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from movie_lakehouse.errors import SetupError
from movie_lakehouse.lakehouse import jars


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the JARs are kept during a test: a folder that is not there yet."""
    folder = tmp_path / "jars"
    monkeypatch.setattr(jars, "jars_folder", lambda: folder)
    return folder


def resolver(monkeypatch: pytest.MonkeyPatch, *, names: Sequence[str] = (), says: str = "", status: int = 0) -> None:
    """Let the resolver put these files into its cache and end like that, instead of asking the network."""

    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        cache = next(part.removeprefix("spark.jars.ivy=") for part in command if part.startswith("spark.jars.ivy="))
        (Path(cache) / "jars").mkdir()
        for name in names:
            (Path(cache) / "jars" / name).write_text(name)
        return subprocess.CompletedProcess(command, status, "", says)

    monkeypatch.setattr(jars, "java_environment", dict)
    monkeypatch.setattr(jars.subprocess, "run", run)


def test_jars_that_are_there_are_taken_without_starting_any_program(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolver(monkeypatch, names=["io.delta_delta-spark_4.2_2.13-4.4.0.jar"])
    fetched = jars.delta_jars()
    monkeypatch.setattr(jars.subprocess, "run", None)

    assert jars.delta_jars() == fetched == [folder / "delta-spark_4.2_2.13-4.4.0.jar"]


def test_what_spark_brings_itself_is_not_put_on_the_class_path_a_second_time(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolver(monkeypatch, names=["org.antlr_antlr4-runtime-4.0.0.jar", "io.delta_delta-storage-4.4.0.jar"])

    assert [jar.name for jar in jars.delta_jars()] == ["delta-storage-4.4.0.jar"]


@pytest.mark.parametrize("marker", [None, "io.delta:delta-spark_4.0_2.13:4.0.0"])
def test_what_an_interrupted_fetch_or_an_older_version_left_is_replaced(
    folder: Path, monkeypatch: pytest.MonkeyPatch, marker: str | None
) -> None:
    folder.mkdir()
    (folder / "delta-spark-half.jar").touch()
    if marker:
        (folder / "complete.txt").write_text(marker)
    resolver(monkeypatch, names=["io.delta_delta-storage-4.4.0.jar"])

    assert [jar.name for jar in jars.delta_jars()] == ["delta-storage-4.4.0.jar"]


def test_without_network_one_line_says_what_the_resolver_said_last(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolver(monkeypatch, says="a long\nstory\nUnknownHostException: somewhere\n\n", status=1)

    with pytest.raises(SetupError, match=r"could not be fetched; connect to the network once .*: somewhere$") as caught:
        jars.delta_jars()

    assert "\n" not in str(caught.value)
    assert not folder.exists()
