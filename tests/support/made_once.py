"""What the processes of a test run share: one makes what takes long to make, or has for itself what there is once."""

import fcntl
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def made_once(temporary: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder of this run, which the first process that needs it fills while the others that do wait.

    Args:
        temporary: pytest's temporary folders, the same for all processes of a run but for one level.
        name: of the folder.
        make: fills the folder, which is there and empty. Where it fails the next process tries again.
    """
    folder = shared_by_run(temporary) / name
    ready = folder.with_suffix(".ready")
    with alone(folder.with_suffix(".lock")):
        if not ready.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            ready.touch()
    return folder


def shared_by_run(temporary: pytest.TempPathFactory) -> Path:
    """The temporary folder that all processes of a run have."""
    base = temporary.getbasetemp()
    return base.parent if base.name.startswith("popen-") else base


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Wait for all others that hold this lock, and hold it while the block lasts."""
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
