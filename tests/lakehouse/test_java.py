import os
import subprocess
import sys
from pathlib import Path

import pytest

from movie_lakehouse.errors import SetupError
from movie_lakehouse.lakehouse.java import java_environment, java_version


def program(path: Path, lines: str) -> Path:
    """A shell script that may be run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{lines}\n")
    path.chmod(0o755)
    return path


def java_that_says(folder: Path, version: str) -> Path:
    """A home with a program ``bin/java`` that says where it is and this version as Java does, on standard error."""
    program(folder / "bin" / "java", f"echo '    java.home = {folder}' >&2\necho '{version}' >&2")
    return folder


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ('openjdk version "17.0.15" 2025-04-15\nOpenJDK Runtime Environment', 17),
        ('openjdk version "21" 2023-09-19', 21),
        ('java version "1.8.0_392"', 8),
        ('openjdk version "25-ea" 2025-09-16', 25),
        ("Unable to locate a Java Runtime.", 0),
        ("", 0),
    ],
)
def test_the_major_version_is_read_from_what_java_prints(text: str, version: int) -> None:
    assert java_version(text) == version


def test_java_home_goes_before_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = java_that_says(tmp_path / "home", 'openjdk version "21.0.1"')
    monkeypatch.setenv("JAVA_HOME", str(home))

    assert java_environment() == {"JAVA_HOME": str(home)}


def test_a_java_home_that_is_gone_leaves_the_java_on_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = java_that_says(tmp_path / "home", 'openjdk version "17.0.1"')
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "gone"))
    monkeypatch.setenv("PATH", f"{home / 'bin'}{os.pathsep}{os.environ['PATH']}")

    assert java_environment() == {"JAVA_HOME": str(home)}


def test_behind_a_script_on_the_path_is_the_java_that_it_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = java_that_says(tmp_path / "installs" / "21", 'openjdk version "21.0.1"')
    script = program(tmp_path / "shims" / "java", f'exec {home}/bin/java "$@"')
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", f"{script.parent}{os.pathsep}{os.environ['PATH']}")

    assert java_environment() == {"JAVA_HOME": str(home)}


def test_java_is_asked_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = java_that_says(tmp_path / "home", 'openjdk version "21.0.1"')
    program(tmp_path / "counting" / "bin" / "java", f'echo "$@" >> {tmp_path}/asked\nexec {home}/bin/java "$@"')
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "counting"))
    java_environment()

    assert (tmp_path / "asked").read_text() == "-XshowSettings:properties -version\n"


def test_a_java_that_may_not_be_run_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = java_that_says(tmp_path / "home", 'openjdk version "21.0.1"')
    (home / "bin" / "java").chmod(0o644)
    monkeypatch.setenv("JAVA_HOME", str(home))

    with pytest.raises(SetupError, match=r"home/bin/java cannot be run \(Permission denied\): install OpenJDK"):
        java_environment()


def test_a_script_that_finds_no_java_is_named_with_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = program(tmp_path / "java", "echo 'No version is set for java' >&2; exit 126")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", f"{script.parent}{os.pathsep}{os.environ['PATH']}")

    with pytest.raises(SetupError, match=r"/java is none, it says 'No version is set for java': install OpenJDK"):
        java_environment()


def test_a_java_that_is_too_old_is_named_with_its_version_and_how_to_get_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JAVA_HOME", str(java_that_says(tmp_path, 'openjdk version "11.0.2"')))

    with pytest.raises(SetupError, match=r"^Spark needs Java 17 or newer and .*bin/java is Java 11: install OpenJDK"):
        java_environment()


def test_without_java_the_command_prints_one_line_that_says_how_to_get_it(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "movie_lakehouse.lakehouse.java"],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("Spark needs Java and none was found: install OpenJDK 17 or 21")
    assert done.stderr.count("\n") == 1
