"""What must hold of the bundle's job. A check gives the problems it finds, a line each."""

from collections.abc import Iterator
from typing import Any
from zoneinfo import available_timezones

from quartz import quartz_problem

from movie_lakehouse.job.bundle import Bundle
from movie_lakehouse.job.settings import JobSettings

WHEEL = "../dist/*.whl"
BY_RUN = {"run_id": "{{job.run_id}}"}


def job_of(bundle: Bundle) -> dict[str, Any]:
    """What is written of the bundle's only job."""
    (job,) = bundle.tree["resources"]["jobs"].values()
    return dict(job)


def tasks_of(bundle: Bundle) -> Iterator[tuple[str, dict[str, Any]]]:
    """The job's tasks by key."""
    for task in job_of(bundle)["tasks"]:
        yield task["task_key"], task


def tasks_have_compute_that_there_is(bundle: Bundle) -> Iterator[str]:
    """One of an environment and a cluster, defined in the job, and each of those used."""
    job = job_of(bundle)
    used = set()
    for kind, defined in (("environment_key", "environments"), ("job_cluster_key", "job_clusters")):
        keys = {entry[kind] for entry in job.get(defined, [])}
        for key, task in tasks_of(bundle):
            if kind in task and task[kind] not in keys:
                yield f"{key}: no {kind} {task[kind]}"
            used.add(task.get(kind))
        for unused in keys - used:
            yield f"{defined}: {unused} is not used"
    for key, task in tasks_of(bundle):
        if ("environment_key" in task) == ("job_cluster_key" in task):
            yield f"{key}: needs one of environment_key and job_cluster_key"


def tasks_have_the_wheel(bundle: Bundle) -> Iterator[str]:
    """A cluster's task brings it as a library, an environment has it among its dependencies."""
    for environment in job_of(bundle).get("environments", []):
        if WHEEL not in environment["spec"].get("dependencies", []):
            yield f"environments: {environment['environment_key']} lacks {WHEEL}"
    for key, task in tasks_of(bundle):
        if "job_cluster_key" in task and {"whl": WHEEL} not in task.get("libraries", []):
            yield f"{key}: lacks the library {WHEEL}"


def entry_points_exist(bundle: Bundle, entry_points: set[str]) -> Iterator[str]:
    """Each task calls an entry point of the wheel by its own name, and none is left out."""
    for key, task in tasks_of(bundle):
        wheel = task["python_wheel_task"]
        if wheel["package_name"] != "movie_lakehouse":
            yield f"{key}: the wheel is not of a package {wheel['package_name']}"
        if wheel["entry_point"] not in entry_points:
            yield f"{key}: the wheel has no entry point {wheel['entry_point']}"
        if wheel["entry_point"] != key:
            yield f"{key}: calls {wheel['entry_point']}, which is not its name"
    for name in entry_points - {key for key, _ in tasks_of(bundle)}:
        yield f"no task calls the entry point {name}"


def parameters_are_the_settings(bundle: Bundle) -> Iterator[str]:
    """Each setting is a parameter of the job; a default that no variable gives is the setting's own."""
    parameters = {parameter["name"]: parameter["default"] for parameter in job_of(bundle)["parameters"]}
    for name in parameters.keys() - JobSettings.model_fields.keys():
        yield f"parameters: no task accepts {name}"
    for name in JobSettings.model_fields.keys() - parameters.keys() - BY_RUN.keys():
        yield f"parameters: {name} cannot be set"
    for name, default in parameters.items():
        if name in JobSettings.model_fields and "${" not in default:
            own = JobSettings.model_fields[name].default
            if JobSettings.model_validate({name: default}) != JobSettings.model_validate({name: own}):
                yield f"parameters: {name} is {default} but {own} in JobSettings"


def tasks_get_the_parameters(bundle: Bundle) -> Iterator[str]:
    """Every task gets each parameter of the job, and the run, under the name that it accepts."""
    names = [parameter["name"] for parameter in job_of(bundle)["parameters"]]
    expected = {name: f"{{{{job.parameters.{name}}}}}" for name in names} | BY_RUN
    for key, task in tasks_of(bundle):
        given = task["python_wheel_task"].get("named_parameters", {})
        for name in sorted(expected.keys() | given.keys()):
            if given.get(name) != expected.get(name):
                yield f"{key}: {name} is {given.get(name)}, not {expected.get(name)}"


def limits_are_set(bundle: Bundle) -> Iterator[str]:
    """One run at a time, others queued, everything timed, slow runs told of, and no retry but those asked for."""
    job = job_of(bundle)
    metrics = {rule["metric"] for rule in job.get("health", {}).get("rules", [])}
    holds = {
        "max_concurrent_runs": job.get("max_concurrent_runs") == 1,
        "queue": job.get("queue", {}).get("enabled") is True,
        "health": "RUN_DURATION_SECONDS" in metrics,
        "email_notifications.on_failure": bool(job.get("email_notifications", {}).get("on_failure")),
        "tags": bool(job.get("tags")),
    }
    yield from (f"{name}: not as it must be" for name, is_set in holds.items() if not is_set)
    for key, task in tasks_of(bundle):
        if not 0 < task.get("timeout_seconds", 0) <= job.get("timeout_seconds", 0):
            yield f"{key}: needs a timeout_seconds within the job's"
        if "max_retries" not in task:
            yield f"{key}: needs max_retries"
        if "environment_key" in task and not task.get("disable_auto_optimization"):
            yield f"{key}: serverless compute retries by itself unless disable_auto_optimization"


def schedule_is_readable(bundle: Bundle) -> Iterator[str]:
    """The cron expression is Quartz's, the time zone is one, and the pause is the target's affair."""
    schedule = job_of(bundle)["schedule"]
    if problem := quartz_problem(schedule["quartz_cron_expression"]):
        yield f"schedule.quartz_cron_expression: {problem}"
    if schedule["timezone_id"] not in available_timezones():
        yield f"schedule.timezone_id: no time zone {schedule['timezone_id']}"
    if schedule.get("pause_status") != "${var.schedule}":
        yield "schedule.pause_status: not ${var.schedule}"


CHECKS = (
    tasks_have_compute_that_there_is,
    tasks_have_the_wheel,
    parameters_are_the_settings,
    tasks_get_the_parameters,
    limits_are_set,
    schedule_is_readable,
)
