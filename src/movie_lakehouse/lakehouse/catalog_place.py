"""A lakehouse in a catalog of Unity Catalog: Spark is asked for all of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyspark.sql import functions as F

from movie_lakehouse.lakehouse.contract import Table
from movie_lakehouse.lakehouse.delta_log import UPKEEP

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

    from movie_lakehouse.lakehouse.place import Session


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

    def prepare(self, table: str) -> None:
        """Nothing: the bundle deploys the schemas, and the job need not be allowed to create any."""

    def exists(self, session: Session, table: str) -> bool:
        """Whether the catalog has the table."""
        return session().catalog.tableExists(self.identifier(table))

    def columns(self, session: Session, table: str) -> list[str]:
        """Those that the catalog has."""
        return session().table(self.identifier(table)).columns

    def newest_version(self, session: Session, table: str) -> int | None:
        """The newest version in the table's history."""
        return self._newest(session, table, F.lit(True))

    def version(self, session: Session, table: str, apart_from: Collection[str] = UPKEEP) -> int | None:
        """The newest version in the table's history that is not of these operations, ours or the workspace's own."""
        return self._newest(session, table, ~F.col("operation").isin(*apart_from))

    def frame(self, session: Session, table: str, version: int | None) -> DataFrame | None:
        """None: the catalog knows its tables by their names."""
        return None

    def rows(self, session: Session, table: str, query: str, version: int | None) -> list[dict[str, Any]]:
        """Ask Spark, whose times are UTC in Arrow and nobody's in its own rows."""
        name = self.identifier(table) + ("" if version is None else f" VERSION AS OF {version}")
        rows: list[dict[str, Any]] = session().sql(query.format(table=name)).toArrow().to_pylist()
        return rows

    def append_rows(self, session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Have Spark add them."""
        values = [tuple(row[name] for name in table.column_names) for row in rows]
        session().createDataFrame(values, table.row_schema).writeTo(self.identifier(table.name)).append()

    def lost_files(self, table: str, version: int) -> list[str]:
        """None: the catalog's files are its own affair."""
        return []

    def _newest(self, session: Session, table: str, counts: Column) -> int | None:
        """The newest version of those in the table's history that count, else the oldest."""
        if not self.exists(session, table):
            return None
        newest = F.coalesce(F.max(F.when(counts, F.col("version"))), F.min("version"))
        (found,) = session().sql(f"DESCRIBE HISTORY {self.identifier(table)}").agg(newest.alias("newest")).collect()
        return int(found["newest"])
