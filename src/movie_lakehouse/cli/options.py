"""Options that several commands take."""

from pathlib import Path
from typing import Annotated

import typer

from movie_lakehouse.cli.output import OutputFormat

DEFAULT_ROOT = Path("lakehouse")

Root = Annotated[Path, typer.Option("--root", help="The lakehouse's folder.", show_default="./lakehouse")]
Form = Annotated[OutputFormat, typer.Option("--format", help="For people (table) or for programs (csv, json).")]
Limit = Annotated[int, typer.Option("--limit", "-n", min=1, help="How many at most.")]
