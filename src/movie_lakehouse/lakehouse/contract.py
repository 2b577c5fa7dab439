"""What a table is, declared once: from it come the DDL, the conforming select, the tests and the data dictionary."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from movie_lakehouse.errors import TableError

if TYPE_CHECKING:  # readers without Spark use the declarations too
    from pyspark.sql import Column as SparkColumn
    from pyspark.sql import DataFrame


DAYS_KEPT = 30
"""How long a version stays readable after another has taken its place, whoever cleans up: what a rollback may need."""
KEPT = {
    "delta.deletedFileRetentionDuration": f"interval {DAYS_KEPT} days",
    # A version is found by its commit, which may be far older than the day on which another took its place.
    "delta.logRetentionDuration": "interval 365 days",
}


@dataclass(frozen=True)
class Column:
    """A column of a table: its name, its Spark SQL type, what it means, and whether it may be null."""

    name: str
    type: str
    comment: str
    nullable: bool = True

    @property
    def ddl(self) -> str:
        """The column as it stands in CREATE TABLE."""
        null = "" if self.nullable else " NOT NULL"
        return f"`{self.name}` {self.type}{null} COMMENT {quoted(self.comment)}"


@dataclass(frozen=True)
class Table:
    """A table's declaration.

    Attributes:
        name: schema and table, ``silver.ratings``.
        comment: what a row is.
        columns: in order.
        key: the columns that are unique together; empty where rows may repeat.
        checks: CHECK constraints by name; each is false for no row that may be written.
        cluster_by: the columns that look-ups filter on.
        open_columns: whether columns beyond the declared ones are kept (bronze only).
    """

    name: str
    comment: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    checks: dict[str, str] = field(default_factory=dict)
    cluster_by: tuple[str, ...] = ()
    open_columns: bool = False

    def __post_init__(self) -> None:
        """Refuse a declaration whose key or clustering names a column that it lacks."""
        unknown = (set(self.key) | set(self.cluster_by)) - set(self.column_names)
        if unknown:
            raise TableError(
                f"The declaration of {self.name} names columns that it lacks: {', '.join(sorted(unknown))}."
            )

    @property
    def schema(self) -> str:
        """The schema's name, which is the layer's: bronze, silver, gold or ops."""
        return self.name.split(".")[0]

    @property
    def column_names(self) -> list[str]:
        """The declared columns' names, in order."""
        return [column.name for column in self.columns]

    @property
    def identity(self) -> list[str]:
        """The columns that tell rows apart: the key, or all where rows may repeat."""
        return list(self.key) or self.column_names

    @property
    def row_schema(self) -> str:
        """The declared columns and types as ``createDataFrame`` takes them."""
        return ", ".join(f"`{column.name}` {column.type}" for column in self.columns)

    def properties(self) -> dict[str, str]:
        """Delta table properties: readable by every Delta reader, old versions kept, and the CHECK constraints."""
        constraints = {f"delta.constraints.{name}": check for name, check in self.checks.items()}
        return {"delta.enableDeletionVectors": "false"} | KEPT | constraints

    def create_statement(self, identifier: str) -> str:
        """The CREATE TABLE IF NOT EXISTS statement of this table under an identifier.

        >>> Table("gold.x", "A row.", (Column("a", "INT", "An a.", nullable=False),)).create_statement("gold.x")[:38]
        'CREATE TABLE IF NOT EXISTS gold.x (`a`'
        """
        columns = ", ".join(column.ddl for column in self.columns)
        cluster = f" CLUSTER BY ({', '.join(self.cluster_by)})" if self.cluster_by else ""
        properties = ", ".join(f"{quoted(key)} = {quoted(value)}" for key, value in self.properties().items())
        return (
            f"CREATE TABLE IF NOT EXISTS {identifier} ({columns}) USING DELTA"
            f"{cluster} COMMENT {quoted(self.comment)} TBLPROPERTIES ({properties})"
        )

    def lacking(self, columns: Iterable[str]) -> list[Column]:
        """The declared columns that are not among those of a table that an older version of the program has made.

        Raises:
            TableError: one of them must have a value: the rows that are there have none.
        """
        there = {name.lower() for name in columns}
        lacking = [column for column in self.columns if column.name.lower() not in there]
        if needed := [column.name for column in lacking if not column.nullable]:
            raise TableError(
                f"The table {self.name} was made by an older version of the program and lacks {', '.join(needed)}, "
                "which every row must have: make a new lakehouse (--root names another folder)."
            )
        return lacking

    def add_statement(self, identifier: str, columns: Sequence[Column]) -> str:
        """The ALTER TABLE statement that adds columns to this table under an identifier.

        >>> Table("gold.x", "A row.", ()).add_statement("gold.x", [Column("b", "INT", "A b.")])
        "ALTER TABLE gold.x ADD COLUMNS (`b` INT COMMENT 'A b.')"
        """
        return f"ALTER TABLE {identifier} ADD COLUMNS ({', '.join(column.ddl for column in columns)})"

    def conform(self, frame: DataFrame) -> DataFrame:
        """Give the frame's columns in the declared order and types, and any others last where the table is open.

        Raises:
            TableError: a declared column is missing.
        """
        from pyspark.sql import functions as F

        missing = [name for name in self.column_names if name not in frame.columns]
        if missing:
            raise TableError(f"A frame for {self.name} lacks the columns {', '.join(missing)}; it has {frame.columns}.")
        declared: list[SparkColumn] = [F.col(f"`{column.name}`").cast(column.type) for column in self.columns]
        others = [f"`{name}`" for name in frame.columns if name not in self.column_names]
        return frame.select(*declared, *(others if self.open_columns else []))


def quoted(text: str) -> str:
    r"""Give a SQL string literal of the text.

    >>> quoted("the user's")
    "'the user\\'s'"
    """
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
