from pathlib import Path

import pytest
from bundle_folder import BUNDLE, JOB, job_with_tasks, write_bundle

from movie_lakehouse.errors import SettingError
from movie_lakehouse.job.definition import make_plan


def test_a_task_gets_the_jobs_parameters_and_the_run(tmp_path: Path) -> None:
    plan = make_plan(write_bundle(tmp_path))
    assert plan.tasks[0].arguments == ("--source=red", f"--run_id={plan.run_id}")


def test_a_target_gives_its_variables(tmp_path: Path) -> None:
    file = write_bundle(tmp_path)
    assert make_plan(file, target="dev").parameters["colour"] == "red"
    assert make_plan(file, target="prod").parameters["colour"] == "blue"


def test_what_the_caller_sets_goes_before_the_bundle(tmp_path: Path) -> None:
    plan = make_plan(write_bundle(tmp_path), target="prod", overrides={"colour": "green"})
    assert plan.tasks[0].arguments[0] == "--source=green"


def test_tables_are_in_a_folder_here_whatever_the_target(tmp_path: Path) -> None:
    file = write_bundle(tmp_path)
    assert {make_plan(file, target=name).parameters["lakehouse"] for name in ("local", "prod")} == {"./lakehouse"}


def test_workspace_files_are_the_bundles_folder(tmp_path: Path) -> None:
    job = JOB.replace("${var.colour}", "${workspace.file_path}/suites")
    assert make_plan(write_bundle(tmp_path, job=job)).parameters["colour"] == f"{tmp_path}/suites"


@pytest.fixture
def nameless(monkeypatch: pytest.MonkeyPatch) -> None:
    """The user is a number that no list of users has, as in many containers."""
    monkeypatch.setattr("os.getuid", lambda: 4711)

    def getuser() -> str:
        raise KeyError("getpwuid(): uid not found: 4711")

    monkeypatch.setattr("getpass.getuser", getuser)


@pytest.mark.usefixtures("nameless")
@pytest.mark.parametrize(("name", "value"), [("file_path", "{bundle}"), ("current_user.short_name", "4711")])
def test_a_user_without_a_name_is_asked_for_only_where_needed_and_is_then_a_number(
    tmp_path: Path, name: str, value: str
) -> None:
    job = JOB.replace("${var.colour}", f"${{workspace.{name}}}")
    plan = make_plan(write_bundle(tmp_path, job=job))
    assert plan.parameters["colour"] == value.format(bundle=tmp_path)


def test_a_variable_may_be_made_of_others_and_of_resources(tmp_path: Path) -> None:
    bundle = BUNDLE.replace("default: red", 'default: "${var.catalog}.${resources.schemas.box.name}"')
    file = write_bundle(tmp_path, bundle, job=JOB, box='resources: {schemas: {box: {name: "${bundle.name}_box"}}}')
    assert make_plan(file).parameters["colour"] == "main.films_box"


def test_positional_parameters_come_before_named_ones(tmp_path: Path) -> None:
    job = JOB.replace("named_parameters:", 'parameters: [first, "{{task.name}}"]\n                named_parameters:')
    assert make_plan(write_bundle(tmp_path, job=job)).tasks[0].arguments[:2] == ("first", "paint")


def test_limits_are_read_in_seconds(tmp_path: Path) -> None:
    limits = "timeout_seconds: 60\n              max_retries: 2\n              min_retry_interval_millis: 1500"
    job = JOB.replace("- task_key: paint", f"- task_key: paint\n              {limits}")
    task = make_plan(write_bundle(tmp_path, job=job)).tasks[0]
    assert (task.timeout, task.retries, task.retry_interval) == (60, 2, 1.5)


def test_a_task_added_to_the_yaml_is_in_the_plan(tmp_path: Path) -> None:
    plan = make_plan(write_bundle(tmp_path, job=job_with_tasks("a", "b < a", "c < b")))
    assert [task.key for task in plan.tasks] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("wrong", "right", "message"),
    [
        ("${var.color}", "${var.colour}", r"parameters\[0\]\.default: there is no variable 'color'"),
        ("${var.nobody}", "${var.colour}", r"parameters\[colour\]: the variable 'nobody' has no value"),
        ("${resources.jobs.x.id}", "${var.colour}", r"parameters\[colour\]: .* is nowhere in the bundle"),
        ("${workspace.host}", "${var.colour}", r"parameters\[colour\]: only a workspace knows"),
        ("{{job.parameters.size}}", "{{job.parameters.colour}}", r"tasks\[paint\]\.python_wheel_task: .*size"),
        ("notebook_task:", "python_wheel_task:", r"tasks\[paint\]: it has no python_wheel_task"),
        ("entry: ingest", "entry_point: ingest", r"tasks\[paint\]\.python_wheel_task: it has no entry_point"),
    ],
)
def test_a_mistake_in_the_job_is_refused_with_file_and_key(
    tmp_path: Path, wrong: str, right: str, message: str
) -> None:
    with pytest.raises(SettingError, match=rf"resources/job\.yml: resources\.jobs\.films\.{message}"):
        make_plan(write_bundle(tmp_path, job=JOB.replace(right, wrong)))


def test_variables_that_go_round_in_a_circle_are_refused(tmp_path: Path) -> None:
    bundle = BUNDLE.replace("default: red", 'default: "${var.catalog}"').replace(
        "default: main", 'default: "${var.colour}"'
    )
    with pytest.raises(SettingError, match=r"circle: var\.colour -> var\.catalog -> var\.colour"):
        make_plan(write_bundle(tmp_path, bundle))


def test_a_circle_of_tasks_is_refused_with_file_and_key(tmp_path: Path) -> None:
    file = write_bundle(tmp_path, job=job_with_tasks("a < b", "b < a"))
    with pytest.raises(
        SettingError, match=r"resources/job\.yml: resources\.jobs\.films\.tasks\[.\]\.depends_on: a circle"
    ):
        make_plan(file)


def test_an_unknown_dependency_is_refused_with_file_and_key(tmp_path: Path) -> None:
    file = write_bundle(tmp_path, job=job_with_tasks("a", "b < z"))
    with pytest.raises(SettingError, match=r"job\.yml: resources\.jobs\.films\.tasks\[b\]\.depends_on: .* task 'z'"):
        make_plan(file)


def test_an_unknown_target_is_refused_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"no target 'test'; there are local, dev, prod"):
        make_plan(write_bundle(tmp_path), target="test")


def test_an_unknown_parameter_is_refused_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"no parameter 'size'; it has colour, lakehouse"):
        make_plan(write_bundle(tmp_path), overrides={"size": "1"})


def test_a_value_that_no_task_would_take_is_refused_before_anything_runs(tmp_path: Path) -> None:
    job = JOB.replace("name: colour", "name: folds").replace("parameters.colour", "parameters.folds")
    with pytest.raises(SettingError, match="folds cannot be 'many'"):
        make_plan(write_bundle(tmp_path, job=job), overrides={"folds": "many"})


def test_one_of_several_jobs_is_the_one_named_or_the_bundles_namesake(tmp_path: Path) -> None:
    file = write_bundle(tmp_path, job=JOB, more=job_with_tasks("a").replace("films", "other"))
    assert make_plan(file).job == "films"
    assert make_plan(file, job="other").job == "other"


def test_one_of_several_jobs_must_be_named_where_none_is_the_bundles_namesake(tmp_path: Path) -> None:
    bundle = BUNDLE.replace("films", "cinema")
    file = write_bundle(tmp_path, bundle, job=JOB, more=job_with_tasks("a").replace("films", "other"))
    with pytest.raises(SettingError, match="which job is to run"):
        make_plan(file)
