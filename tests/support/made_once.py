"""What takes long to make and is only read: made by one of the processes that share a test run."""

import fcntl
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest


def made_once(temporary: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder of this run, which the first process that needs it fills while the others that do wait.

    Args:
        temporary: pytest's temporary folders, the same for all processes of a run but for one level.
        name: of the folder.
        make: fills the folder, which is there and empty. Where it fails the next process tries again.
    """
    base = temporary.getbasetemp()
    folder = (base.parent if base.name.startswith("popen-") else base) / name
    ready = folder.with_suffix(".ready")
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not ready.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            ready.touch()
    return folder
