"""clean: bronze rows are typed, judged and keyed into silver; every row that is not good goes to quarantine."""

from collections.abc import Mapping
from typing import Final

from pyspark.sql import DataFrame

from movie_lakehouse.job.context import Context
from movie_lakehouse.job.task import Rows, Task
from movie_lakehouse.job.tasks.ingest import TABLES as BRONZE
from movie_lakehouse.lakehouse.materialise import Hold, holding
from movie_lakehouse.lakehouse.tables import silver, table_named
from movie_lakehouse.silver.change import Change
from movie_lakehouse.silver.incremental import Arrival, arrival, silver_changes
from movie_lakehouse.silver.whole import silver_tables

QUARANTINE = silver.QUARANTINE.name
TABLES = tuple(table.name for table in silver.TABLES)
LARGEST_SHARE: Final = 0.2
"""Of more new rows than this share of a bronze table all of bronze is judged."""
FEWEST_ROWS: Final = 5_000_000
"""Of fewer rows in bronze all are judged: to judge what is touched takes more questions, and to plan them more time."""


def run(context: Context) -> Rows:
    """Make silver hold what judging all of bronze gives, by judging no more than new rows touch where that will do."""
    with holding() as hold:
        found = arrivals(context, hold)
        return _judge_all(context, hold) if found is None else _judge_new(context, found, hold)


def arrivals(context: Context, hold: Hold) -> dict[str, Arrival] | None:
    """Bronze parted by what silver has not seen; None where silver is not of older bronze, or where it does not pay."""
    if context.built_from is None:
        return None
    n_rows = {_short(name): context.store.count(name) for name in BRONZE}
    if sum(n_rows.values()) < FEWEST_ROWS:
        return None
    bronze = _pinned(context, BRONZE)
    seen = context.built_from
    batches = {name: context.store.labels_since(name, seen[name]) if name in seen else None for name in BRONZE}
    known = {_short(name): labels for name, labels in batches.items() if labels is not None}
    if len(known) < len(BRONZE) or not any(known.values()):
        return None
    found = {source: arrival(bronze[source], labels, hold) for source, labels in known.items()}
    n_new = context.count({source: part.new for source, part in found.items() if part.new is not None})
    if any(n > LARGEST_SHARE * n_rows[source] for source, n in n_new.items()):
        return None
    told = ", ".join(f"{n:,} of {source}" for source, n in n_new.items())
    context.notice(f"new rows are judged, and what they touch: {told}")
    return found


def _judge_all(context: Context, hold: Hold) -> Rows:
    """Judge all of bronze, and write the rows of silver that differ."""
    bronze = {_short(name): context.store.read(name) for name in BRONZE}
    made = silver_tables(bronze, context.store.read_or_empty(QUARANTINE), context.now, hold)
    frames = {name: made[_short(name)] for name in TABLES}
    return context.audit_and_publish(frames, context.store.merge)


def _judge_new(context: Context, arrivals: Mapping[str, Arrival], hold: Hold) -> Rows:
    """Judge the rows that have arrived and what they touch, and write what changes."""
    now = _pinned(context, TABLES)
    made = silver_changes(arrivals, now, context.now, hold)
    changes = {name: made.get(_short(name), Change(None, now[_short(name)].limit(0))) for name in TABLES}
    added = {name: change.come for name, change in changes.items()}
    # Each reader of these reads the table anew: only what comes is held.
    frames = {name: changes[name].applied(now[_short(name)], table_named(name).identity) for name in TABLES}
    rows = context.audit(frames, added)
    context.publish(added, lambda name, come: context.store.change(name, changes[name].gone, come))
    return rows


def _pinned(context: Context, names: tuple[str, ...]) -> dict[str, DataFrame]:
    """The tables by their short names, as they are now even when others have been written: one follows from another."""
    versions = context.store.newest_versions(names)
    return {_short(name): context.store.read(name, version) for name, version in versions.items()}


def _short(name: str) -> str:
    """A table's name without its layer."""
    return name.split(".")[1]


clean = Task("clean", run, reads=BRONZE, writes=TABLES)
