"""What must hold of the bundle's apps. A check gives the problems it finds, a line each."""

from collections.abc import Iterator
from typing import Any

import typer

from movie_lakehouse.cli.app import app as program
from movie_lakehouse.job.bundle import Bundle

READ_BY_PAGES = {"silver", "gold", "ops"}
READING = {"USE_SCHEMA", "SELECT"}
OF_AN_APP = {"CAN_USE", "CAN_QUERY", "CAN_VIEW", "READ", "SELECT"}


def apps_of(bundle: Bundle) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each app by key."""
    yield from bundle.tree["resources"]["apps"].items()


def apps_start_by_a_command_of_the_wheel(bundle: Bundle) -> Iterator[str]:
    """It is ``lakehouse app`` with options that it takes, reading the deployment's own catalog."""
    for key, app in apps_of(bundle):
        program_name, name, *options = app["config"]["command"]
        if (program_name, name) != ("lakehouse", "app"):
            yield f"resources.apps.{key}.config.command: not lakehouse app"
            continue
        try:
            command = typer.main.get_command(program).get_command(None, name)
            given = command.make_context(name, list(options)).params
        except typer.TyperException as error:
            yield f"resources.apps.{key}.config.command: {error.format_message()}"
            continue
        wanted = {"catalog": "${var.catalog}", "schema_prefix": "${var.schema_prefix}", "host": "0.0.0.0"}
        for option, value in wanted.items():
            if given[option] != value:
                yield f"resources.apps.{key}.config.command: {option} is {given[option]}, not {value}"


def apps_get_no_more_than_they_need(bundle: Bundle) -> Iterator[str]:
    """An environment variable that comes from a resource names one of the app's, and no resource is more than used."""
    for key, app in apps_of(bundle):
        names = {resource["name"] for resource in app["resources"]}
        for variable in app["config"]["env"]:
            if variable.get("value_from") not in names:
                yield f"resources.apps.{key}.config.env.{variable['name']}: no resource {variable.get('value_from')}"
        for resource in app["resources"]:
            (granted,) = [value["permission"] for value in resource.values() if isinstance(value, dict)]
            if granted not in OF_AN_APP:
                yield f"resources.apps.{key}.resources.{resource['name']}: {granted} is more than reading"


def apps_may_read_what_their_pages_show(bundle: Bundle) -> Iterator[str]:
    """The app's principal reads these schemas and has no other privilege on any."""
    for key, _ in apps_of(bundle):
        principal = f"${{resources.apps.{key}.service_principal_client_id}}"
        for layer, schema in bundle.tree["resources"]["schemas"].items():
            privileges = [grant["privileges"] for grant in schema["grants"] if grant["principal"] == principal]
            wanted = [READING] if layer in READ_BY_PAGES else []
            if list(map(set, privileges)) != wanted:
                yield f"resources.schemas.{layer}.grants: the app {key} has {privileges}, not {wanted}"


CHECKS = (
    apps_start_by_a_command_of_the_wheel,
    apps_get_no_more_than_they_need,
    apps_may_read_what_their_pages_show,
)
