"""Which versions of the tables belong together: ops.publications, whose newest row is what people query.

A table is one commit, a lakehouse is many. A reader that takes every table at the version that the newest publication
names never joins the lists of one model with the factors of another, whatever the job is at just then.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Literal

from movie_lakehouse.errors import NotFoundError
from movie_lakehouse.lakehouse.store import Store
from movie_lakehouse.lakehouse.tables import ALL_TABLES, ops

PUBLICATIONS = ops.PUBLICATIONS.name
PUBLISHED = tuple(name for name, table in ALL_TABLES.items() if table.schema != "ops")
"""The tables that are published together: all but those that tell what happened."""
RUNS_NAMED = 5
"""Runs that a message lists."""

_NEWEST_OF_EACH_RUN = f"""
SELECT {", ".join(ops.PUBLICATIONS.column_names)}
FROM (SELECT *, row_number() OVER (PARTITION BY of_run ORDER BY number DESC) AS place FROM {{table}})
WHERE place = 1
ORDER BY number DESC
"""
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

    def lacks(self, versions: Mapping[str, int]) -> list[str]:
        """Those of the tables that have newer versions than it names, or that it does not name."""
        return [name for name, version in versions.items() if version > self.tables.get(name, -1)]


def newest_publication(store: Store) -> Publication | None:
    """The newest publication; None where nothing has been published."""
    rows = store.rows(PUBLICATIONS, "SELECT * FROM {table} ORDER BY number DESC LIMIT 1")
    return _publication(rows[0]) if rows else None


def newest_of_each_run(store: Store) -> dict[str, Publication]:
    """The newest publication of the tables of every run that has published any, by the run; the newest first."""
    rows = store.rows(PUBLICATIONS, _NEWEST_OF_EACH_RUN)
    return {row["of_run"]: _publication(row) for row in rows}


def never_published(run_id: str, published: Iterable[str]) -> NotFoundError:
    """The error that nothing of the run can be brought back; it names the latest of those of which something can."""
    there = ", ".join(islice(published, RUNS_NAMED)) or "none yet"
    return NotFoundError(f"The run {run_id!r} has published nothing; the latest that have are {there}.")


def add_publication(store: Store, after: Publication | None, **columns: Any) -> None:
    """Append the row that follows the newest: from this commit on people query its versions.

    Args:
        store: the tables.
        after: the newest publication.
        columns: the others of a Publication, by name.
    """
    publication = Publication(number=1 if after is None else after.number + 1, **columns)
    store.append_rows(PUBLICATIONS, [asdict(publication)])


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


def _publication(row: Mapping[str, Any]) -> Publication:
    """A row as Arrow has it, whose maps are lists of pairs."""
    return Publication(**{**row, "tables": dict(row["tables"])})
