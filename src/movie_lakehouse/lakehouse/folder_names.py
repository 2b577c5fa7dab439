"""Which folders can hold a lakehouse."""

from pathlib import Path

from movie_lakehouse.errors import TableError

_UNUSABLE = set("%[]|^\\*?")
"""Characters in folders' names that delta-rs, which takes them as URLs, or DuckDB, which takes patterns, mistakes."""


def refuse_unusable(folder: Path) -> None:
    """Refuse a folder whose tables could not be read without Spark.

    Raises:
        TableError: its path has a character that readers mistake.
    """
    if unusable := sorted(_UNUSABLE & set(str(folder.absolute()))):
        raise TableError(
            f"A lakehouse in a folder with {' '.join(unusable)} in its path cannot be read: rename {folder}."
        )
