from typing import Any

import pytest
from bundle_folder import plan_of, planned

from movie_lakehouse.errors import SettingError
from movie_lakehouse.job.plan import chosen, in_order

DIAMOND = (planned("a"), planned("b", "a"), planned("c", "a"), planned("d", "b", "c"))


def keys(tasks: tuple) -> list[str]:
    return [task.key for task in tasks]


def test_tasks_come_after_those_they_depend_on_however_they_are_written() -> None:
    assert keys(in_order(reversed(DIAMOND)))[0] == "a"
    assert keys(in_order(reversed(DIAMOND)))[-1] == "d"


def test_two_tasks_of_one_key_are_refused() -> None:
    with pytest.raises(SettingError, match=r"job\.yml: a: another task has the key 'a'"):
        in_order([planned("a"), planned("a")])


def test_all_tasks_are_chosen_unless_some_are_named() -> None:
    assert chosen(DIAMOND) == DIAMOND


def test_tasks_can_be_chosen_by_name_in_any_order() -> None:
    assert keys(chosen(DIAMOND, only=["d", "b"])) == ["b", "d"]


def test_chosen_tasks_still_wait_for_each_other_across_one_left_out() -> None:
    chain = (planned("a"), planned("b", "a"), planned("c", "b"))
    assert chosen(chain, only=["a", "c"])[1].depends_on == ("a",)


def test_a_task_and_all_that_depend_on_it_can_be_chosen() -> None:
    assert keys(chosen(DIAMOND, from_task="b")) == ["b", "d"]
    assert keys(chosen(DIAMOND, from_task="a")) == ["a", "b", "c", "d"]


def test_an_unknown_task_is_refused_with_those_there_are() -> None:
    with pytest.raises(SettingError, match="no task 'z'; it has a, b, c, d"):
        chosen(DIAMOND, only=["z"])


@pytest.mark.parametrize("choice", [{"only": [""]}, {"from_task": ""}])
def test_a_name_without_letters_does_not_choose_the_whole_job(choice: dict[str, Any]) -> None:
    with pytest.raises(SettingError, match="no task ''; it has a, b, c, d"):
        chosen(DIAMOND, **choice)


def test_both_ways_of_choosing_at_once_are_refused() -> None:
    with pytest.raises(SettingError, match="not both"):
        chosen(DIAMOND, only=["a"], from_task="b")


def test_a_plan_reads_as_a_numbered_list() -> None:
    text = str(plan_of(planned("paint", timeout=60, retries=1), planned("dry", "paint")))
    assert text.splitlines() == [
        "The job films, target local, run run-1:",
        "1. paint  at most 60 s; 1 retry",
        "2. dry    after paint",
        "with",
        "   colour = red",
    ]
