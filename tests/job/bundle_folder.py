"""Small bundles to read and plan, and stand-ins for what a run needs."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from textwrap import dedent

from movie_lakehouse.errors import LakehouseError
from movie_lakehouse.job.plan import Plan, PlannedTask
from movie_lakehouse.job.report import JobOutcome, TaskReport

BUNDLE = """
    bundle: {name: films}
    include: [resources/*.yml]
    variables:
      catalog: {description: Where tables are., default: main}
      colour: {description: Of the box., default: red}
      nobody: {description: Without a value.}
    targets:
      dev: {mode: development, default: true}
      prod: {mode: production, variables: {colour: blue}}
"""

JOB = """
    resources:
      jobs:
        films:
          parameters:
            - {name: colour, default: "${var.colour}"}
            - {name: lakehouse, default: "${var.catalog}"}
          tasks:
            - task_key: paint
              python_wheel_task:
                package_name: movie_lakehouse
                entry_point: ingest
                named_parameters: {source: "{{job.parameters.colour}}", run_id: "{{job.run_id}}"}
"""


def write_bundle(folder: Path, bundle: str = BUNDLE, **resources: str) -> Path:
    """Write a bundle whose resource files are named by keyword; the job alone unless told otherwise."""
    (folder / "resources").mkdir(exist_ok=True)
    for name, text in (resources or {"job": JOB}).items():
        (folder / "resources" / f"{name}.yml").write_text(dedent(text), encoding="utf-8")
    file = folder / "databricks.yml"
    file.write_text(dedent(bundle), encoding="utf-8")
    return file


def job_with_tasks(*tasks: str) -> str:
    """A job of tasks written as ``key`` or ``key < one, other`` for what they depend on."""
    lines = ["resources:", "  jobs:", "    films:", "      tasks:"]
    for task in tasks:
        key, _, before = task.partition(" < ")
        depends_on = ", ".join(f"{{task_key: {name}}}" for name in before.split(", ") if name)
        lines.append(
            f"        - {{task_key: {key}, depends_on: [{depends_on}], "
            f"python_wheel_task: {{package_name: movie_lakehouse, entry_point: ingest}}}}"
        )
    return "\n".join(lines)


def planned(key: str, *depends_on: str, timeout: float | None = None, retries: int = 0) -> PlannedTask:
    return PlannedTask(key, f"job.yml: {key}", "p", key, ("--x=1",), depends_on, timeout=timeout, retries=retries)


def plan_of(*tasks: PlannedTask) -> Plan:
    return Plan("films", "local", "run-1", {"colour": "red"}, tasks)


class Tags:
    """An interrupter that keeps what it was asked; ``on_interrupt`` ends the work as Spark would."""

    def __init__(self, on_interrupt: Callable[[], None] = lambda: None) -> None:
        self.interrupted: list[str] = []
        self._on_interrupt = on_interrupt

    @contextmanager
    def marked(self, tag: str) -> Iterator[None]:
        yield

    def interrupt(self, tag: str) -> None:
        self.interrupted.append(tag)
        self._on_interrupt()


class Events:
    """An observer that keeps one line an event."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def planned(self, plan: Plan) -> None:
        self.lines.append(f"planned {len(plan.tasks)}")

    def started(self, task: PlannedTask) -> None:
        self.lines.append(f"started {task.key}")

    def retrying(self, task: PlannedTask, attempt: int, error: LakehouseError) -> None:
        self.lines.append(f"try {attempt} of {task.key}")

    def finished(self, report: TaskReport) -> None:
        self.lines.append(f"{report.status} {report.task}")

    def ended(self, outcome: JobOutcome) -> None:
        self.lines.append("ended")


def nothing(argv: Sequence[str]) -> None:
    """An entry point that succeeds."""
