"""The log of a Delta table in a folder, as files: which versions there are, without Spark and without opening it."""

import json
from collections.abc import Collection
from pathlib import Path
from typing import Final

from movie_lakehouse.errors import TableError

LOG: Final = "_delta_log"
VACUUM: Final = ("VACUUM START", "VACUUM END")
"""Operations that leave a table's rows as they are, and its files, by the name that Delta's log has for them."""
UPKEEP: Final = ("OPTIMIZE", *VACUUM)
"""Operations that leave a table's rows as they are."""


def newest_version(folder: Path) -> int | None:
    """The highest commit in the table's log, which is Delta's own definition of a version; None without any."""
    return next((version for version, _ in _newest_first(folder)), None)


def last_change(folder: Path, apart_from: Collection[str] = UPKEEP) -> int | None:
    """The highest commit in the log that is of none of these operations, None without any.

    Delta keeps a log for as long as the table's properties say: where nothing but such operations is kept of it, the
    oldest commit that is.

    Raises:
        TableError: a commit is damaged.
    """
    commits = _newest_first(folder)
    oldest = commits[-1][0] if commits else None
    return next((version for version, commit in commits if not _is_one_of(apart_from, commit)), oldest)


def _newest_first(folder: Path) -> list[tuple[int, Path]]:
    """The commits of the table's log."""
    commits = (path for path in (folder / LOG).glob("*.json") if path.stem.isdigit())
    return sorted(((int(path.stem), path) for path in commits), reverse=True)


def _is_one_of(operations: Collection[str], commit: Path) -> bool:
    """Whether a commit of the log says that it is one of these operations.

    Raises:
        TableError: the commit is damaged; Delta itself leaves none that is not whole.
    """
    try:
        with commit.open(encoding="utf-8") as actions:
            return any(json.loads(line).get("commitInfo", {}).get("operation") in operations for line in actions)
    except (ValueError, AttributeError):
        raise TableError(
            f"The newest commit of a table is damaged, {commit}: put the file back from a copy, or delete it (and "
            f".{commit.name}.crc beside it, if it is there) and run again, which makes anew what it held."
        ) from None
