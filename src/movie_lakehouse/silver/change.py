"""What becomes of a table, as the rows that go and the rows that come."""

from collections.abc import Sequence
from dataclasses import dataclass

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from movie_lakehouse.lakehouse.materialise import Hold
from movie_lakehouse.lakehouse.merging import COPIES, MORE, unmatched


@dataclass(frozen=True)
class Change:
    """A change of a table.

    Attributes:
        gone: rows of the table that are no longer in it, with all that are alike; None where there are none.
        come: rows to add. A row that changes goes and comes.
    """

    gone: DataFrame | None
    come: DataFrame

    def applied(self, table: DataFrame, key: Sequence[str]) -> DataFrame:
        """The table as it will be.

        Args:
            table: as it is.
            key: the columns by which the rows that go are known, none of them null.
        """
        columns = table.columns
        stays = table if self.gone is None else table.join(self.gone.select(*key), list(key), "left_anti")
        return stays.select(*columns).unionByName(self.come.select(*columns))


def difference(before: DataFrame | None, after: DataFrame, hold: Hold) -> Change:
    """The change that makes ``after`` of ``before``, parts of a table; rows that are in both as often stay.

    Rows that are alike go together, so where some of them stay these come again.
    """
    if before is None:
        return Change(None, hold(after))
    columns, differing = after.columns, hold(unmatched(before, after))
    n_coming = F.when(F.col(MORE) > 0, F.col(MORE)).otherwise(F.col(COPIES))
    come = differing.select(*columns, F.explode(F.array_repeat(F.lit(True), n_coming))).select(*columns)
    return Change(some(differing.where(F.col(MORE) < 0).select(*columns)), come)


def some(rows: DataFrame) -> DataFrame | None:
    """The held rows, or None where there are none. Counting them also lets Spark know that they are few."""
    return rows if rows.count() else None
