"""What must hold of the bundle's targets and files. A check gives the problems it finds, a line each."""

import re
from collections.abc import Iterator
from typing import Any

from movie_lakehouse.job.bundle import Bundle

TOP_LEVEL = {"bundle", "include", "artifacts", "sync", "experimental", "variables", "targets", "resources"}
OF_A_TARGET = {"mode", "default", "workspace", "run_as", "permissions", "variables"}

PRIVATE = {
    "a host": re.compile(r"https?://|^\s*host:", re.MULTILINE),
    "a token": re.compile(r"\bdapi[0-9a-f]{8,}|\b(token|password|client_secret)\s*:", re.IGNORECASE),
    "an address": re.compile(r"[\w.+-]+@[\w-]+\.\w+"),
    "a person": re.compile(r"^\s*(- )?user_name:|/Users/(?!\$\{)", re.MULTILINE),
}


def only_known_keys(bundle: Bundle) -> Iterator[str]:
    """A misspelt key is ignored by the deployment, and a target has no resources of its own."""
    for key in bundle.tree.keys() - TOP_LEVEL:
        yield f"{key}: unknown"
    for name, target in bundle.tree["targets"].items():
        for key in target.keys() - OF_A_TARGET:
            yield f"targets.{name}.{key}: a target sets no {key}"


def no_list_is_overridden(bundle: Bundle) -> Iterator[str]:
    """A list that stands in a target beside one outside is merged or replaced, by rules that few people know."""
    outside = {key: value for key, value in bundle.tree.items() if key != "targets"}
    for name, target in bundle.tree["targets"].items():
        for key in _lists(target, ""):
            if key in _lists(outside, ""):
                yield f"targets.{name}{key}: there is such a list outside"


def dev_is_for_development(bundle: Bundle) -> Iterator[str]:
    """The target that one gets without asking is a copy of one's own."""
    dev = bundle.tree["targets"]["dev"]
    if dev.get("mode") != "development" or not dev.get("default"):
        yield "targets.dev: not the default in development mode"
    if "${workspace.current_user.short_name}" not in dev["variables"].get("schema_prefix", ""):
        yield "targets.dev.variables.schema_prefix: not the user's own"


def production_is_nobodys_own(bundle: Bundle) -> Iterator[str]:
    """Staging and prod run as a service principal from a place of their own, which groups may manage and see."""
    for name in ("staging", "prod"):
        target = bundle.tree["targets"][name]
        if target.get("mode") != "production":
            yield f"targets.{name}.mode: not production"
        if not target.get("workspace", {}).get("root_path"):
            yield f"targets.{name}.workspace.root_path: not set"
        if target.get("run_as") != {"service_principal_name": "${var.service_principal}"}:
            yield f"targets.{name}.run_as: not the service principal"
        levels = {entry.get("group_name"): entry["level"] for entry in target.get("permissions", [])}
        if levels.get("${var.operators_group}") != "CAN_MANAGE" or levels.get("${var.readers_group}") != "CAN_VIEW":
            yield f"targets.{name}.permissions: not for both groups"


def the_schedule_runs_in_prod_only(bundle: Bundle) -> Iterator[str]:
    """It is paused unless a target says otherwise, and only prod does."""
    default = bundle.tree["variables"]["schedule"].get("default")
    for name, target in bundle.tree["targets"].items():
        wanted = "UNPAUSED" if name == "prod" else "PAUSED"
        if target.get("variables", {}).get("schedule", default) != wanted:
            yield f"targets.{name}: the schedule is not {wanted}"


def the_wheel_is_never_stale(bundle: Bundle) -> Iterator[str]:
    """It is built from nothing, and its version changes with every deployment."""
    for name, artifact in bundle.tree["artifacts"].items():
        if artifact.get("dynamic_version") is not True:
            yield f"artifacts.{name}: no dynamic_version"
        if not artifact.get("build", "").startswith("rm -rf build dist"):
            yield f"artifacts.{name}: builds upon what an earlier build has left"


def nothing_private_is_written(bundle: Bundle) -> Iterator[str]:
    """No host, secret or person's name is in the files."""
    for path in (bundle.file, *sorted((bundle.root / "resources").iterdir())):
        text = path.read_text(encoding="utf-8")
        for what, pattern in PRIVATE.items():
            if found := pattern.search(text):
                yield f"{path.name}: {what}: {found[0].strip()}"


def _lists(tree: Any, key: str) -> set[str]:
    """The dotted keys of the lists in a tree."""
    if isinstance(tree, list):
        return {key}
    if isinstance(tree, dict):
        return {found for name, value in tree.items() for found in _lists(value, f"{key}.{name}")}
    return set()


CHECKS = (
    only_known_keys,
    no_list_is_overridden,
    dev_is_for_development,
    production_is_nobodys_own,
    the_schedule_runs_in_prod_only,
    the_wheel_is_never_stale,
    nothing_private_is_written,
)
