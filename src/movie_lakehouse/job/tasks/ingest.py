"""ingest: new files of the source are appended to bronze, each file once."""

from functools import partial

from pyspark.sql import DataFrame

from movie_lakehouse.bronze.files import TAKEN_FILES, describe_extras, new_files, refuse_changed, taken_files
from movie_lakehouse.bronze.read import read_batch
from movie_lakehouse.job.context import Context
from movie_lakehouse.job.task import Rows, Task
from movie_lakehouse.lakehouse.materialise import holding
from movie_lakehouse.lakehouse.side_by_side import side_by_side
from movie_lakehouse.lakehouse.tables import table_named
from movie_lakehouse.quality.gate import prepare_gate
from movie_lakehouse.sources import SampleSpec, SourceFile, find_source_files, passed_over, resolve_source

NAMED = 5
"""Files that a notice names."""
TABLES = ("bronze.movies", "bronze.ratings", "bronze.links", "bronze.tags")


def run(context: Context) -> Rows:
    """Append what is new; all new files are checked and judged before anything is written."""
    new = _new_files(context)
    for files in new.values():
        for line in describe_extras(files):
            context.notice(line)
    if not any(new.values()):
        context.notice("no new file")
        return {}
    prepare_gate()
    with holding() as hold:
        batches = {name: hold(_batch(context, files)) for name, files in new.items() if files}
        rows = context.count(batches)
        refuse_changed(file for files in new.values() for file in files)
        filled = {name: batch for name, batch in batches.items() if rows[name]}
        context.judge(filled, rows)
        context.publish(filled, partial(context.store.append, label=_batch_id(context)))
        return rows


def _new_files(context: Context) -> dict[str, dict[SourceFile, list[str]]]:
    """The source's files that bronze does not hold, by table, with their columns; the tables are made if need be."""
    settings = context.settings
    folder = resolve_source(
        settings.source,
        work_folder=context.landing,
        unpack_below=context.landing if settings.landing else None,
        sample_spec=SampleSpec.of_size(settings.sample_ratings, settings.seed),
    )
    found, store = find_source_files(folder), context.store
    if others := passed_over(folder):
        more = f" and {len(others) - NAMED} more" if len(others) > NAMED else ""
        context.notice(f"not of any table, not taken: {', '.join(others[:NAMED])}{more}")
    taken = {name: taken_files(store.rows(name, TAKEN_FILES)) for name in TABLES}
    new = {name: new_files(found[name.split(".")[1]], taken[name]) for name in TABLES}
    if missing := set(TABLES) - set(store.versions(TABLES)):
        side_by_side(store.spark, [partial(store.create, table_named(name)) for name in missing])
    return new


def _batch(context: Context, files: dict[SourceFile, list[str]]) -> DataFrame:
    """The files as one batch of this run."""
    return read_batch(context.store.spark, files, _batch_id(context), context.now)


def _batch_id(context: Context) -> str:
    """The batch's name, which the commits that add it have for a label: `clean` knows by it what it has not seen."""
    return context.now.strftime("%Y%m%dT%H%M%S.%fZ")


ingest = Task("ingest", run, reads=(), writes=TABLES, settings=("source", "sample_ratings", "seed"), always_runs=True)
