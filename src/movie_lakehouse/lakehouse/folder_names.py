"""Which folders can hold a lakehouse."""

from pathlib import Path

from movie_lakehouse.errors import TableError
from movie_lakehouse.text import inert

_UNUSABLE = set("%[]|^\\*?")
"""Characters in folders' names that delta-rs, which takes them as URLs, or DuckDB, which takes patterns, mistakes."""


def refuse_unusable(folder: Path) -> None:
    """Refuse a folder whose tables could not be read without Spark.

    Raises:
        TableError: its path has a character that readers mistake, or one that cannot be seen, such as a tab.
    """
    characters = sorted(set(str(folder.absolute())))
    if unusable := [each for each in characters if each in _UNUSABLE or not each.isprintable()]:
        shown = inert(" ".join(unusable))
        raise TableError(
            f"A lakehouse in a folder with {shown} in its path cannot be read: rename {inert(str(folder))}."
        )
