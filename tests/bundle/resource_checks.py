"""What must hold of a bundle's resources, variables and references. A check gives its problems, a line each."""

from collections.abc import Callable, Iterator
from typing import Any

from databricks.bundles.apps import App
from databricks.bundles.dashboards import Dashboard
from databricks.bundles.experiments import MlflowExperiment
from databricks.bundles.jobs import Job
from databricks.bundles.registered_models import RegisteredModel
from databricks.bundles.schemas import Schema
from databricks.bundles.volumes import Volume

from movie_lakehouse.errors import SettingError
from movie_lakehouse.job.bundle import Bundle
from movie_lakehouse.job.definition import make_plan
from movie_lakehouse.job.references import references_in
from movie_lakehouse.lakehouse.tables import ALL_TABLES

CLASSES: dict[str, Callable[[Any], object]] = {
    "jobs": Job.from_dict,
    "schemas": Schema.from_dict,
    "volumes": Volume.from_dict,
    "experiments": MlflowExperiment.from_dict,
    "registered_models": RegisteredModel.from_dict,
    "dashboards": Dashboard.from_dict,
    "apps": App.from_dict,
}


def resources_of(bundle: Bundle) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every resource: its kind, its key and what is written of it."""
    for kind, resources in bundle.tree["resources"].items():
        for key, resource in resources.items():
            yield kind, key, resource


def resources_are_what_databricks_takes(bundle: Bundle) -> Iterator[str]:
    """Unknown and missing fields, wrong types and wrong enums, as Databricks' own classes see them."""
    for kind, key, resource in resources_of(bundle):
        if kind not in CLASSES:
            yield f"resources.{kind}: unknown kind"
            continue
        try:
            CLASSES[kind](resource)
        except (ValueError, TypeError, KeyError) as error:
            yield f"resources.{kind}.{key}: {error}"


def keys_are_unique(bundle: Bundle) -> Iterator[str]:
    """The command line takes a resource by its key alone, whatever its kind."""
    seen: dict[str, str] = {}
    for kind, key, _ in resources_of(bundle):
        if key in seen:
            yield f"resources.{kind}.{key}: {seen[key]} has that key too"
        seen[key] = kind


def every_file_is_included(bundle: Bundle) -> Iterator[str]:
    """A resource file that no ``include`` names is silently not deployed."""
    included = {path for pattern in bundle.tree["include"] for path in bundle.root.glob(pattern)}
    for path in sorted((bundle.root / "resources").rglob("*.y*ml")):
        if path not in included:
            yield f"{path.relative_to(bundle.root)}: not included"


def the_job_can_be_planned(bundle: Bundle) -> Iterator[str]:
    """Dependencies, their circles, unknown variables and parameters, in every target."""
    for target in ("local", *bundle.tree["targets"]):
        try:
            make_plan(bundle.file, target=target)
        except SettingError as error:
            yield f"{target}: {error}"


def references_lead_somewhere(bundle: Bundle) -> Iterator[str]:
    """A variable must be declared, a resource must be in the bundle."""
    for reference, where in references_in(bundle.tree, ""):
        kind, *path = reference.split(".")
        if kind == "var" and path[0] not in bundle.tree["variables"]:
            yield f"{where}: no variable {path[0]}"
        if kind == "resources" and path[1] not in bundle.tree["resources"].get(path[0], {}):
            yield f"{where}: no resource {reference}"
        if kind not in ("var", "resources", "bundle", "workspace"):
            yield f"{where}: unknown reference {reference}"


def variables_are_described_and_used(bundle: Bundle) -> Iterator[str]:
    """A variable that nothing reads is a switch with no wire."""
    used = {reference.partition(".")[2] for reference, _ in references_in(bundle.tree, "")}
    for name, variable in bundle.tree["variables"].items():
        if name not in used:
            yield f"variables.{name}: not used"
        if not variable.get("description"):
            yield f"variables.{name}: not described"


def variables_have_values_in_dev(bundle: Bundle) -> Iterator[str]:
    """Somebody new deploys dev without naming anything."""
    ours = bundle.tree["targets"]["dev"]["variables"]
    for name, variable in bundle.tree["variables"].items():
        if name not in ours and not {"default", "lookup"} & variable.keys():
            yield f"variables.{name}: no value in dev"


def every_layer_has_its_schema(bundle: Bundle) -> Iterator[str]:
    """Schemas are named as the job is told to name them; the command line must not put a prefix of its own before."""
    if not bundle.tree.get("experimental", {}).get("skip_name_prefix_for_schema"):
        yield "experimental.skip_name_prefix_for_schema: not set, so dev's schemas are not those of its job"
    for layer in sorted({table.schema for table in ALL_TABLES.values()}):
        schema = bundle.tree["resources"].get("schemas", {}).get(layer, {})
        if schema.get("name") != f"${{var.schema_prefix}}{layer}":
            yield f"resources.schemas.{layer}: not named ${{var.schema_prefix}}{layer}"


CHECKS = (
    resources_are_what_databricks_takes,
    keys_are_unique,
    every_file_is_included,
    the_job_can_be_planned,
    references_lead_somewhere,
    variables_are_described_and_used,
    variables_have_values_in_dev,
    every_layer_has_its_schema,
)
