"""From the bundle's YAML to a plan: the job's definition, read where the deployment reads it."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from movie_lakehouse.job.bundle import Bundle, load_bundle
from movie_lakehouse.job.parameters import job_parameters
from movie_lakehouse.job.plan import Plan, PlannedTask, chosen, in_order
from movie_lakehouse.job.references import LOCAL_TARGET, Resolver, refuse_unknown_variables
from movie_lakehouse.job.settings import new_run_id

_DYNAMIC = re.compile(r"\{\{\s*([\w.]+)\s*\}\}")


def make_plan(
    bundle_file: Path,
    *,
    target: str = LOCAL_TARGET,
    overrides: Mapping[str, str] | None = None,
    only: Iterable[str] = (),
    from_task: str | None = None,
    job: str | None = None,
) -> Plan:
    """Plan a bundle's job for a target, to be run on this machine.

    ``overrides`` are parameters of the job that the caller sets. ``only`` are the tasks to run, or ``from_task`` is the
    first of them and all that depend on it follow. The job is the one that is named, else the only one, else that
    which has the bundle's own name.

    Raises:
        SettingError: the bundle, the target, a task or a parameter cannot be used; the message names file and key.
    """
    bundle = load_bundle(bundle_file)
    name = _job_named(bundle, job)
    key = f"resources.jobs.{name}"
    tree = bundle.tree["resources"]["jobs"][name]
    refuse_unknown_variables(bundle, tree, key)
    resolver = Resolver(bundle, target)
    run_id = new_run_id()
    parameters = job_parameters(resolver, tree, key, overrides or {})
    dynamic = {f"job.parameters.{parameter}": value for parameter, value in parameters.items()}
    dynamic |= {"job.run_id": run_id, "job.id": name, "job.name": name}
    tasks = in_order(_task(resolver, task, key, dynamic) for task in tree.get("tasks") or [])
    return Plan(name, target, run_id, parameters, chosen(tasks, only, from_task))


def _job_named(bundle: Bundle, job: str | None) -> str:
    """The job asked for, or the bundle's only one, or its namesake."""
    jobs = (bundle.tree.get("resources") or {}).get("jobs") or {}
    own = (bundle.tree.get("bundle") or {}).get("name")
    name = job or (next(iter(jobs)) if len(jobs) == 1 else own)
    if name not in jobs:
        raise bundle.fault("resources.jobs", f"which job is to run? There are {', '.join(jobs) or 'none'}.")
    return str(name)


def _task(resolver: Resolver, tree: Mapping[str, Any], job_key: str, dynamic: Mapping[str, str]) -> PlannedTask:
    """A task of the job's YAML, with references and dynamic values filled in."""
    bundle = resolver.bundle
    key = f"{job_key}.tasks[{tree.get('task_key', '?')}]"
    for needed in ("task_key", "python_wheel_task"):
        if needed not in tree:
            raise bundle.fault(key, f"it has no {needed}; tasks that are run here need one.")
    task = resolver.resolve(dict(tree), key)
    wheel = task["python_wheel_task"]
    for needed in ("package_name", "entry_point"):
        if not wheel.get(needed):
            raise bundle.fault(f"{key}.python_wheel_task", f"it has no {needed}.")
    dynamic = {**dynamic, "task.name": task["task_key"]}
    return PlannedTask(
        key=task["task_key"],
        written_at=bundle.where(key),
        package=wheel["package_name"],
        entry_point=wheel["entry_point"],
        arguments=tuple(_filled(bundle, f"{key}.python_wheel_task", text, dynamic) for text in _arguments(wheel)),
        depends_on=tuple(dependency["task_key"] for dependency in task.get("depends_on") or ()),
        timeout=task.get("timeout_seconds") or None,
        retries=task.get("max_retries") or 0,
        retry_interval=(task.get("min_retry_interval_millis") or 0) / 1000,
        retry_on_timeout=bool(task.get("retry_on_timeout")),
    )


def _arguments(wheel: Mapping[str, Any]) -> list[str]:
    """The command line that a wheel task's entry point gets: positional parameters, then ``--name=value``."""
    named = wheel.get("named_parameters") or {}
    return [*map(str, wheel.get("parameters") or ()), *(f"--{name}={value}" for name, value in named.items())]


def _filled(bundle: Bundle, key: str, text: str, dynamic: Mapping[str, str]) -> str:
    """The text with ``{{job.parameters.x}}`` and its like replaced."""
    for name in _DYNAMIC.findall(text):
        if name not in dynamic:
            raise bundle.fault(key, f"{{{{{name}}}}} is not known here; there are {', '.join(dynamic)}.")
    return _DYNAMIC.sub(lambda found: dynamic[found[1]], text)
