"""Lists for somebody new, and the reasons of a user's list, as they are typed."""

import json
from pathlib import Path

import pytest

from support.commands import Lakehouse
from support.explored_lakehouse import make_explored_lakehouse


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(make_explored_lakehouse(Path(tmp_path_factory.mktemp("explored"), "lakehouse")))


def test_who_rates_a_few_movies_gets_others_at_once(lakehouse: Lakehouse, root: str) -> None:
    ended = lakehouse("recommend", "--rated", "Toy Story=5", "--rated", "Heat=1.5", "--root", root, "--format", "json")

    rows = json.loads(ended.out)
    assert [row["rank"] for row in rows] == list(range(1, len(rows) + 1))
    assert {row["source"] for row in rows} == {"ranking"}
    assert not {"Toy Story (1995)", "Heat (1995)"} & {row["title"] for row in rows}


def test_why_names_the_movies_that_speak_most_for_each(lakehouse: Lakehouse, root: str) -> None:
    ended = lakehouse("recommend", "--user", "5", "--why", "--root", root, "--format", "json")

    reasons = [row["because"] for row in json.loads(ended.out) if row["source"] == "ranking"]
    adds = [[reason["adds"] for reason in of_movie] for of_movie in reasons]
    assert any(adds)
    assert adds == [sorted(of_movie, reverse=True) for of_movie in adds]


def test_why_wants_a_user(lakehouse: Lakehouse, root: str) -> None:
    ended = lakehouse("recommend", "--rated", "Heat=4", "--why", "--root", root)

    assert (ended.status, ended.out) == (1, "")
    assert "--why goes with --user" in ended.err
