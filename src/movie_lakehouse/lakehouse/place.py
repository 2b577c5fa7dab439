"""Where a lakehouse is: a folder on this machine, or a catalog of Unity Catalog. Both give a table's SQL identifier."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from pyspark.sql import DataFrame, SparkSession

from movie_lakehouse.errors import SettingError
from movie_lakehouse.lakehouse.catalog_place import CatalogPlace
from movie_lakehouse.lakehouse.contract import Table
from movie_lakehouse.lakehouse.delta_log import UPKEEP
from movie_lakehouse.lakehouse.folder_names import refuse_unusable
from movie_lakehouse.lakehouse.folder_place import FolderPlace

Session = Callable[[], SparkSession]
"""Gives the session, and opens it where nothing has needed it yet."""


class Place(Protocol):
    """Gives tables their identifiers and knows whether and at which version they exist.

    What is small is asked and added in the way that is quickest there: that may need no session.
    """

    def identifier(self, table: str) -> str:
        """The table's name in SQL, quoted as it must be."""

    def prepare(self, table: str) -> None:
        """Make sure that a table that is not there can be created."""

    def exists(self, session: Session, table: str) -> bool:
        """Whether there is such a table."""

    def columns(self, session: Session, table: str) -> list[str]:
        """The names of the columns of a table that is there."""

    def newest_version(self, session: Session, table: str) -> int | None:
        """The table's newest version, or None where there is no such table."""

    def version(self, session: Session, table: str, apart_from: Collection[str] = UPKEEP) -> int | None:
        """The newest version that is not of these operations: upkeep makes none whose rows differ from the one before.

        Where nothing but such operations is kept of the history, the oldest version that is.
        """

    def frame(self, session: Session, table: str, version: int | None) -> DataFrame | None:
        """The rows of a table that is there, at a version or as it is now; None where its name is the way to them."""

    def rows(self, session: Session, table: str, query: str, version: int | None) -> list[dict[str, Any]]:
        """The few rows that answer a query whose table is ``{table}``, at a version or as it is now.

        The query is in SQL that any engine understands.
        """

    def append_rows(self, session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Add a few rows to a table that is there, in one commit."""

    def lost_files(self, table: str, version: int) -> list[str]:
        """Files of a version's rows that are gone, as far as that is told without Spark."""


def place_of(lakehouse: str, schema_prefix: str = "") -> Place:
    """Read the job's ``lakehouse`` parameter: a folder has a slash or a dot in it, a catalog's name has neither.

    Raises:
        SettingError: it is neither, or it cannot be quoted safely.
        TableError: it is a folder that could not be read without Spark.
    """
    if "`" in lakehouse:
        raise SettingError(f"The lakehouse {lakehouse!r} has a backtick in its name; choose another folder or catalog.")
    if "/" in lakehouse or "." in lakehouse:
        folder = Path(lakehouse).expanduser().absolute()
        refuse_unusable(folder)
        return FolderPlace(folder)
    if not re.fullmatch(r"\w+", lakehouse) or not re.fullmatch(r"\w*", schema_prefix):
        raise SettingError(
            f"The lakehouse {lakehouse!r} with schema prefix {schema_prefix!r} is neither a folder (./lakehouse) nor a "
            "catalog's name (letters, digits, underscores)."
        )
    return CatalogPlace(lakehouse, schema_prefix)
