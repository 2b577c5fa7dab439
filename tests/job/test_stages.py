"""What stages are told of adds up to the wall time, and nothing counts twice."""

import time

import pytest

from movie_lakehouse.job.stages import Stage, Time, process_start, recorded_stages, stage, times


def test_all_before_the_first_stage_is_starting() -> None:
    assert times([Stage(None, "session", 4.0, 10.0)], 0.0, 10.0) == {
        (None, "starting"): Time(4.0, 0.4),
        (None, "session"): Time(6.0, 0.6),
    }


def test_a_stage_within_another_is_taken_out_of_it() -> None:
    taken = times([Stage("train", "working out", 0.0, 10.0), Stage("train", "judging", 6.0, 8.0)], 0.0, 10.0)
    assert taken["train", "working out"] == Time(8.0, pytest.approx(0.8))
    assert taken["train", "judging"] == Time(2.0, pytest.approx(0.2))


def test_stages_of_a_name_are_added_up() -> None:
    taken = times([Stage("train", "writing", 0.0, 1.0), Stage("train", "writing", 5.0, 8.0)], 0.0, 10.0)
    assert taken["train", "writing"] == Time(4.0, pytest.approx(0.4))


def test_a_moment_is_shared_by_the_tasks_that_are_at_work_in_it() -> None:
    taken = times([Stage("recommend", "judging", 0.0, 10.0), Stage("similarity", "writing", 6.0, 10.0)], 0.0, 10.0)
    assert taken["recommend", "judging"] == Time(10.0, pytest.approx(0.8))
    assert taken["similarity", "writing"] == Time(4.0, pytest.approx(0.2))


def test_time_that_no_stage_tells_of_is_nobodys() -> None:
    taken = times([Stage("ingest", "writing", 0.0, 4.0), Stage("clean", "writing", 7.0, 10.0)], 0.0, 10.0)
    assert sum(time.share for time in taken.values()) == pytest.approx(0.7)


def test_a_stage_that_fails_is_told_of() -> None:
    with recorded_stages() as stages, pytest.raises(ValueError, match="torn"), stage("ingest", "judging"):
        raise ValueError("torn")
    assert [(one.task, one.name) for one in stages] == [("ingest", "judging")]


def test_the_process_began_before_it_imported_anything() -> None:
    age = time.monotonic() - process_start()
    assert time.process_time() / 2 < age < 24 * 3600
