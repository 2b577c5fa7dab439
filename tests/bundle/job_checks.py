"""What must hold of the bundle's job. A check gives the problems it finds, a line each."""

from collections.abc import Callable, Iterator
from functools import wraps
from importlib import import_module
from typing import Any
from zoneinfo import available_timezones

from quartz import quartz_problem

from movie_lakehouse.job.bundle import Bundle
from movie_lakehouse.job.settings import JobSettings

WHEEL = "../dist/*.whl"
BY_RUN = {"run_id": "{{job.run_id}}"}


def jobs_of(bundle: Bundle) -> list[dict[str, Any]]:
    """What is written of the bundle's jobs."""
    return [dict(job) for job in bundle.tree["resources"]["jobs"].values()]


def tasks_of(job: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """A job's tasks by key."""
    for task in job["tasks"]:
        yield task["task_key"], task


def of_every_job(check: Callable[[dict[str, Any]], Iterator[str]]) -> Callable[[Bundle], Iterator[str]]:
    """The check of a job as one of all jobs of a bundle."""

    @wraps(check)
    def checked(bundle: Bundle) -> Iterator[str]:
        for job in jobs_of(bundle):
            yield from check(job)

    return checked


@of_every_job
def tasks_have_compute_that_there_is(job: dict[str, Any]) -> Iterator[str]:
    """One of an environment and a cluster, defined in the job, and each of those used."""
    used = set()
    for kind, defined in (("environment_key", "environments"), ("job_cluster_key", "job_clusters")):
        keys = {entry[kind] for entry in job.get(defined, [])}
        for key, task in tasks_of(job):
            if kind in task and task[kind] not in keys:
                yield f"{key}: no {kind} {task[kind]}"
            used.add(task.get(kind))
        for unused in keys - used:
            yield f"{defined}: {unused} is not used"
    for key, task in tasks_of(job):
        if ("environment_key" in task) == ("job_cluster_key" in task):
            yield f"{key}: needs one of environment_key and job_cluster_key"


@of_every_job
def tasks_have_the_wheel(job: dict[str, Any]) -> Iterator[str]:
    """A cluster's task brings it as a library, an environment has it among its dependencies."""
    for environment in job.get("environments", []):
        if WHEEL not in environment["spec"].get("dependencies", []):
            yield f"environments: {environment['environment_key']} lacks {WHEEL}"
    for key, task in tasks_of(job):
        if "job_cluster_key" in task and {"whl": WHEEL} not in task.get("libraries", []):
            yield f"{key}: lacks the library {WHEEL}"


def entry_points_exist(bundle: Bundle, entry_points: set[str]) -> Iterator[str]:
    """Each task calls an entry point of the wheel by its own name, and none is left out."""
    tasks = [found for job in jobs_of(bundle) for found in tasks_of(job)]
    for key, task in tasks:
        wheel = task["python_wheel_task"]
        if wheel["package_name"] != "movie_lakehouse":
            yield f"{key}: the wheel is not of a package {wheel['package_name']}"
        if wheel["entry_point"] not in entry_points:
            yield f"{key}: the wheel has no entry point {wheel['entry_point']}"
        if wheel["entry_point"] != key:
            yield f"{key}: calls {wheel['entry_point']}, which is not its name"
    for name in entry_points - {key for key, _ in tasks}:
        yield f"no task calls the entry point {name}"


def every_setting_can_be_set(bundle: Bundle) -> Iterator[str]:
    """Each setting is a parameter of the job that makes the tables."""
    job = bundle.tree["resources"]["jobs"]["movie_lakehouse"]
    parameters = {parameter["name"] for parameter in job["parameters"]}
    for name in JobSettings.model_fields.keys() - parameters - BY_RUN.keys():
        yield f"parameters: {name} cannot be set"


@of_every_job
def parameters_are_settings(job: dict[str, Any]) -> Iterator[str]:
    """Each parameter is a setting of the job's tasks; a default that no variable gives is the setting's own."""
    parameters = {parameter["name"]: parameter["default"] for parameter in job["parameters"]}
    for key, _ in tasks_of(job):
        for name in parameters.keys() - settings_of(key).model_fields.keys():
            yield f"parameters: {key} accepts no {name}"
    for name, default in parameters.items():
        if name in JobSettings.model_fields and "${" not in default:
            own = JobSettings.model_fields[name].default
            if JobSettings.model_validate({name: default}) != JobSettings.model_validate({name: own}):
                yield f"parameters: {name} is {default} but {own} in JobSettings"


def settings_of(task: str) -> type[JobSettings]:
    """The settings that a task takes."""
    settings: type[JobSettings] = import_module(f"movie_lakehouse.job.tasks.{task}").__dict__[task].parameters
    return settings


@of_every_job
def tasks_get_the_parameters(job: dict[str, Any]) -> Iterator[str]:
    """Every task gets each parameter of the job, and the run, under the name that it accepts."""
    names = [parameter["name"] for parameter in job["parameters"]]
    expected = {name: f"{{{{job.parameters.{name}}}}}" for name in names} | BY_RUN
    for key, task in tasks_of(job):
        given = task["python_wheel_task"].get("named_parameters", {})
        for name in sorted(expected.keys() | given.keys()):
            if given.get(name) != expected.get(name):
                yield f"{key}: {name} is {given.get(name)}, not {expected.get(name)}"


@of_every_job
def limits_are_set(job: dict[str, Any]) -> Iterator[str]:
    """One run at a time, others queued, everything timed, slow runs told of, and no retry but those asked for."""
    metrics = {rule["metric"] for rule in job.get("health", {}).get("rules", [])}
    holds = {
        "max_concurrent_runs": job.get("max_concurrent_runs") == 1,
        "queue": job.get("queue", {}).get("enabled") is True,
        "health": "RUN_DURATION_SECONDS" in metrics,
        "email_notifications.on_failure": bool(job.get("email_notifications", {}).get("on_failure")),
        "tags": bool(job.get("tags")),
    }
    yield from (f"{name}: not as it must be" for name, is_set in holds.items() if not is_set)
    for key, task in tasks_of(job):
        if not 0 < task.get("timeout_seconds", 0) <= job.get("timeout_seconds", 0):
            yield f"{key}: needs a timeout_seconds within the job's"
        if "max_retries" not in task:
            yield f"{key}: needs max_retries"
        if "environment_key" in task and not task.get("disable_auto_optimization"):
            yield f"{key}: serverless compute retries by itself unless disable_auto_optimization"


@of_every_job
def schedule_is_readable(job: dict[str, Any]) -> Iterator[str]:
    """The cron expression is Quartz's, the time zone is one, and the pause is the target's affair."""
    schedule = job.get("schedule")
    if schedule is None:
        return
    if problem := quartz_problem(schedule["quartz_cron_expression"]):
        yield f"schedule.quartz_cron_expression: {problem}"
    if schedule["timezone_id"] not in available_timezones():
        yield f"schedule.timezone_id: no time zone {schedule['timezone_id']}"
    if schedule.get("pause_status") != "${var.schedule}":
        yield "schedule.pause_status: not ${var.schedule}"


CHECKS = (
    tasks_have_compute_that_there_is,
    tasks_have_the_wheel,
    every_setting_can_be_set,
    parameters_are_settings,
    tasks_get_the_parameters,
    limits_are_set,
    schedule_is_readable,
)
