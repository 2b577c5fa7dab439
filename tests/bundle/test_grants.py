"""Who may do what with a deployment: all grants and permissions against one table, and nothing beside it."""

from collections.abc import Iterator

import pytest

from movie_lakehouse.job.bundle import Bundle

JOB, OPERATORS, READERS = "${var.service_principal}", "${var.operators_group}", "${var.readers_group}"
APP = "${resources.apps.explorer.service_principal_client_id}"
ME = "${workspace.current_user.userName}"

READ = {"USE_SCHEMA", "SELECT"}
WRITE = READ | {"MODIFY", "CREATE_TABLE"}
FILES = {"READ_VOLUME", "WRITE_VOLUME"}

MAY = {
    "schemas.bronze": {JOB: WRITE, OPERATORS: READ},
    "schemas.silver": {JOB: WRITE, OPERATORS: READ, APP: READ},
    "schemas.gold": {JOB: WRITE, READERS: READ, APP: READ},
    "schemas.ops": {JOB: WRITE, OPERATORS: READ, APP: READ},
    "volumes.landing": {JOB: FILES, OPERATORS: FILES},
    "registered_models.recommender": {JOB: {"EXECUTE", "APPLY_TAG", "MANAGE"}, READERS: {"EXECUTE"}},
}
"""What each role may do with each thing that has grants; whoever is not named may do nothing."""

MANAGE = {
    "dev": {},
    "staging": {JOB: "CAN_MANAGE", OPERATORS: "CAN_MANAGE", READERS: "CAN_VIEW"},
    "prod": {JOB: "CAN_MANAGE", OPERATORS: "CAN_MANAGE", READERS: "CAN_VIEW"},
}
"""What each role may do with the deployment's jobs, dashboard, app and experiment; dev's are whose who deploys it."""

RUNS_AS = {"dev": None, "staging": JOB, "prod": JOB}
NEVER = {"ALL_PRIVILEGES", "ALL PRIVILEGES", "MANAGE", "OWNER", "CREATE_SCHEMA", "CREATE_CATALOG", "CREATE_FUNCTION"}
EVERYBODY = {"users", "account users", "admins"}
TARGETS = tuple(MANAGE)


def grants_of(bundle: Bundle) -> Iterator[tuple[str, str, list[str]]]:
    """Each grant: on what, to whom, which privileges."""
    for kind, resources in bundle.tree["resources"].items():
        for key, resource in resources.items():
            for grant in resource.get("grants", []):
                yield f"{kind}.{key}", grant["principal"], grant["privileges"]


def in_target(bundle: Bundle, target: str, principal: str) -> str:
    """Whom a principal is in a target: what the target's variables, or their defaults, make of it."""
    name = principal.removeprefix("${var.").removesuffix("}")
    set_there = bundle.tree["targets"][target].get("variables", {})
    return str(set_there.get(name, bundle.tree["variables"].get(name, {}).get("default", principal)))


def test_everybody_may_do_what_the_table_says_and_no_more(bundle: Bundle) -> None:
    granted: dict[str, dict[str, set[str]]] = {}
    for what, whom, privileges in grants_of(bundle):
        assert whom not in granted.get(what, {}), f"{what} is granted to {whom} twice"
        granted.setdefault(what, {})[whom] = set(privileges)
    assert granted == MAY


def test_what_is_stored_is_in_the_table(bundle: Bundle) -> None:
    kinds = ("schemas", "volumes", "registered_models")
    assert {f"{kind}.{key}" for kind in kinds for key in bundle.tree["resources"][kind]} == set(MAY)


def test_nobody_owns_more_than_the_model_whose_alias_the_job_moves(bundle: Bundle) -> None:
    strong = {(what, whom) for what, whom, privileges in grants_of(bundle) if NEVER & set(privileges)}
    assert strong == {("registered_models.recommender", JOB)}


def test_who_only_reads_cannot_write(bundle: Bundle) -> None:
    held = {whom: {one for _, to, given in grants_of(bundle) if to == whom for one in given} for whom in (READERS, APP)}
    assert held == {READERS: READ | {"EXECUTE"}, APP: READ}


@pytest.mark.parametrize("target", TARGETS)
def test_a_target_is_managed_and_seen_by_whom_the_table_names(bundle: Bundle, target: str) -> None:
    permissions = bundle.tree["targets"][target].get("permissions", [])
    levels = {next(value for key, value in one.items() if key != "level"): one["level"] for one in permissions}
    assert levels == MANAGE[target]
    assert (bundle.tree["targets"][target].get("run_as") or {}).get("service_principal_name") == RUNS_AS[target]


@pytest.mark.parametrize("target", TARGETS)
def test_roles_are_roles_of_their_own_but_in_dev(bundle: Bundle, target: str) -> None:
    roles = [in_target(bundle, target, role) for role in (JOB, OPERATORS, READERS)]
    if target == "dev":
        assert roles == [ME] * 3
    else:
        assert len(set(roles)) == 3
        assert not EVERYBODY & set(roles)


@pytest.mark.parametrize("target", TARGETS)
def test_no_target_grants_anything_of_its_own(bundle: Bundle, target: str) -> None:
    assert "resources" not in bundle.tree["targets"][target]


def test_nothing_but_the_deployment_says_who_manages_it(bundle: Bundle) -> None:
    own = [
        f"{kind}.{key}"
        for kind, resources in bundle.tree["resources"].items()
        for key, resource in resources.items()
        if "permissions" in resource
    ]
    assert own == []


def test_the_app_may_use_its_warehouse_and_nothing_else(bundle: Bundle) -> None:
    (app,) = bundle.tree["resources"]["apps"].values()
    assert [(one["name"], one["sql_warehouse"]["permission"]) for one in app["resources"]] == [("warehouse", "CAN_USE")]


def test_readers_of_the_dashboard_query_with_their_own_rights(bundle: Bundle) -> None:
    assert [one["embed_credentials"] for one in bundle.tree["resources"]["dashboards"].values()] == [False]
