"""Options that several commands take."""

from pathlib import Path
from typing import Annotated

import typer

from movie_lakehouse.cli.output import OutputFormat
from movie_lakehouse.errors import SettingError

DEFAULT_ROOT = Path("lakehouse")

Root = Annotated[Path, typer.Option("--root", help="The lakehouse's folder.", show_default="./lakehouse")]
Form = Annotated[OutputFormat, typer.Option("--format", help="For people (table) or for programs (csv, json).")]
Suites = Annotated[
    Path | None,
    typer.Option("--expectations", help="The folder of suites, if not the one beside the bundle here or above."),
]
MOST_SHOWN = 2**31 - 1
Limit = Annotated[int, typer.Option("--limit", "-n", min=1, max=MOST_SHOWN, help="How many at most.")]


def suites_folder(given: Path | None) -> Path:
    """The folder of suites: as given, else beside the bundle.

    Raises:
        SettingError: what is given is no folder, or none is given and there is no bundle here or above.
    """
    from movie_lakehouse.job.bundle import find_bundle

    if given and not given.is_dir():
        raise SettingError(f"There is no folder of suites at {given}; --expectations names one.")
    return given or find_bundle(option="--expectations").parent / "expectations"


def existing(root: Path) -> Path:
    """The folder, for what makes no lakehouse.

    Raises:
        TableError: no lakehouse is there.
    """
    from movie_lakehouse.query.reader import LakehouseReader

    LakehouseReader(root).tables()
    return root
