"""The command that tells what a run did, in one file to mail."""

import re
from pathlib import Path
from typing import Annotated

import typer

from movie_lakehouse.cli.options import DEFAULT_ROOT, Root, Suites, suites_folder
from movie_lakehouse.cli.output import say
from movie_lakehouse.errors import SettingError

REPORTS = "_reports"
"""The folder under the lakehouse's that reports go to; no schema can have its name."""


def report(
    run: Annotated[
        str | None, typer.Option("--run", metavar="RUN_ID", help="The run to tell of, if not the newest.")
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FILE", help="Where to write, if not ROOT/_reports/RUN_ID.html.")
    ] = None,
    expectations: Suites = None,
    root: Root = DEFAULT_ROOT,
) -> None:
    """Write one HTML file that tells what a run of the job did; print its path. It needs no network and no script."""
    from movie_lakehouse.report.facts import facts_of
    from movie_lakehouse.report.render import as_html
    from movie_lakehouse.report.words import descriptions_in

    facts = facts_of(root, run)
    name = re.sub(r"[^\w.-]", "_", facts.run.run_id)
    file = to or root / REPORTS / f"{name}.html"
    say(f"Writing what the run {facts.run.run_id} did to {file}")
    page = as_html(facts, descriptions_in(_suites(expectations)))
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(page, encoding="utf-8")
    except OSError as error:
        raise SettingError(f"The report cannot be written to {file} ({error.strerror}): --to names a file.") from error
    print(file)


def _suites(given: Path | None) -> Path:
    """The folder of suites: as given, else beside the bundle; one that is not there has no words to give."""
    try:
        return suites_folder(given)
    except SettingError:
        return Path("expectations")
