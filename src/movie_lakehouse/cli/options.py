"""Options that several commands take."""

from pathlib import Path
from typing import Annotated

import typer

from movie_lakehouse.cli.output import OutputFormat

DEFAULT_ROOT = Path("lakehouse")

Root = Annotated[Path, typer.Option("--root", help="The lakehouse's folder.", show_default="./lakehouse")]
Form = Annotated[OutputFormat, typer.Option("--format", help="For people (table) or for programs (csv, json).")]
Suites = Annotated[
    Path | None,
    typer.Option("--expectations", help="The folder of suites, if not the one beside the bundle here or above."),
]
Limit = Annotated[int, typer.Option("--limit", "-n", min=1, help="How many at most.")]


def suites_folder(given: Path | None) -> Path:
    """The folder of suites: as given, else beside the bundle.

    Raises:
        SettingError: none is given, and there is no bundle here or above.
    """
    from movie_lakehouse.job.bundle import find_bundle

    return given or find_bundle().parent / "expectations"
