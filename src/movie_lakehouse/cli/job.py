"""The commands that run the bundle's jobs."""

import signal
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from movie_lakehouse.cli.options import DEFAULT_ROOT, Form, Root, existing
from movie_lakehouse.cli.output import OutputFormat, say, write_rows
from movie_lakehouse.errors import SettingError

if TYPE_CHECKING:
    from rich.console import Console

    from movie_lakehouse.job.report import JobOutcome

TERMINATED = 143
"""The exit status after SIGTERM, as shells have it."""

Bundle = Annotated[
    Path | None, typer.Option("--bundle", help="The bundle's databricks.yml or its folder, if it is not here or above.")
]


def run(
    *,
    source: Annotated[
        str | None,
        typer.Option("--source", help="sample, movielens-small, movielens-25m, movielens-32m, or a folder of CSVs."),
    ] = None,
    root: Root = DEFAULT_ROOT,
    target: Annotated[str, typer.Option("--target", help="The bundle's target whose variables are used.")] = "local",
    only: Annotated[list[str] | None, typer.Option("--only", help="Run just this task; may be repeated.")] = None,
    from_task: Annotated[str | None, typer.Option("--from", help="Run this task and all that depend on it.")] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="KEY=VALUE",
            help="A parameter, as grid=classic; may be repeated. --dry-run lists all.",
        ),
    ] = None,
    bundle: Bundle = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print tasks and parameters, do nothing.")] = False,
    timings: Annotated[bool, typer.Option("--timings", help="Write what each task and stage took as data.")] = False,
    form: Form = OutputFormat.TABLE,
) -> None:
    """Run the job: raw CSVs to bronze, silver and gold tables. What has not changed is not done again."""
    from movie_lakehouse.lakehouse.folder_place import FolderPlace
    from movie_lakehouse.lakehouse.place import place_of
    from movie_lakehouse.query.published import unpublished

    if dry_run and timings:
        raise SettingError("A dry run does nothing that takes time: leave out --timings, or --dry-run.")
    overrides = parsed_settings(settings or ()) | ({} if source is None else {"source": source})
    outcome = carried_out(root, bundle, overrides, target=target, only=only or (), from_task=from_task, dry_run=dry_run)
    if dry_run:
        print(outcome.plan)
    if timings:
        write_rows(*_timings(outcome), form)
    if outcome.error:
        raise outcome.error
    if (only or from_task) and not dry_run:
        place = place_of(outcome.plan.parameters["lakehouse"])
        waiting = unpublished(place.root) if isinstance(place, FolderPlace) else []
        if waiting:
            say(f"People still query older versions of {', '.join(waiting)} until `lakehouse run` has published these.")


def rollback(
    to: Annotated[str, typer.Option("--to", metavar="RUN_ID", help="The run whose tables are brought back.")],
    root: Root = DEFAULT_ROOT,
    bundle: Bundle = None,
) -> None:
    """Bring the tables and the model of an earlier run back; all that was made since stays in the tables' history."""
    from movie_lakehouse.job.publications import never_published
    from movie_lakehouse.query.reader import LakehouseReader
    from movie_lakehouse.query.runs import published_runs

    published = published_runs(LakehouseReader(root))
    if to not in published:  # the task asks again, but it takes a Spark for that
        raise never_published(to, published)
    outcome = carried_out(root, bundle, {"to_run": to}, job="rollback")
    if outcome.error:
        raise outcome.error


def maintain(root: Root = DEFAULT_ROOT, bundle: Bundle = None) -> None:
    """Make many small files few, and delete those that no version of the last 30 days needs."""
    outcome = carried_out(existing(root), bundle, {}, job="maintenance")
    if outcome.error:
        raise outcome.error


def carried_out(root: Path, bundle: Path | None, overrides: Mapping[str, str], **choices: Any) -> "JobOutcome":
    """Run a job of the bundle on a lakehouse, showing how it goes; a signal that ends programs stops it cleanly."""
    from rich.console import Console

    from movie_lakehouse.job.bundle import find_bundle
    from movie_lakehouse.job.observer import LineObserver
    from movie_lakehouse.job.runner import run_job

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    console = Console(stderr=True)
    with _shown(console):
        return run_job(
            find_bundle(bundle),
            overrides={"lakehouse": str(root.absolute())} | dict(overrides),
            observer=LineObserver(console),
            **choices,
        )


def _timings(outcome: "JobOutcome") -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """The names of columns, and a row a task, a stage and for the time since this process began."""
    from movie_lakehouse.job.report import Timing
    from movie_lakehouse.job.stages import process_start

    rows = outcome.timings(process_start(), time.monotonic())
    return Timing._fields, [
        row._replace(seconds=round(row.seconds, 3), share=round(row.share, 4), rows=row.rows and dict(row.rows))
        for row in rows
    ]


def parsed_settings(texts: Sequence[str]) -> dict[str, str]:
    """The names and values of ``--set key=value``.

    Raises:
        SettingError: one is not of that form.

    >>> parsed_settings(["grid=classic", "folds=5"])
    {'grid': 'classic', 'folds': '5'}
    """
    for text in texts:
        if not text.partition("=")[0] or "=" not in text:
            raise SettingError(f"--set {text} is not of the form key=value, such as --set grid=classic.")
    return {key: value for key, _, value in (text.partition("=") for text in texts)}


def _shown(console: "Console") -> AbstractContextManager[object]:
    """Show the steps of tasks as bars on a terminal; elsewhere tasks print plain lines by themselves."""
    if not console.is_terminal:
        return nullcontext()
    from movie_lakehouse.cli.progress import TerminalProgress
    from movie_lakehouse.job.progress import set_listener

    progress = TerminalProgress(console)
    set_listener(progress)
    return progress
