"""What a report tells of a run is what the tables held when it ended."""

from pathlib import Path

import pytest

from movie_lakehouse.errors import NotFoundError, TableError
from movie_lakehouse.query.reader import LakehouseReader
from movie_lakehouse.report.asking import Missing
from movie_lakehouse.report.facts import RunFacts, facts_of
from movie_lakehouse.report.rating_facts import Spread, ratings_of
from support.frames import sound_row
from support.tiny_lakehouse import START, write_table
from support.told_lakehouse import RUN, make_told_lakehouse, rows_of, task_end


@pytest.fixture(scope="module")
def facts(told_root: Path) -> RunFacts:
    return facts_of(told_root)


def test_the_newest_run_is_told_with_its_tasks_in_order(facts: RunFacts) -> None:
    assert facts.run.run_id == RUN
    assert [(task.task, task.seconds) for task in facts.run.tasks] == [("ingest", 10), ("clean", 10), ("train", 10)]
    assert (facts.run.status, facts.run.seconds) == ("succeeded", 30)
    assert facts.run.not_recorded == ("publish", "recommend", "similarity", "summarise")


def test_files_are_told_apart_that_came_with_this_run(facts: RunFacts) -> None:
    told = [(file.file, file.n_rows, file.is_new) for file in facts.arrivals.by_table["ratings"]]
    assert told == [("new.csv", 7, True), ("old.csv", 4, False)]


def test_quarantine_counts_rows_dirt_and_what_is_new_by_reason(facts: RunFacts) -> None:
    quarantine = facts.quarantine
    assert (quarantine.n_rows, quarantine.n_dirt, quarantine.n_new) == (3, 2, 2)
    assert [(one.reason, one.n_rows, one.n_new) for one in quarantine.reasons] == [
        ("orphan", 2, 1),
        ("rating_off_grid", 1, 1),
        ("redelivered", 1, 1),
    ]
    assert [one.record for one in quarantine.examples if one.reason == "rating_off_grid"] == ['{"rating": "1"}']


def test_gates_count_what_held_and_keep_what_did_not(facts: RunFacts) -> None:
    (suite,) = facts.gates.suites
    assert (suite.suite, suite.n_expectations, suite.n_held, suite.n_warnings) == ("gold.user_factors", 2, 1, 1)
    assert [(one.severity, one.found) for one in facts.gates.unmet] == [("warning", "3 rows")]


def test_long_tails_have_bins_that_double_and_one_for_none(facts: RunFacts) -> None:
    # Movies 1 to 6 have 2, 3, 3, 2, 1 and 0 ratings; each of the four users has two or three.
    assert [(one.low, one.n) for one in facts.ratings.movies.bins] == [(0, 1), (1, 1), (2, 4)]
    assert [(one.low, one.n) for one in facts.ratings.users.bins] == [(2, 4)]
    assert facts.ratings.movies.spread.most == 3


def test_half_of_the_users_have_up_to_the_median(tmp_path: Path) -> None:
    write_table(tmp_path, "silver.movies", [sound_row("silver.movies", movie_id=movie) for movie in (1, 2)])
    rated = [(1, 1), (2, 1), (2, 2)]
    rows = [sound_row("silver.ratings", user_id=user, movie_id=movie) for user, movie in rated]
    write_table(tmp_path, "silver.ratings", rows)

    assert ratings_of(LakehouseReader(tmp_path)).users.spread == Spread(median=1, most=2)


def test_ratings_of_a_short_span_are_told_by_month(facts: RunFacts) -> None:
    assert (facts.ratings.unit, [one.n for one in facts.ratings.time]) == ("month", [11])


def test_the_model_and_the_grid_are_those_of_the_newest_training(facts: RunFacts) -> None:
    assert [(score.model, score.rmse) for score in facts.contest.scores] == [("als", 0.91), ("bias", 0.97)]
    assert (facts.contest.candidate, facts.contest.promoted) == ("als", True)
    assert [(one.rank, one.n_folds, round(one.rmse, 3)) for one in facts.grid] == [(2, 2, 0.905)]


