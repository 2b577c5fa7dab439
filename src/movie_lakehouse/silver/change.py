"""What becomes of a table, as the rows that go and the rows that come."""

from collections.abc import Sequence
from dataclasses import dataclass

from pyspark.sql import DataFrame

from movie_lakehouse.lakehouse.materialise import Hold


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
    now = hold(after)
    if before is None:
        return Change(None, now)
    was = before.select(*now.columns)
    gone = some(hold(was.exceptAll(now).distinct()))
    more = now.exceptAll(was)
    if gone is None:
        return Change(None, hold(more))
    return Change(gone, hold(more.unionByName(now.join(gone, now.columns, "left_semi"))))


def some(rows: DataFrame) -> DataFrame | None:
    """The held rows, or None where there are none. Counting them also lets Spark know that they are few."""
    return rows if rows.count() else None
