"""publish: from now on people query the tables as they are, all at once."""

from movie_lakehouse.errors import TaskError
from movie_lakehouse.job.context import Context
from movie_lakehouse.job.history import last_successes
from movie_lakehouse.job.publications import PUBLICATIONS, PUBLISHED, add_publication, newest_publication
from movie_lakehouse.job.task import Rows, Task


def run(context: Context) -> Rows:
    """Publish the tables' versions, if they are not those that people query already.

    Raises:
        TaskError: a task has not worked on what those before it have left; nothing is published.
    """
    store, run_id = context.store, context.settings.run_id
    versions, last = store.versions(PUBLISHED), newest_publication(store)
    if last is not None and all(version <= last.tables.get(name, -1) for name, version in versions.items()):
        context.notice("people query these tables already")
        return {}
    if behind := tasks_behind(context):
        raise TaskError(
            f"Nothing is published: {', '.join(behind)} has not worked on the tables as they are now; run the whole "
            f"job, or it from there (--from {behind[0]})."
        )
    tables = store.newest_versions(PUBLISHED)
    add_publication(store, last, kind="run", run_id=run_id, of_run=run_id, published_at=context.now, tables=tables)
    return {PUBLICATIONS: 1}


def tasks_behind(context: Context) -> list[str]:
    """The tasks whose last success read other versions of tables than there are now."""
    successes = last_successes(context.store, context.now).values()
    now = context.store.versions({name for success in successes for name in success.tables_read})
    return sorted(
        success.task
        for success in successes
        if any(now.get(name) != version for name, version in success.tables_read.items())
    )


publish = Task("publish", run, reads=(), writes=(PUBLICATIONS,), always_runs=True)
