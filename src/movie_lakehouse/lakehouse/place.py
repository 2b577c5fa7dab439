"""Where a lakehouse is: a folder on this machine, or a catalog of Unity Catalog. Both give a table's SQL identifier."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pyspark.sql import SparkSession

from movie_lakehouse.errors import SettingError


class Place(Protocol):
    """Gives tables their identifiers and knows whether and at which version they exist."""

    def identifier(self, table: str) -> str:
        """The table's name in SQL, quoted as it must be."""

    def prepare(self, spark: SparkSession, schema: str) -> None:
        """Make sure that tables of this schema can be created."""

    def version(self, spark: SparkSession, table: str) -> int | None:
        """The table's newest version, or None where there is no such table."""


@dataclass(frozen=True)
class FolderPlace:
    """Tables as the folders ROOT/schema/table of this machine."""

    root: Path

    def folder(self, table: str) -> Path:
        """The table's own folder."""
        return self.root.joinpath(*table.split("."))

    def identifier(self, table: str) -> str:
        """Give the path identifier.

        >>> FolderPlace(Path("/data/lake")).identifier("gold.movie_similarity")
        'delta.`/data/lake/gold/movie_similarity`'
        """
        return f"delta.`{self.folder(table)}`"

    def prepare(self, spark: SparkSession, schema: str) -> None:
        """Make the schema's folder."""
        (self.root / schema).mkdir(parents=True, exist_ok=True)

    def version(self, spark: SparkSession, table: str) -> int | None:
        """The highest commit in the table's log, which is Delta's own definition of a version."""
        commits = (path.stem for path in (self.folder(table) / "_delta_log").glob("*.json"))
        return max((int(stem) for stem in commits if stem.isdigit()), default=None)


@dataclass(frozen=True)
class CatalogPlace:
    """Tables of a Unity Catalog catalog, their schemas' names after a prefix."""

    catalog: str
    schema_prefix: str = ""

    def identifier(self, table: str) -> str:
        """Give the three-level name.

        >>> CatalogPlace("main", "dev_").identifier("gold.movie_similarity")
        '`main`.`dev_gold`.`movie_similarity`'
        """
        schema, name = table.split(".")
        return f"`{self.catalog}`.`{self.schema_prefix}{schema}`.`{name}`"

    def prepare(self, spark: SparkSession, schema: str) -> None:
        """Nothing: the bundle deploys the schemas, and the job need not be allowed to create any."""

    def version(self, spark: SparkSession, table: str) -> int | None:
        """The newest version in the table's history."""
        identifier = self.identifier(table)
        if not spark.catalog.tableExists(identifier):
            return None
        newest = spark.sql(f"DESCRIBE HISTORY {identifier} LIMIT 1").first()
        return None if newest is None else int(newest["version"])


def place_of(lakehouse: str, schema_prefix: str = "") -> Place:
    """Read the job's ``lakehouse`` parameter: a folder has a slash or a dot in it, a catalog's name has neither.

    Raises:
        SettingError: it is neither, or it cannot be quoted safely.
    """
    if "`" in lakehouse:
        raise SettingError(f"The lakehouse {lakehouse!r} has a backtick in its name; choose another folder or catalog.")
    if "/" in lakehouse or "." in lakehouse:
        return FolderPlace(Path(lakehouse).expanduser().absolute())
    if not re.fullmatch(r"\w+", lakehouse) or not re.fullmatch(r"\w*", schema_prefix):
        raise SettingError(
            f"The lakehouse {lakehouse!r} with schema prefix {schema_prefix!r} is neither a folder (./lakehouse) nor a "
            "catalog's name (letters, digits, underscores)."
        )
    return CatalogPlace(lakehouse, schema_prefix)
