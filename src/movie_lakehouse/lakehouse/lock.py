"""One writer at a time for a lakehouse in a folder; readers need none."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from movie_lakehouse.errors import SettingError, TableError
from movie_lakehouse.lakehouse.folder_place import FolderPlace
from movie_lakehouse.lakehouse.place import Place

LOCK = "_lock"
"""The file under the lakehouse's folder whose lock the writer has, and in which it says who it is."""


@contextmanager
def sole_writer(place: Place, who: str) -> Iterator[None]:
    """Let nobody else write the tables until the block ends, or the process does, however it ends.

    A catalog has no lock: its jobs run one at a time by their own settings, and Delta refuses commits that conflict.

    Args:
        place: of the lakehouse.
        who: is told to those who come meanwhile.

    Raises:
        TableError: somebody else is writing; nothing has been touched.
        SettingError: the folder cannot be written, or is on a file system without locks.
    """
    if not isinstance(place, FolderPlace):
        yield
        return
    try:
        place.root.mkdir(parents=True, exist_ok=True)
        file = (place.root / LOCK).open("a+", encoding="utf-8")
    except OSError as error:
        raise SettingError(
            f"The lakehouse {place.root} cannot be written ({error.strerror}): --root names another folder."
        ) from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            other = file.read().strip() or "it does not say which"
            raise TableError(
                f"Another job is writing the lakehouse {place.root} ({other}); run again when it has ended."
            ) from None
        except OSError as error:
            raise SettingError(
                f"Where the lakehouse {place.root} is, two jobs cannot be kept apart: the file system has no locks "
                f"({error.strerror}); --root names a folder elsewhere."
            ) from None
        file.truncate(0)
        file.write(f"{who}, process {os.getpid()}\n")
        file.flush()
        yield
