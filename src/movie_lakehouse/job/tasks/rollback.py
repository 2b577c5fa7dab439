"""rollback: the tables of an earlier run, and its model, are what people query again."""

from movie_lakehouse.job.context import Context
from movie_lakehouse.job.promoted import newest_promoted
from movie_lakehouse.job.publications import (
    PUBLICATIONS,
    PUBLISHED,
    add_publication,
    never_published,
    newest_of_each_run,
    newest_publication,
)
from movie_lakehouse.job.settings import RollbackSettings
from movie_lakehouse.job.task import Rows, Task
from movie_lakehouse.job.tracked import track_champion


def run(context: Context) -> Rows:
    """Bring every table back to what the run published, then publish that; killed before, it is done again.

    Raises:
        NotFoundError: the run has published nothing; the message names the latest that have.
        TableError: a version that is needed is no longer kept.
    """
    assert isinstance(context.settings, RollbackSettings), "the task's own parameters"
    store, to_run = context.store, context.settings.to_run
    published = newest_of_each_run(store)
    wanted = published.get(to_run)
    if wanted is None:
        raise never_published(to_run, published)
    for name, version in wanted.tables.items():
        store.read(name, version)
    for name, version in wanted.tables.items():
        if store.newest_versions([name]) != {name: version}:
            store.restore(name, version)
    run_id, now, tables = context.settings.run_id, context.now, store.newest_versions(wanted.tables)
    last = newest_publication(store)
    add_publication(store, last, kind="rollback", run_id=run_id, of_run=to_run, published_at=now, tables=tables)
    model = newest_promoted(store)
    track_champion(context, None if model is None else model.run_id)
    context.notice(
        f"people query the tables of the run {to_run} again; files taken since are taken again by the next run, if "
        "they are still in the source"
    )
    return {PUBLICATIONS: 1}


rollback = Task(
    "rollback", run, reads=(), writes=(*PUBLISHED, PUBLICATIONS), always_runs=True, parameters=RollbackSettings
)
