"""`lakehouse run` hands what was typed to the job and tells how it ended; the job itself is tested elsewhere."""

import json
import shutil
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from movie_lakehouse.errors import GateError
from movie_lakehouse.job.plan import Plan, PlannedTask
from movie_lakehouse.job.report import JobOutcome, TaskReport
from movie_lakehouse.job.stages import Stage
from support.commands import Lakehouse
from support.tiny_lakehouse import write_table

PLAN = Plan("movies", "local", "run-1", {"grid": "small"}, (PlannedTask("ingest", "job.yml", "wheel", "ingest"),))
DONE = TaskReport("ingest", "succeeded", 1.23456, {"bronze.movies": 6})
FAILED = TaskReport("clean", "failed", 0.5, error=GateError("silver.movies: 3 rows have no title."))

PUBLICATION = {
    "number": 1,
    "run_id": "run-1",
    "kind": "run",
    "of_run": "run-1",
    "published_at": datetime(2020, 1, 1, tzinfo=UTC),
    "tables": {"gold.movie_similarity": 0},
}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the job was asked for; it ends as the item ``reports`` says."""
    asked: dict[str, Any] = {"reports": (DONE,)}

    def run_job(bundle_file: Path, **options: Any) -> JobOutcome:
        asked.update(options, bundle_file=bundle_file)
        now = time.monotonic()
        stages = (Stage("ingest", "judging", now - 0.3, now - 0.2), Stage("ingest", "writing", now - 0.2, now))
        asked["plan"] = plan = replace(PLAN, parameters={**PLAN.parameters, **options["overrides"]})
        return JobOutcome(plan, () if options.get("dry_run") else asked["reports"], stages)

    monkeypatch.setattr("movie_lakehouse.job.runner.run_job", run_job)
    return asked


@pytest.fixture
def bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty bundle in the working folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "databricks.yml").touch()
    return tmp_path / "databricks.yml"


def test_run_alone_runs_the_bundle_here_into_the_default_root(
    lakehouse: Lakehouse, asked: dict[str, Any], bundle: Path
) -> None:
    ended = lakehouse("run", "--root", "lakehouse")
    assert (ended.status, ended.out) == (0, "")
    assert asked["bundle_file"] == bundle
    assert asked["overrides"] == {"lakehouse": str(bundle.parent / "lakehouse")}
    assert (asked["target"], asked["only"], asked["from_task"], asked["dry_run"]) == ("local", (), None, False)


def test_what_was_typed_reaches_the_job(lakehouse: Lakehouse, asked: dict[str, Any], bundle: Path) -> None:
    options = ["--source", "movielens-small", "--target", "dev", "--only", "ingest", "--only", "clean"]
    settings = ["--set", "grid=classic", "--set", "expectations=a=b"]
    lakehouse("run", *options, *settings, "--bundle", str(bundle.parent))
    assert asked["overrides"]["source"] == "movielens-small"
    assert asked["overrides"]["grid"] == "classic"
    assert asked["overrides"]["expectations"] == "a=b"
    assert (asked["target"], asked["only"]) == ("dev", ["ingest", "clean"])


@pytest.mark.parametrize("text", ["grid", "=classic"])
def test_a_setting_without_name_or_value_is_an_error(lakehouse: Lakehouse, asked: dict[str, Any], text: str) -> None:
    ended = lakehouse("run", "--set", text)
    assert (ended.status, ended.out) == (1, "")
    assert "not of the form key=value" in ended.err
    assert "bundle_file" not in asked


def test_a_dry_run_prints_the_plan(lakehouse: Lakehouse, asked: dict[str, Any], bundle: Path) -> None:
    assert lakehouse("run", "--dry-run").out == f"{asked['plan']}\n"


def test_a_dry_run_has_no_timings(lakehouse: Lakehouse, asked: dict[str, Any], bundle: Path) -> None:
    ended = lakehouse("run", "--dry-run", "--timings", "--format", "json")
    assert (ended.status, ended.out, "bundle_file" in asked) == (1, "", False)
    assert ended.err == "Error: A dry run does nothing that takes time: leave out --timings, or --dry-run.\n"


def test_timings_are_data(lakehouse: Lakehouse, asked: dict[str, Any], bundle: Path) -> None:
    rows = json.loads(lakehouse("run", "--timings", "--format", "json").out)
    (task,) = [row for row in rows if row["task"] and not row["stage"]]
    assert task | {"share": 0} == {
        "task": "ingest",
        "stage": None,
        "status": "succeeded",
        "seconds": 1.235,
        "share": 0,
        "rows": {"bronze.movies": 6},
    }


def test_timings_tell_the_stages_before_their_task_and_the_wall_time_last(
    lakehouse: Lakehouse, asked: dict[str, Any], bundle: Path
) -> None:
    rows = json.loads(lakehouse("run", "--timings", "--format", "json").out)
    assert [(row["task"], row["stage"]) for row in rows] == [
        (None, "starting"),
        ("ingest", "judging"),
        ("ingest", "writing"),
        ("ingest", None),
        (None, "wall time"),
    ]


def test_a_failed_job_is_one_line_and_status_1(lakehouse: Lakehouse, asked: dict[str, Any], bundle: Path) -> None:
    asked["reports"] = (DONE, FAILED)
    ended = lakehouse("run")
    assert (ended.status, ended.err) == (1, "Error: silver.movies: 3 rows have no title.\n")


def test_a_rollback_is_a_job_of_the_bundle(
    lakehouse: Lakehouse, asked: dict[str, Any], bundle: Path, tiny_lakehouse: Path
) -> None:
    shutil.copytree(tiny_lakehouse, "movies")
    write_table(Path("movies"), "ops.publications", [PUBLICATION])
    ended = lakehouse("rollback", "--to", "run-1", "--root", "movies")
    assert (ended.status, ended.out) == (0, "")
    assert asked["job"] == "rollback"
    assert asked["overrides"] == {"lakehouse": str(bundle.parent / "movies"), "to_run": "run-1"}


def test_a_rollback_to_a_run_that_published_nothing_starts_no_job(
    lakehouse: Lakehouse, asked: dict[str, Any], bundle: Path
) -> None:
    later = PUBLICATION | {"number": 2, "of_run": "run-2"}
    write_table(Path("movies"), "ops.publications", [PUBLICATION, later])
    ended = lakehouse("rollback", "--to", "run-3", "--root", "movies")
    assert (ended.status, "job" in asked) == (1, False)
    assert ended.err == "Error: The run 'run-3' has published nothing; the latest that have are run-2, run-1.\n"


def test_upkeep_is_a_job_of_the_bundle(
    lakehouse: Lakehouse, asked: dict[str, Any], bundle: Path, tiny_lakehouse: Path
) -> None:
    shutil.copytree(tiny_lakehouse, "movies")
    assert lakehouse("maintain", "--root", "movies").status == 0
    assert asked["job"] == "maintenance"


@pytest.mark.parametrize("words", [["maintain"], ["rollback", "--to", "run-1"]])
def test_what_makes_no_lakehouse_refuses_a_folder_that_has_none(
    lakehouse: Lakehouse, asked: dict[str, Any], bundle: Path, words: list[str]
) -> None:
    ended = lakehouse(*words, "--root", "typo")
    assert (ended.status, "job" in asked) == (1, False)
    assert ended.err.startswith("Error: There is no lakehouse at typo;")


def test_a_part_of_the_job_says_what_people_do_not_query_yet(
    lakehouse: Lakehouse, asked: dict[str, Any], bundle: Path, tiny_lakehouse: Path
) -> None:
    shutil.copytree(tiny_lakehouse, "movies")
    write_table(Path("movies"), "ops.publications", [PUBLICATION])
    write_table(Path("movies"), "gold.movie_similarity", [])

    ended = lakehouse("run", "--only", "similarity", "--root", "movies")
    assert "People still query older versions of gold.movie_similarity until `lakehouse run` has" in ended.err
    assert "People still" not in lakehouse("run", "--root", "movies").err


def test_a_part_of_the_job_on_a_lakehouse_that_a_setting_names_tells_of_that_one(
    lakehouse: Lakehouse, asked: dict[str, Any], bundle: Path, tiny_lakehouse: Path
) -> None:
    shutil.copytree(tiny_lakehouse, "movies")
    ended = lakehouse("run", "--only", "similarity", "--set", "lakehouse=./movies")
    assert (ended.status, ended.err) == (0, "")


def test_a_part_of_the_job_on_a_catalog_looks_for_no_folder(
    lakehouse: Lakehouse, asked: dict[str, Any], bundle: Path
) -> None:
    ended = lakehouse("run", "--only", "similarity", "--set", "lakehouse=main")
    assert (ended.status, ended.err) == (0, "")
