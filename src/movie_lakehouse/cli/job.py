"""The command that runs the job."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from movie_lakehouse.cli.options import DEFAULT_ROOT, Form, Root
from movie_lakehouse.cli.output import OutputFormat, write_rows
from movie_lakehouse.errors import SettingError

if TYPE_CHECKING:
    from rich.console import Console

    from movie_lakehouse.job.report import JobOutcome


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
        typer.Option("--set", metavar="KEY=VALUE", help="A parameter of the job, as grid=classic; may be repeated."),
    ] = None,
    bundle: Annotated[
        Path | None,
        typer.Option("--bundle", help="The bundle's databricks.yml or its folder, if it is not here or above."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the plan and do nothing.")] = False,
    timings: Annotated[bool, typer.Option("--timings", help="Write each task's status and seconds as data.")] = False,
    form: Form = OutputFormat.TABLE,
) -> None:
    """Run the job: raw CSVs to bronze, silver and gold tables. What has not changed is not done again."""
    from rich.console import Console

    from movie_lakehouse.job.bundle import find_bundle
    from movie_lakehouse.job.observer import LineObserver
    from movie_lakehouse.job.runner import run_job

    overrides = {"lakehouse": str(root.absolute())} | parsed_settings(settings or ())
    if source is not None:
        overrides["source"] = source
    console = Console(stderr=True)
    with _shown(console):
        outcome = run_job(
            find_bundle(bundle),
            target=target,
            overrides=overrides,
            only=only or (),
            from_task=from_task,
            dry_run=dry_run,
            observer=LineObserver(console),
        )
    _tell(outcome, dry_run, timings, form)


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


def _tell(outcome: "JobOutcome", dry_run: bool, timings: bool, form: OutputFormat) -> None:
    """Write what was asked for, then raise the job's error if it has one."""
    if dry_run:
        print(outcome.plan)
    if timings:
        rows = [(report.task, report.status, round(report.seconds, 3), dict(report.rows)) for report in outcome.reports]
        write_rows(("task", "status", "seconds", "rows"), rows, form)
    if outcome.error:
        raise outcome.error
