"""What people query: every table at the version that the newest row of ops.publications names."""

from pathlib import Path

from movie_lakehouse.lakehouse.delta_log import last_change
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
    changes = {name: last_change(root.joinpath(*name.split("."))) or 0 for name in LakehouseReader(root).tables()}
    return [name for name, change in changes.items() if name in versions and change > versions[name]]
