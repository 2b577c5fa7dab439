"""SIGKILL in each task, at each commit of each table, and between a table's files and its commit."""

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from faults.harness import FAST, SECONDS_BETWEEN_LOOKS, Run, running
from faults.lakehouses import (
    WRITTEN,
    assert_all_open,
    assert_same_tables,
    commits,
    copied,
    in_parts,
    published_files,
    rows_files,
    run_here,
    sample_of,
    tables_until,
)
from faults.moments import MOMENTS, Moment
from faults.registry import MENDS, fault

pytestmark = pytest.mark.slow  # the whole job, halted, killed and mended
SHARE_AT_FIRST = 0.9
MENDED = 4
"""Of so many states one is run to its end; all are read."""


@pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: moment.tasks[0])
@fault("SIGKILL in every task, at commits and between files and commit, from the disk as it was just then", MENDS)
def test_what_a_job_killed_in_a_task_leaves_is_mended_by_running_again(
    halted: Path, tmp_path: Path, moment: Moment
) -> None:
    """A stopped process leaves on disk what a killed one does, so that one run serves for all of its tasks."""
    root = copied(halted / "moments" / moment.tasks[0], tmp_path / "lakehouse")
    assert_all_open(root)
    assert run_here(root, FAST, *moment.tasks).error is None
    assert_same_tables(root, halted / "lakehouse", tables_until(moment.tasks))


@pytest.mark.campaign
@fault("SIGKILL in every task in turn on one lakehouse, at commits and between files and commit", MENDS)
def test_a_job_killed_in_every_task_and_run_again_leaves_what_an_undisturbed_one_does(
    undisturbed: Path, tmp_path: Path
) -> None:
    root = tmp_path / "lakehouse"
    for moment in MOMENTS:
        with running(root, *(f"--only={task}" for task in moment.tasks)) as run:
            run.wait_until(lambda moment=moment: moment.is_reached(root), str(moment))
            run.kill()
        assert set(run.tasks_under_way()) == set(moment.tasks)
        assert_all_open(root)
        assert run_here(root, FAST, *moment.tasks).error is None
    assert run_here(root, FAST).error is None
    assert_same_tables(root, undisturbed)


@dataclass(frozen=True)
class Frozen:
    """A lakehouse as it was on disk when a run had committed something, and what is known of it.

    Attributes:
        root: a copy of it.
        tasks: what was under way.
        new: what had been committed, or written for a commit, since the one before.
        published: the files that people's queries read.
    """

    root: Path
    tasks: list[str]
    new: set[str]
    published: dict[str, list[tuple[str, int]]]


def frozen_states(run: Run, root: Path, copies: Path) -> Iterator[Frozen]:
    """Stop the run at each new commit and each new file of rows, copy the lakehouse, and let the run go on."""
    known, number = commits(root) | rows_files(root), 0
    while run.is_alive:
        time.sleep(SECONDS_BETWEEN_LOOKS)
        if (commits(root) | rows_files(root)) <= known:
            continue
        number += 1
        with run.frozen():
            tasks, copy = run.tasks_under_way(), copied(root, copies / str(number))
        new = (commits(copy) | rows_files(copy)) - known
        known |= new
        assert_all_open(copy)
        yield Frozen(copy, tasks, new, published_files(copy))


def set_aside(source: Path) -> Path:
    """Take the last ratings out of a source, and give the file that has them."""
    whole, rest = source / "ratings" / "1.csv", source / "2.csv"
    header, *lines = whole.read_text(encoding="utf-8").splitlines(keepends=True)
    at = int(len(lines) * SHARE_AT_FIRST)
    whole.write_text("".join([header, *lines[:at]]), encoding="utf-8")
    rest.write_text("".join([header, *lines[at:]]), encoding="utf-8")
    return rest


@pytest.fixture(scope="module")
def renewed(undisturbed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of a source, the lakehouse ``before`` some ratings came, and the one ``after``, undisturbed."""
    folder = tmp_path_factory.mktemp("renewed")
    source = in_parts(sample_of(undisturbed), folder / "source")
    rest = set_aside(source)
    assert run_here(folder / "before", FAST | {"source": str(source)}).error is None
    rest.rename(source / "ratings" / "2.csv")
    copied(folder / "before", folder / "after")
    assert run_here(folder / "after", FAST | {"source": str(source)}).error is None
    return folder


@pytest.fixture(scope="module")
def states(renewed: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Frozen]:
    """Every state on disk of a run that renews the tables."""
    folder = tmp_path_factory.mktemp("states")
    root = copied(renewed / "before", folder / "lakehouse")
    with running(root, settings=FAST | {"source": str(renewed / "source")}) as run:
        found = list(frozen_states(run, root, folder / "copies"))
        assert run.end().status == 0
    assert_same_tables(root, renewed / "after")
    return found


@pytest.mark.campaign
@fault(
    "SIGKILL at every commit of every table and every file of rows, from the disk as it was just then",
    f"every table is readable; of every {MENDED} states one was mended, and there {MENDS}",
)
def test_a_task_that_was_killed_at_a_commit_mends_it(states: list[Frozen], renewed: Path) -> None:
    """A stopped process leaves on disk what a killed one does, so that one run serves for all of its commits."""
    tables = {name for tables in WRITTEN.values() for name in tables.split()} - {"gold.ranking_weights"}
    committed = {name.split("/_delta_log")[0].replace("/", ".") for state in states for name in state.new}
    assert {name for name in tables if name.startswith("gold.")} <= committed
    for state in [state for state in states if state.tasks][::MENDED]:
        root = shutil.copytree(state.root, state.root.with_suffix(".mended"))
        assert run_here(root, FAST | {"source": str(renewed / "source")}, *state.tasks).error is None
        assert_same_tables(root, renewed / "after", tables_until(state.tasks))


@pytest.mark.campaign
@fault(
    "people query while a run renews the tables, or after it was killed there",
    "they read the tables of the run before, every file of them, until one commit shows them all of the new ones",
)
def test_people_query_one_whole_publication_at_every_moment(states: list[Frozen], renewed: Path) -> None:
    before, last = published_files(renewed / "before"), states[-1].published
    seen = [state.published for state in states]
    switched = seen.index(last) if last != before else len(seen)
    assert len(states) > 20
    assert seen == [before] * switched + [last] * (len(seen) - switched)
