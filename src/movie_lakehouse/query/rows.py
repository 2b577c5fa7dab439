"""What a reader of tables is: an answer's rows, and the few questions that every reader takes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:  # most commands do without
    import numpy as np

PUBLICATIONS = "ops.publications"
NEWEST = f"SELECT of_run, tables FROM {PUBLICATIONS} ORDER BY number DESC LIMIT 1"
"""The newest publication, for either engine: the run, and the version of each table that people query."""

Row = tuple[Any, ...]
Parameters = Sequence[Any] | Mapping[str, Any]


@dataclass(frozen=True)
class Rows:
    """An answer: its columns' names, and its rows, which may be fetched only while they are read, once."""

    columns: tuple[str, ...]
    rows: Iterator[Row] | list[Row]

    def __iter__(self) -> Iterator[Row]:
        """The rows."""
        return iter(self.rows)


class Reader(Protocol):
    """Reads the tables of a lakehouse wherever it is: a folder through DuckDB, a catalog through a SQL warehouse.

    A statement that both are to answer is Spark SQL with ``?`` for each value; what DuckDB lacks of it is in
    ``engine.SPARK_FUNCTIONS``.
    """

    def tables(self) -> list[str]:
        """The names of the tables that there are."""

    def sql(self, text: str, parameters: Sequence[Any] = ()) -> Rows:
        """The answer to one reading statement."""

    def arrays(self, text: str, parameters: Sequence[Any] = ()) -> "dict[str, np.ndarray[Any, Any]]":
        """The answer's columns as numpy arrays, by name; a column of lists as an array of arrays."""
