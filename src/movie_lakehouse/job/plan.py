"""The job as it is to run: its tasks in dependency order, each with the arguments it gets."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter

from movie_lakehouse.errors import SettingError
from movie_lakehouse.job.settings import JobSettings


@dataclass(frozen=True)
class PlannedTask:
    """One task.

    Attributes:
        key: its name in the job.
        written_at: file and key that define it, for messages.
        package: the distribution whose entry point it calls.
        entry_point: the entry point's name.
        arguments: what the entry point is called with.
        depends_on: the tasks that must have succeeded before.
        timeout: seconds that one try may take, None without a limit.
        retries: how often it is tried again.
        retry_interval: seconds between two tries.
        retry_on_timeout: whether it is tried again when its time was up.
    """

    key: str
    written_at: str
    package: str
    entry_point: str
    arguments: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    timeout: float | None = None
    retries: int = 0
    retry_interval: float = 0.0
    retry_on_timeout: bool = False


@dataclass(frozen=True)
class Plan:
    """A job to be run: its parameters, and its tasks in an order in which they could run one after another."""

    job: str
    target: str
    run_id: str
    parameters: Mapping[str, str]
    tasks: tuple[PlannedTask, ...]

    @property
    def by_key(self) -> dict[str, PlannedTask]:
        """The tasks by their names."""
        return {task.key: task for task in self.tasks}

    def sorter(self) -> "TopologicalSorter[str]":
        """The tasks' graph, ready to be walked: it gives the tasks whose predecessors are done."""
        sorter = TopologicalSorter({task.key: task.depends_on for task in self.tasks})
        sorter.prepare()
        return sorter

    def __str__(self) -> str:
        """Describe the plan for people, a line a task and a line a parameter."""
        width = max((len(task.key) for task in self.tasks), default=0)
        tasks = [f"{number}. {task.key:<{width}}  {_terms(task)}" for number, task in enumerate(self.tasks, 1)]
        parameters = [_with_meaning(name, value) for name, value in self.parameters.items()]
        heading = f"The job {self.job}, target {self.target}, run {self.run_id}:"
        return "\n".join([heading, *(line.rstrip() for line in tasks), "with", *parameters])


def in_order(tasks: Iterable[PlannedTask]) -> tuple[PlannedTask, ...]:
    """The tasks so that each comes after those it depends on.

    Raises:
        SettingError: two tasks have one key, a task depends on none that there is, or on itself in a circle.
    """
    by_key: dict[str, PlannedTask] = {}
    for task in tasks:
        if task.key in by_key:
            raise SettingError(f"{task.written_at}: another task has the key {task.key!r}.")
        by_key[task.key] = task
    for task in by_key.values():
        for dependency in task.depends_on:
            if dependency not in by_key:
                raise SettingError(f"{task.written_at}.depends_on: there is no task {dependency!r}.")
    try:
        order = list(TopologicalSorter({task.key: task.depends_on for task in by_key.values()}).static_order())
    except CycleError as error:
        circle = error.args[1]
        raise SettingError(f"{by_key[circle[0]].written_at}.depends_on: a circle, {' <- '.join(circle)}.") from None
    return tuple(by_key[key] for key in order)


def chosen(
    tasks: tuple[PlannedTask, ...], only: Iterable[str] = (), from_task: str | None = None
) -> tuple[PlannedTask, ...]:
    """Those of the tasks, in order, that are asked for: some by name, or one and all that depend on it.

    What is left out counts as done; the order of what stays does not change.

    Raises:
        SettingError: there is no such task, or both ways of choosing are used at once.
    """
    by_key = {task.key: task for task in tasks}
    names = [*only, *([] if from_task is None else [from_task])]
    for name in names:
        if name not in by_key:
            raise SettingError(f"The job has no task {name!r}; it has {', '.join(by_key)}.")
    if from_task is not None and len(names) > 1:
        raise SettingError("Name single tasks (--only) or the first of several (--from), not both.")
    wanted = set(names or by_key)
    if from_task is not None:
        for task in tasks:
            if wanted.intersection(task.depends_on):
                wanted.add(task.key)
    kept = (task for task in tasks if task.key in wanted)
    return tuple(replace(task, depends_on=tuple(sorted(_before(task, by_key, wanted)))) for task in kept)


def _before(task: PlannedTask, by_key: Mapping[str, PlannedTask], wanted: set[str]) -> set[str]:
    """The wanted tasks that come before a task, directly or through tasks that are left out."""
    before: set[str] = set()
    for key in task.depends_on:
        before |= {key} if key in wanted else _before(by_key[key], by_key, wanted)
    return before


def _with_meaning(name: str, value: str) -> str:
    """A parameter's line: its value and, of those that every task takes, what it is.

    >>> _with_meaning("folds", "3")
    '   folds = 3                     # Folds of the cross-validation.'
    """
    line = f"   {name} = {value}"
    field = JobSettings.model_fields.get(name)
    return f"{line:<32} # {field.description}" if field else line


def _terms(task: PlannedTask) -> str:
    """What a task waits for and how long and how often it is tried."""
    terms = [f"after {', '.join(task.depends_on)}"] if task.depends_on else []
    if task.timeout:
        terms.append(f"at most {task.timeout:g} s")
    if task.retries:
        terms.append(f"{task.retries} {'retry' if task.retries == 1 else 'retries'}")
    return "; ".join(terms)
