import io

from bundle_folder import plan_of, planned
from rich.console import Console

from movie_lakehouse.errors import GateError, TaskError
from movie_lakehouse.job.observer import LineObserver
from movie_lakehouse.job.report import JobOutcome, TaskReport

PLAN = plan_of(planned("ingest"), planned("train", "ingest", retries=1), planned("similarity", "train"))


def outcome_of(*reports: TaskReport) -> JobOutcome:
    return JobOutcome(PLAN, reports)


def test_the_summary_names_first_what_took_longest_with_its_share() -> None:
    outcome = outcome_of(TaskReport("ingest", "succeeded", 10.0), TaskReport("train", "succeeded", 30.0))
    assert outcome.summary() == [
        "train       30.0 s   75%  succeeded",
        "ingest      10.0 s   25%  succeeded",
    ]


def test_the_summary_explains_failures_other_than_the_jobs_own() -> None:
    first, second = GateError("Not unique."), TaskError("Out of time.")
    outcome = outcome_of(TaskReport("a", "failed", 2.0, error=first), TaskReport("b", "failed", 1.0, error=second))
    assert outcome.error is first
    assert [line.split("%  ")[1] for line in outcome.summary()] == ["failed", "failed: Out of time."]


def test_a_run_in_which_nothing_took_time_has_a_summary() -> None:
    assert outcome_of(TaskReport("a", "not run")).summary() == ["a       0.0 s    0%  not run"]


def test_lines_for_programs_are_plain() -> None:
    out = io.StringIO()
    observer = LineObserver(Console(file=out, width=20))
    observer.planned(PLAN)
    observer.started(PLAN.tasks[0])
    observer.finished(TaskReport("ingest", "succeeded", 1.25, {"bronze.ratings": 1000}))
    observer.retrying(PLAN.tasks[1], 2, TaskError("The task [train] fell."))
    observer.finished(TaskReport("similarity", "not run"))
    assert out.getvalue().splitlines() == [
        "films: ingest, train, similarity (run run-1)",
        "ingest: started",
        "ingest: succeeded after 1.2 s (bronze.ratings 1,000)",
        "train: The task [train] fell. Try 2 of 2 follows.",
        "similarity: not run",
    ]


def test_the_end_lists_what_took_longest() -> None:
    out = io.StringIO()
    LineObserver(Console(file=out)).ended(outcome_of(TaskReport("ingest", "succeeded", 2.0)))
    assert out.getvalue().splitlines() == ["What took longest:", "  ingest       2.0 s  100%  succeeded"]
