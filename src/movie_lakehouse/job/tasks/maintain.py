"""maintain: many small files become few, and files that no version has needed for a month go."""

from movie_lakehouse.job.context import Context
from movie_lakehouse.job.publications import PUBLISHED, newest_publication, publish_beside
from movie_lakehouse.job.task import Rows, Task
from movie_lakehouse.lakehouse.tables import ALL_TABLES

FILES_WORTH_COMPACTING = 8
"""A table of fewer files is read as quickly as it can be."""


def run(context: Context) -> Rows:
    """Compact the tables that have many files, let people query the new files, and delete what has become too old.

    A table whose newest rows have not been published is left alone: people query an older version of it, whose files
    may have been replaced long ago.
    """
    store, last = context.store, newest_publication(context.store)
    versions = store.versions(ALL_TABLES)
    publishable = {name: version for name, version in versions.items() if name in PUBLISHED}
    waiting = [] if last is None else last.lacks(publishable)
    if waiting:
        context.notice(f"left alone, since they hold what has not been published: {', '.join(waiting)}")
    tended = [name for name in versions if name not in waiting]
    compacted = [name for name in tended if store.file_count(name) >= FILES_WORTH_COMPACTING]
    for name in compacted:
        store.compact(name)
    context.notice(f"compacted: {', '.join(compacted) or 'none needed it'}")
    published = [name for name in tended if name in publishable]
    publish_beside(store, published, kind="upkeep", run_id=context.settings.run_id, now=context.now)
    for name in tended:
        store.remove_old_files(name)
    return {}


maintain = Task("maintain", run, reads=(), writes=tuple(ALL_TABLES), always_runs=True)
