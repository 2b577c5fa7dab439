"""The command that opens the explorer in a browser."""

from typing import Annotated

import typer

from movie_lakehouse.cli.options import DEFAULT_ROOT, Root
from movie_lakehouse.cli.output import say

LOOPBACK = "127.0.0.1"


def explore(
    root: Root = DEFAULT_ROOT,
    host: Annotated[
        str, typer.Option("--host", help="The address to listen on; others than this machine see it.")
    ] = LOOPBACK,
    port: Annotated[
        int, typer.Option("--port", min=1, max=65535, envvar="DATABRICKS_APP_PORT", help="The port to listen on.")
    ] = 8501,
    catalog: Annotated[
        str | None,
        typer.Option("--catalog", help="Read this catalog through the SQL warehouse that the environment names."),
    ] = None,
    schema_prefix: Annotated[
        str, typer.Option("--schema-prefix", help="What goes before the names of the catalog's schemas.")
    ] = "",
) -> None:
    """Explore movies, users and the model in a browser, on this machine alone unless --host says otherwise."""
    from movie_lakehouse.app.server import is_loopback, serve
    from movie_lakehouse.app.source import Place

    place = Place(root, catalog, schema_prefix)
    if not is_loopback(host):
        say(f"Whoever reaches this machine can read the lakehouse: the explorer listens on {host}, without a password.")
    say(f"The explorer of {place} is at http://{f'[{host}]' if ':' in host else host}:{port}; Ctrl-C ends it.")
    serve(place, host, port)
