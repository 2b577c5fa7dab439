"""Which versions of the tables belong together: ops.publications, whose newest row is what people query.

A table is one commit, a lakehouse is many. A reader that takes every table at the version that the newest publication
names never joins the lists of one model with the factors of another, whatever the job is at just then.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from pyspark.sql import Row
from pyspark.sql import functions as F

from movie_lakehouse.lakehouse.store import Store
from movie_lakehouse.lakehouse.tables import ALL_TABLES, ops

PUBLICATIONS = ops.PUBLICATIONS.name
PUBLISHED = tuple(name for name, table in ALL_TABLES.items() if table.schema != "ops")
"""The tables that are published together: all but those that tell what happened."""

Kind = Literal["run", "rollback", "upkeep", "measured"]


@dataclass(frozen=True)
class Publication:
    """A row of ops.publications: the columns are described there."""

    number: int
    run_id: str
    kind: Kind
    of_run: str
    published_at: datetime
    tables: dict[str, int]


def newest_publication(store: Store, of_run: str | None = None) -> Publication | None:
    """The newest publication, or the newest of a run's tables; None where there is none."""
    if store.version(PUBLICATIONS) is None:
        return None
    rows = store.read(PUBLICATIONS)
    chosen = rows if of_run is None else rows.where(F.col("of_run") == of_run)
    row = chosen.orderBy(F.desc("number")).first()
    return None if row is None else Publication(**row.asDict())


def runs_published(store: Store, limit: int) -> list[str]:
    """The runs whose tables have been published, the newest first."""
    if store.version(PUBLICATIONS) is None:
        return []
    newest = store.read(PUBLICATIONS).groupBy("of_run").agg(F.max("number").alias("number"))
    return [row["of_run"] for row in newest.orderBy(F.desc("number")).limit(limit).collect()]


def add_publication(store: Store, after: Publication | None, **columns: Any) -> None:
    """Append the row that follows the newest: from this commit on people query its versions.

    Args:
        store: the tables.
        after: the newest publication.
        columns: the others of a Publication, by name.
    """
    publication = Publication(number=1 if after is None else after.number + 1, **columns)
    store.append(PUBLICATIONS, store.spark.createDataFrame([Row(**asdict(publication))], ops.PUBLICATIONS.row_schema))


def publish_beside(store: Store, names: Iterable[str], *, kind: Kind, run_id: str, now: datetime) -> None:
    """Publish the newest versions of some tables beside what people query of all others, if those are newer.

    Only for what does not contradict the others: the same rows in other files, or figures that only tell.
    """
    last = newest_publication(store)
    if last is None:
        return
    tables = last.tables | store.newest_versions(names)
    if tables != last.tables:
        add_publication(store, last, kind=kind, run_id=run_id, of_run=last.of_run, published_at=now, tables=tables)
