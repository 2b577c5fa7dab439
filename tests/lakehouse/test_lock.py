"""One writer at a time: the second is told who the first is, and a writer that dies leaves nothing locked."""

import errno
import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from movie_lakehouse.errors import SettingError, TableError
from movie_lakehouse.lakehouse.catalog_place import CatalogPlace
from movie_lakehouse.lakehouse.folder_place import FolderPlace
from movie_lakehouse.lakehouse.lock import sole_writer


def test_a_second_writer_is_told_who_the_first_is(tmp_path: Path) -> None:
    place = FolderPlace(tmp_path / "lakehouse")
    with (
        sole_writer(place, "films, run 1"),
        pytest.raises(TableError, match=rf"lakehouse \(films, run 1, process {os.getpid()}\); run again when"),
        sole_writer(place, "films, run 2"),
    ):
        pytest.fail("it went in beside the first")


def test_the_next_writer_goes_in_when_the_first_has_ended_or_died(tmp_path: Path) -> None:
    place = FolderPlace(tmp_path)
    dying = (
        "import os, pathlib, movie_lakehouse.lakehouse.lock as lock, movie_lakehouse.lakehouse.place as place\n"
        f"with lock.sole_writer(place.FolderPlace(pathlib.Path({str(tmp_path)!r})), 'dying'): os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", dying], check=False).returncode == 9

    with sole_writer(place, "first"):
        pass
    with sole_writer(place, "second"):
        assert (tmp_path / "_lock").read_text(encoding="utf-8").startswith("second, process")


def test_lakehouses_are_locked_one_by_one_and_a_catalog_not_at_all(tmp_path: Path) -> None:
    places = [FolderPlace(tmp_path / "one"), FolderPlace(tmp_path / "two"), CatalogPlace("main"), CatalogPlace("main")]
    with ExitStack() as entered:
        for place in places:
            entered.enter_context(sole_writer(place, "a job"))


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(SettingError, match=r"file/lakehouse cannot be written \(Not a directory\): --root names"),
        sole_writer(FolderPlace(tmp_path / "file" / "lakehouse"), "a job"),
    ):
        pytest.fail("there is no folder to lock")


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.ENOTSUP])
def test_a_file_system_without_locks_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def flock(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("fcntl.flock", flock)
    with (
        pytest.raises(
            SettingError, match=rf"lakehouse .*two jobs cannot be kept apart: .*{os.strerror(number)}.*--root"
        ),
        sole_writer(FolderPlace(tmp_path), "a job"),
    ):
        pytest.fail("it went in without a lock")
