"""A disk that is full, and one that cannot be written."""

import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from faults.harness import FAST, Ending, assert_one_line, running
from faults.lakehouses import (
    assert_all_open,
    assert_same_tables,
    commits,
    copied,
    published_files,
    run_here,
    tables_until,
)
from faults.registry import MENDS, fault, stops

pytestmark = [pytest.mark.slow, pytest.mark.campaign]  # sessions of their own
READ_ONLY = "cannot be written (Read-only file system)"
SIZE_MIB = 64


def mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True, capture_output=True)


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A disk of its own in memory."""
    folder = tmp_path_factory.mktemp("disk")
    try:
        mount("-t", "tmpfs", "-o", f"size={SIZE_MIB}m", "tmpfs", str(folder))
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"a small disk cannot be mounted here: {error}")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@dataclass(frozen=True)
class Filled:
    """A lakehouse on a disk that filled up while clean wrote and has room again, and how clean ended."""

    root: Path
    ending: Ending


@pytest.fixture(scope="module")
def filled(disk: Path, undisturbed: Path, tmp_path_factory: pytest.TempPathFactory) -> Filled:
    """Clean when there is no room left after its first commit."""
    root = copied(undisturbed, disk / "filled", without=["silver", "gold"])
    with running(root, "--only", "clean", log=tmp_path_factory.mktemp("filled") / "log.txt") as run:
        run.wait_until(lambda: any("silver" in commit for commit in commits(root)), "a commit of silver")
        ballast = fill(disk)
        ending = run.end()
    assert_all_open(root)
    ballast.unlink()
    return Filled(root, ending)


def fill(disk: Path) -> Path:
    """A file that takes all the room there is."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))
    return ballast


@fault("a disk that fills up while clean writes", f"the job stops with a line; with room again, {MENDS}")
def test_a_full_disk_loses_nothing(filled: Filled, undisturbed: Path) -> None:
    assert_one_line(filled.ending, "The task clean failed")
    assert run_here(filled.root, FAST, "clean").error is None
    assert_same_tables(filled.root, undisturbed, tables_until(["clean"]))


def test_a_full_disk_is_named(filled: Filled) -> None:
    assert_one_line(filled.ending, "No space left on device")


@fault("a lakehouse whose disk can only be read", f"{stops(READ_ONLY)}; people query it as before")
def test_a_disk_that_can_only_be_read_is_named_and_can_be_queried(
    disk: Path, undisturbed: Path, tmp_path: Path
) -> None:
    root = copied(undisturbed, disk / "lakehouse")
    mount("-o", "remount,ro", str(disk))
    try:
        with running(root, log=tmp_path / "log.txt") as run:
            assert_one_line(run.end(), READ_ONLY, "--root names another folder")
        assert published_files(root) == published_files(undisturbed)
    finally:
        mount("-o", "remount,rw", str(disk))
