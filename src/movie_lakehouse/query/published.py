"""What people query: every table at the version that the newest row of ops.publications names."""

from pathlib import Path

from deltalake import DeltaTable

from movie_lakehouse.lakehouse.contract import UPKEEP
from movie_lakehouse.query.reader import LakehouseReader, Snapshot
from movie_lakehouse.query.rows import NEWEST, PUBLICATIONS


def published_reader(root: Path) -> LakehouseReader:
    """Reads the tables as they were last published together; as they are, where nothing has been published yet.

    Raises:
        TableError: there is no lakehouse, or ops.publications cannot be read.
    """
    reader = LakehouseReader(root)
    if PUBLICATIONS not in reader.tables():
        return reader
    newest = next(iter(reader.sql(NEWEST)), None)
    return reader if newest is None else LakehouseReader(root, Snapshot(*newest))


def unpublished(root: Path) -> list[str]:
    """The tables that have changed since people's versions, layer by layer; none where nothing has been published."""
    snapshot = published_reader(root).snapshot
    versions = {} if snapshot is None else snapshot.versions
    newest = LakehouseReader(root)
    return [name for name in newest.tables() if name in versions and _last_change(newest.open(name)) > versions[name]]


def _last_change(table: DeltaTable) -> int:
    """The newest version that upkeep has not made."""
    changes = (commit["version"] for commit in table.history() if commit["operation"] not in UPKEEP)
    return next(changes, 0)
