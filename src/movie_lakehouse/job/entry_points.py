"""The tasks that the installed wheel has, by the name of their entry point."""

from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, distribution
from typing import Literal, Protocol

from movie_lakehouse.errors import SettingError
from movie_lakehouse.job.plan import PlannedTask

GROUP = "movie_lakehouse.tasks"


class Outcome(Protocol):
    """What the runner wants to know of a task that has not failed."""

    @property
    def status(self) -> Literal["succeeded", "skipped"]:
        """Whether it had anything to do."""

    @property
    def rows(self) -> Mapping[str, int]:
        """Rows of each table that it made, where it counted them."""


EntryPoint = Callable[[Sequence[str]], Outcome | None]


def entry_point_of(task: PlannedTask) -> EntryPoint:
    """What a task calls, found in the package's metadata as Databricks finds it.

    Raises:
        SettingError: the package is not installed here, or has no such entry point, or one that does not load.
    """
    try:
        points = distribution(task.package).entry_points.select(group=GROUP)
    except PackageNotFoundError:
        raise SettingError(f"{task.written_at}: the package {task.package!r} is not installed here.") from None
    if task.entry_point not in points.names:
        known = ", ".join(sorted(points.names)) or "none"
        raise SettingError(
            f"{task.written_at}.python_wheel_task.entry_point: the package {task.package} has no entry point "
            f"{task.entry_point!r} in {GROUP}; it has {known}. After a change to setup.py, install it again."
        )
    try:
        loaded: EntryPoint = points[task.entry_point].load()
    except (ImportError, AttributeError) as error:
        raise SettingError(f"{task.written_at}: the entry point {task.entry_point} does not load: {error}") from error
    return loaded