def test_the_split_of_training_is_told_first(tmp_path: Path) -> None:
    root = make_told_lakehouse(tmp_path)
    later = [
        {"run_id": RUN, "model": "als", "split": "cut-off", "metric": "rmse", "value": 1.2},
        {"run_id": RUN, "model": "ranking", "split": "cut-off", "metric": "ndcg@10", "value": 0.25},
    ]
    write_table(root, "gold.model_metrics", later, mode="append")
    write_table(root, "ops.job_runs", [task_end("run-2", "train", 100, {"gold.model_metrics": 1})], mode="append")
    contest = facts_of(root).contest
    told = [(score.split, score.model, score.rmse, score.ndcg) for score in contest.scores]
    assert told[1:] == [
        ("random", "bias", 0.97, None),
        ("cut-off", "als", 1.2, None),
        ("cut-off", "ranking", None, 0.25),
    ]
    assert contest.rmse_of("als") == 0.91


def test_a_run_that_was_judged_by_the_cut_off_tells_that_first(tmp_path: Path) -> None:
    root = make_told_lakehouse(tmp_path)
    run = {"trained_at": START, "best_params": '{"model": "als", "split": "cut-off"}', "seed": 1, "promoted": True}
    write_table(root, "gold.model_runs", [{"run_id": RUN, "table_versions": {}, **run}])
    later = [{"run_id": RUN, "model": "als", "split": "cut-off", "metric": "rmse", "value": 1.2}]
    write_table(root, "gold.model_metrics", later, mode="append")
    written = {"gold.model_metrics": 1, "gold.model_runs": 1}
    write_table(root, "ops.job_runs", [task_end("run-2", "train", 100, written)], mode="append")
    contest = facts_of(root).contest
    assert [score.split for score in contest.scores] == ["cut-off", "random", "random"]
    assert (contest.rmse_of("als"), "split" in contest.parameters) == (1.2, False)


def test_files_that_vacuum_has_removed_leave_the_rest_to_tell(tmp_path: Path) -> None:
    root = make_told_lakehouse(tmp_path)
    for file in (root / "silver" / "ratings").glob("*.parquet"):
        file.unlink()
    facts = facts_of(root)
    assert isinstance(facts.ratings, Missing)
    assert facts.contest.promoted


def test_examples_are_the_least_the_middling_and_the_busiest_user(facts: RunFacts) -> None:
    assert [(user.user_id, user.n_ratings) for user in facts.users] == [(4, 2), (1, 3), (3, 3)]
    assert facts.users[0].loved == ("Matrix, The (1999)", "Heat (1995)")
    assert [one.title for one in facts.users[1].listed] == ["Matrix Reloaded, The (2003)", "Matrix, The (1999)"]


def test_an_earlier_run_is_told_as_it_was(tmp_path: Path) -> None:
    root = make_told_lakehouse(tmp_path)
    write_table(root, "silver.ratings", rows_of(root, "silver.ratings")[:2])
    later = task_end("run-2", "clean", 100, {"silver.ratings": 1})
    write_table(root, "ops.job_runs", [later], mode="append")
    assert facts_of(root).ratings.totals.n_ratings == 2
    assert facts_of(root, RUN).ratings.totals.n_ratings == 11


def test_what_is_not_there_says_why(tmp_path: Path) -> None:
    write_table(tmp_path, "ops.job_runs", [task_end("first", "ingest", 0, {}, status="failed", message="No file.")])
    facts = facts_of(tmp_path)
    assert (facts.run.status, facts.versions) == ("failed", {})
    for fact in (facts.arrivals, facts.quarantine, facts.gates, facts.ratings, facts.grid, facts.contest, facts.users):
        assert isinstance(fact, Missing)
    assert facts.ratings.why.startswith("The table silver.ratings is not there at the run first")


def test_there_is_nothing_to_tell_before_the_first_run(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="lakehouse run"):
        facts_of(tmp_path / "none")
    write_table(tmp_path, "ops.job_runs", [])
    with pytest.raises(NotFoundError, match="lakehouse run"):
        facts_of(tmp_path)


def test_an_unknown_run_is_named_with_those_there_are(told_root: Path) -> None:
    with pytest.raises(NotFoundError, match=r"no run 'run-9'.*run-1"):
        facts_of(told_root, "run-9")
