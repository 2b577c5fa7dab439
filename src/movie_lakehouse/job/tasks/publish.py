"""publish: from now on people query the tables as they are, all at once."""

from collections.abc import Iterable

from movie_lakehouse.errors import TaskError
from movie_lakehouse.job.context import Context
from movie_lakehouse.job.history import Success, last_successes
from movie_lakehouse.job.publications import PUBLICATIONS, PUBLISHED, add_publication, newest_publication
from movie_lakehouse.job.task import Rows, Task
from movie_lakehouse.job.unfinished import APPENDED


def run(context: Context) -> Rows:
    """Publish the tables' versions, if they are not those that people query already.

    Raises:
        TaskError: a task has not worked on what those before it have left, or was broken off; nothing is published.
    """
    store, run_id = context.store, context.settings.run_id
    versions, last = store.versions(PUBLISHED), newest_publication(store)
    if not versions:
        context.notice("there is no table to publish yet")
        return {}
    if last is not None and not last.lacks(versions):
        context.notice("people query these tables already")
        return {}
    _refuse_unfinished(context, versions)
    tables = store.newest_versions(PUBLISHED)
    add_publication(store, last, kind="run", run_id=run_id, of_run=run_id, published_at=context.now, tables=tables)
    return {PUBLICATIONS: 1}


def _refuse_unfinished(context: Context, now: dict[str, int]) -> None:
    """Make sure that the tables are what tasks have left that ended well, each on what those before it had left.

    Raises:
        TaskError: they are not; the message says whose work is missing.
    """
    successes = [success for success in last_successes(context.store, context.now).values() if success.tables_read]
    if behind := _tasks_behind(successes, now):
        raise TaskError(
            f"Nothing is published: {', '.join(behind)} has not worked on the tables as they are now; run the whole "
            f"job, or it from there (--from {behind[0]})."
        )
    if unfinished := _of_no_success(successes, now):
        raise TaskError(
            f"Nothing is published: no task that ended well has left {', '.join(unfinished)}; run the whole job."
        )


def _tasks_behind(successes: Iterable[Success], now: dict[str, int]) -> list[str]:
    """The tasks whose last success read other versions of tables than those of now, or left others of its own.

    Others of its own are what a later try, broken off, has written. That rows were added to the tables that keep all
    trainings says nothing: refused ones add to them, and evaluations.
    """
    return sorted(success.task for success in successes if not _saw_and_left(success).items() <= now.items())


def _of_no_success(successes: Iterable[Success], now: dict[str, int]) -> list[str]:
    """The tables that a first try has written which was broken off; those of bronze are whole with every commit."""
    left = {name for success in successes for name in success.tables_written}
    return sorted(name for name in now.keys() - left - {*APPENDED} if not name.startswith("bronze."))


def _saw_and_left(success: Success) -> dict[str, int]:
    """The versions that a success read, and of its own tables those that it left."""
    left = {name: version for name, version in success.tables_written.items() if name not in APPENDED}
    return success.tables_read | left


publish = Task("publish", run, reads=(), writes=(PUBLICATIONS,), always_runs=True)
