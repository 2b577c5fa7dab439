"""rollback: the tables of an earlier run, and its model, are what people query again."""

from collections.abc import Mapping

from movie_lakehouse.errors import TableError
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
from movie_lakehouse.lakehouse.store import Store


def run(context: Context) -> Rows:
    """Bring every table back to what the run published, then publish that; killed before, it is done again.

    Raises:
        NotFoundError: the run has published nothing; the message names the latest that have.
        TableError: a version that is needed is no longer kept; every table has the rows that it had.
    """
    assert isinstance(context.settings, RollbackSettings), "the task's own parameters"
    store, to_run = context.store, context.settings.to_run
    published = newest_of_each_run(store)
    wanted = published.get(to_run)
    if wanted is None:
        raise never_published(to_run, published)
    _bring_back(store, _changed(store, wanted.tables))
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


def _changed(store: Store, wanted: Mapping[str, int]) -> dict[str, int]:
    """Those of the versions whose rows the tables no longer have, bronze last.

    All else is made of bronze, so that the next run mends what a rollback leaves that is killed half-way. What bronze
    would then lack may be in no source any more.

    Raises:
        TableError: a version is no longer kept, as far as that can be told before it is brought back.
    """
    for name, version in wanted.items():
        store.read(name, version)
    now = store.versions(wanted)
    changed = {name: version for name, version in wanted.items() if now[name] > version}
    for name, version in changed.items():
        store.refuse_lost(name, version)
    return dict(sorted(changed.items(), key=lambda table: table[0].startswith("bronze.")))


def _bring_back(store: Store, wanted: Mapping[str, int]) -> None:
    """Make the tables hold what they held at these versions, all of them or none.

    Raises:
        TableError: a version is no longer kept; the tables that had been brought back have been given their rows again.
    """
    before, restored = store.newest_versions(wanted), list[str]()
    try:
        for name, version in wanted.items():
            store.restore(name, version)
            restored.append(name)
    except TableError:
        for name in reversed(restored):
            store.restore(name, before[name])
        raise


rollback = Task(
    "rollback", run, reads=(), writes=(*PUBLISHED, PUBLICATIONS), always_runs=True, parameters=RollbackSettings
)
