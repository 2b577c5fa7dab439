"""The job's parameters: as the caller sets them, else as this machine needs them, else as the bundle has them."""

from collections.abc import Mapping
from typing import Any

from movie_lakehouse.errors import SettingError
from movie_lakehouse.job.references import Resolver
from movie_lakehouse.job.settings import JobSettings, settings_from

PLACES = ("lakehouse", "schema_prefix", "source", "landing", "experiment")
"""Parameters that say where things are in a workspace; here they are the settings' own defaults."""


def job_parameters(
    resolver: Resolver, job: Mapping[str, Any], key: str, overrides: Mapping[str, str]
) -> dict[str, str]:
    """The value of every parameter of the job.

    Raises:
        SettingError: an override names no parameter of the job or has a value that no task would take, or a default
            cannot be resolved here.
    """
    defaults = {parameter["name"]: parameter.get("default", "") for parameter in job.get("parameters") or []}
    for name in overrides:
        if name not in defaults:
            raise SettingError(f"The job has no parameter {name!r}; it has {', '.join(defaults)}.")
    settings_from({name: value for name, value in overrides.items() if name in JobSettings.model_fields})
    values = {}
    for name, default in defaults.items():
        if name in overrides:
            values[name] = overrides[name]
        elif name in PLACES:
            values[name] = str(JobSettings.model_fields[name].default)
        else:
            values[name] = str(resolver.resolve(default, f"{key}.parameters[{name}]"))
    return values
