"""What people query changes when all tasks have done their part, all of it at once."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from movie_lakehouse.errors import NotFoundError, SetupError, TableError, TaskError
from movie_lakehouse.job.history import TaskRun, last_successes, record
from movie_lakehouse.job.publications import newest_publication
from movie_lakehouse.job.tasks.maintain import FILES_WORTH_COMPACTING, maintain
from movie_lakehouse.job.tasks.publish import publish
from movie_lakehouse.job.tasks.rollback import rollback
from movie_lakehouse.lakehouse.store import Store
from support.small_lakehouse import ROWS, table_of

TAGS, SUMMARY = "silver.tags", "gold.genre_summary"


class Job:
    """A lakehouse of two tables, the second made of the first, and the tasks under test."""

    def __init__(self, store: Store, root: Path) -> None:
        self.store = store
        self._arguments = [f"--lakehouse={root}", "--tracking=off"]

    def tag(self, *movies: int) -> None:
        """Put one tag for each movie into silver.tags."""
        rows = ", ".join(f"(1, {movie}, 'noir', TIMESTAMP '2015-06-01 12:00:00')" for movie in movies)
        self.store.replace(TAGS, table_of(self.store.spark, TAGS, rows))

    def summarise(self) -> None:
        """Work on the tags there are, and say so in ops.job_runs."""
        self.store.replace(SUMMARY, table_of(self.store.spark, SUMMARY, ROWS[SUMMARY]))
        read, now = self.store.versions([TAGS]), datetime.now(UTC)
        record(self.store, TaskRun("r", "summarise", "succeeded", now, now, read, {}, {}, "0"))

    def publish(self, run_id: str) -> str:
        return publish([*self._arguments, f"--run_id={run_id}"]).status

    def roll_back(self, to: str) -> None:
        rollback([*self._arguments, "--run_id=back", f"--to_run={to}"])

    def maintain(self) -> None:
        maintain([*self._arguments, "--run_id=upkeep"])

    def tagged(self, version: int | None = None) -> list[int]:
        """The movies that have a tag."""
        return sorted(row["movie_id"] for row in self.store.read(TAGS, version).collect())

    def tagged_for_people(self) -> list[int]:
        """The movies that have a tag in what people query."""
        newest = newest_publication(self.store)
        assert newest is not None
        return self.tagged(newest.tables[TAGS])


@pytest.fixture
def job(store: Store, tmp_path: Path) -> Job:
    """Tags of the movie 1, summed up and published by the run one."""
    made = Job(store, tmp_path / "lakehouse")
    made.tag(1)
    made.summarise()
    made.publish("one")
    return made


def test_what_is_there_already_is_not_published_again(job: Job) -> None:
    job.publish("again")
    newest = newest_publication(job.store)
    assert newest is not None
    assert (newest.number, newest.run_id, newest.tables) == (1, "one", job.store.newest_versions([TAGS, SUMMARY]))


def test_a_table_that_a_task_has_not_worked_on_yet_keeps_all_from_being_published(job: Job) -> None:
    job.tag(1, 2)
    with pytest.raises(TaskError, match=r"summarise has not worked on the tables as they are now; .*--from summarise"):
        job.publish("two")
    assert job.tagged_for_people() == [1]

    job.summarise()
    job.publish("two")
    assert job.tagged_for_people() == [1, 2]


def test_a_rollback_brings_the_tables_of_a_run_back_and_says_so(job: Job) -> None:
    job.tag(9)
    job.summarise()
    job.publish("garbage")
    job.roll_back("one")

    newest = newest_publication(job.store)
    assert newest is not None
    assert (newest.kind, newest.run_id, newest.of_run) == ("rollback", "back", "one")
    assert job.tagged() == job.tagged_for_people() == [1]
    assert newest.tables == job.store.newest_versions([TAGS, SUMMARY])


def test_one_can_roll_back_from_a_rollback(job: Job) -> None:
    job.tag(2)
    job.summarise()
    job.publish("two")
    job.roll_back("one")
    job.roll_back("two")
    assert job.tagged_for_people() == [2]


def test_a_run_that_published_nothing_cannot_be_gone_back_to(job: Job) -> None:
    with pytest.raises(NotFoundError, match=r"'none' has published nothing; the latest that have are one\."):
        job.roll_back("none")


def test_a_rollback_to_files_that_are_gone_changes_nothing_that_people_query(job: Job, tmp_path: Path) -> None:
    old_files = list((tmp_path / "lakehouse" / "silver" / "tags").rglob("*.parquet"))
    job.tag(2)
    job.summarise()
    job.publish("two")
    for file in old_files:
        file.unlink()

    with pytest.raises(TableError, match=r"silver\.tags cannot be brought back to version 1, which is no longer kept"):
        job.roll_back("one")
    assert job.tagged_for_people() == [2]


def test_upkeep_makes_few_files_and_is_no_reason_to_work_or_to_publish(job: Job) -> None:
    for user in range(2, FILES_WORTH_COMPACTING + 1):
        rows = f"({user}, 1, 'noir', TIMESTAMP '2015-06-01 12:00:00')"
        job.store.append(TAGS, table_of(job.store.spark, TAGS, rows))
    job.summarise()
    job.publish("eight")
    read = job.store.versions([TAGS])
    job.maintain()

    assert job.store.file_count(TAGS) == 1
    assert job.store.versions([TAGS]) == read
    assert job.tagged_for_people() == [1] * FILES_WORTH_COMPACTING
    job.publish("again")
    newest = newest_publication(job.store)
    assert newest is not None
    assert (newest.kind, newest.of_run) == ("upkeep", "eight")
    assert len(job.store.read(TAGS, newest.tables[TAGS]).inputFiles()) == 1, "people read the few files"


def test_upkeep_deletes_nothing_that_a_rollback_needs(job: Job) -> None:
    job.tag(2)
    job.summarise()
    job.publish("two")
    job.maintain()
    job.roll_back("one")
    assert job.tagged_for_people() == [1]


def test_upkeep_leaves_a_table_alone_whose_rows_wait_to_be_published(
    job: Job, capsys: pytest.CaptureFixture[str]
) -> None:
    job.tag(1, 2)
    job.maintain()
    assert "left alone, since they hold what has not been published: silver.tags" in capsys.readouterr().err
    assert job.tagged_for_people() == [1]


def test_a_clock_that_has_gone_back_stops_every_task(job: Job) -> None:
    with pytest.raises(SetupError, match=r"gone back: it says 2001-02-03 04:05:06, and \w+ ended at 20"):
        last_successes(job.store, datetime(2001, 2, 3, 4, 5, 6, tzinfo=UTC))
