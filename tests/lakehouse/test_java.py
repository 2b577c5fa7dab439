import os
import subprocess
import sys
from pathlib import Path

import pytest

from movie_lakehouse.errors import SetupError
from movie_lakehouse.lakehouse.java import java_environment, java_version


def java_that_says(folder: Path, version: str) -> Path:
    """A home with a program ``bin/java`` that says this version as Java does, on standard error."""
    java = folder / "bin" / "java"
    java.parent.mkdir(parents=True)
    java.write_text(f"#!/bin/sh\necho '{version}' >&2\n")
    java.chmod(0o755)
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
