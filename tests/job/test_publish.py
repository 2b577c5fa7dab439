"""What people query changes when all tasks have done their part, all of it at once."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from deltalake import DeltaTable
from pyspark.sql import SparkSession

from movie_lakehouse.errors import NotFoundError, SetupError, TableError, TaskError
from movie_lakehouse.job.context import Context
from movie_lakehouse.job.history import JOB_RUNS, TaskRun, last_successes, record
from movie_lakehouse.job.publications import (
    PUBLICATIONS,
    Publication,
    newest_of_each_run,
    newest_publication,
    publish_beside,
)
from movie_lakehouse.job.task import Rows, Task
from movie_lakehouse.job.tasks.maintain import FILES_WORTH_COMPACTING, maintain
from movie_lakehouse.job.tasks.publish import publish
from movie_lakehouse.job.tasks.rollback import rollback
from movie_lakehouse.lakehouse.catalog_place import CatalogPlace
from movie_lakehouse.lakehouse.folder_place import FolderPlace
from movie_lakehouse.lakehouse.place import place_of
from movie_lakehouse.lakehouse.store import Store
from movie_lakehouse.lakehouse.tables import table_named
from movie_lakehouse.query.delta import data_files
from movie_lakehouse.query.reader import LakehouseReader
from support.frames import sound_row
from support.tiny_lakehouse import write_table

BRONZE, TAGS, SUMMARY = "bronze.tags", "silver.tags", "gold.genre_summary"
LINKS, FACTORS, RUNS = "silver.links", "gold.user_factors", "gold.model_runs"


class Job:
    """A lakehouse of three tables, each made of the one before, and the tasks under test."""

    def __init__(self, store: Store, root: Path) -> None:
        self.store = store
        self.root = root
        self._arguments = [f"--lakehouse={root}", "--tracking=off"]

    def tag(self, *movies: int) -> None:
        """Put one tag for each movie into silver.tags, as its task does."""
        write_table(self.root, TAGS, [sound_row(TAGS, movie_id=movie) for movie in movies])
        self.ended("clean", BRONZE, TAGS)

    def summarise(self, *, writes: bool = False) -> None:
        """Say in ops.job_runs that it has worked on the tags there are, be it that it wrote its table or had not to."""
        if writes:
            write_table(self.root, SUMMARY, [sound_row(SUMMARY)])
        self.ended("summarise", TAGS, SUMMARY)

    def ended(self, task: str, read: str, *left: str) -> None:
        """Say in ops.job_runs that a task has ended well that read a table as it is now and left others so."""
        reads, writes, now = self.store.versions([read]), self.store.versions(left), datetime.now(UTC)
        record(self.store, TaskRun("r", task, "succeeded", now, now, reads, writes, {}, "0"))

    def publication(self) -> Publication:
        """What people query."""
        newest = newest_publication(self.store)
        assert newest is not None
        return newest

    def rows(self) -> dict[str, int]:
        """How many rows each table has."""
        return {name: self.store.count(name) for name in (BRONZE, TAGS, SUMMARY)}

    def work(self, task: Task) -> None:
        task(self._arguments)

    def publish(self, run_id: str) -> str:
        return publish([*self._arguments, f"--run_id={run_id}"]).status

    def roll_back(self, to: str) -> None:
        rollback([*self._arguments, "--run_id=back", f"--to_run={to}"])

    def maintain(self) -> None:
        maintain([*self._arguments, "--run_id=upkeep"])

    def tagged(self, version: int | None = None) -> list[int]:
        """The movies that have a tag."""
        at = "" if version is None else f" VERSION AS OF {version}"
        rows = LakehouseReader(self.root).sql(f"SELECT movie_id FROM {TAGS}{at} ORDER BY movie_id")
        return [movie for (movie,) in rows]

    def tagged_for_people(self) -> list[int]:
        """The movies that have a tag in what people query."""
        return self.tagged(self.publication().tables[TAGS])


@pytest.fixture(scope="module")
def tables(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables as Spark makes them, constraints and days kept included, without rows; bronze stands beside."""
    root = tmp_path_factory.mktemp("publish") / "lakehouse"
    store = Store(lambda: spark, place_of(str(root)))
    for name in (TAGS, SUMMARY, JOB_RUNS, PUBLICATIONS):
        store.create(table_named(name))
    write_table(root, BRONZE, [])
    return root


@pytest.fixture
def job(store: Store, tables: Path, tmp_path: Path) -> Job:
    """Tags of the movie 1, summed up and published by the run one."""
    made = Job(store, shutil.copytree(tables, tmp_path / "lakehouse"))
    made.tag(1)
    made.summarise()
    made.publish("one")
    return made


def test_what_is_there_already_is_not_published_again(job: Job) -> None:
    job.publish("again")
    newest = job.publication()
    assert (newest.number, newest.run_id) == (1, "one")
    assert newest.tables == job.store.newest_versions([BRONZE, TAGS, SUMMARY])


def test_a_table_that_a_task_has_not_worked_on_yet_keeps_all_from_being_published(job: Job) -> None:
    job.tag(1, 2)
    with pytest.raises(TaskError, match=r"summarise has not worked on the tables as they are now; .*--from summarise"):
        job.publish("two")
    assert job.tagged_for_people() == [1]

    job.summarise()
    job.publish("two")
    assert job.tagged_for_people() == [1, 2]


def test_what_a_task_has_left_that_was_broken_off_keeps_all_from_being_published(job: Job) -> None:
    write_table(job.root, SUMMARY, [sound_row(SUMMARY)])
    with pytest.raises(TaskError, match="summarise has not worked on the tables as they are now"):
        job.publish("two")


def test_what_changed_while_a_task_read_it_keeps_all_from_being_published(job: Job) -> None:
    def summarise_and_be_overtaken(_: Context) -> Rows:
        job.tag(1, 2)
        return {}

    job.work(Task("summarise", summarise_and_be_overtaken, reads=(TAGS,), writes=(SUMMARY,)))
    with pytest.raises(TaskError, match="summarise has not worked on the tables as they are now"):
        job.publish("two")
    assert job.tagged_for_people() == [1]


def test_what_a_first_try_has_left_that_was_broken_off_keeps_all_from_being_published(job: Job) -> None:
    write_table(job.root, FACTORS, [sound_row(FACTORS)])
    job.ended("maintain", "gold.no_table", FACTORS)
    with pytest.raises(TaskError, match=r"no task that ended well has left gold\.user_factors; run the whole job"):
        job.publish("two")

    write_table(job.root, RUNS, [sound_row(RUNS)])
    job.ended("train", TAGS, FACTORS)
    job.publish("two")
    assert {FACTORS, RUNS} <= job.publication().tables.keys()


def test_where_no_table_is_there_nothing_is_published(store: Store, tmp_path: Path) -> None:
    publish([f"--lakehouse={tmp_path / 'lakehouse'}", "--run_id=empty"])
    assert newest_publication(store) is None


def test_a_rollback_brings_the_tables_of_a_run_back_and_says_so(job: Job) -> None:
    job.tag(9)
    job.summarise(writes=True)
    job.publish("garbage")
    job.roll_back("one")

    newest = job.publication()
    assert (newest.kind, newest.run_id, newest.of_run) == ("rollback", "back", "one")
    assert job.tagged() == job.tagged_for_people() == [1]
    assert newest.tables == job.store.newest_versions([BRONZE, TAGS, SUMMARY])


def test_a_rollback_publishes_no_table_that_the_run_had_not(job: Job) -> None:
    write_table(job.root, LINKS, [sound_row(LINKS)])
    job.ended("clean", BRONZE, TAGS, LINKS)
    job.publish("two")
    job.roll_back("one")
    assert [LINKS in one.tables for one in newest_of_each_run(job.store).values()] == [False, True]


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


def test_a_rollback_to_files_that_are_gone_changes_nothing_that_people_query(job: Job) -> None:
    old_files = list((job.root / "silver" / "tags").rglob("*.parquet"))
    job.tag(2)
    job.summarise()
    job.publish("two")
    for file in old_files:
        file.unlink()

    with pytest.raises(TableError, match=r"silver\.tags cannot be brought back to version 1, which is no longer kept"):
        job.roll_back("one")
    assert job.tagged_for_people() == [2]


@pytest.mark.parametrize("are_seen", [True, False], ids=["files", "catalog"])
def test_a_rollback_that_cannot_bring_all_tables_back_brings_none_back(
    job: Job, monkeypatch: pytest.MonkeyPatch, are_seen: bool
) -> None:
    job.summarise(writes=True)
    job.publish("two")
    files = list((job.root / "gold" / "genre_summary").rglob("*.parquet"))
    write_table(job.root, BRONZE, [sound_row(BRONZE)])
    job.tag(1, 2)
    write_table(job.root, SUMMARY, [sound_row(SUMMARY), sound_row(SUMMARY, genre="War")])
    job.summarise()
    job.publish("three")
    rows, published, versions = job.rows(), job.publication(), job.store.versions([BRONZE, TAGS, SUMMARY])
    for file in files:
        file.unlink()
    if not are_seen:
        monkeypatch.setattr(FolderPlace, "lost_files", CatalogPlace.lost_files)

    with pytest.raises(TableError, match=r"gold\.genre_summary cannot be brought back to version 1, which is no"):
        job.roll_back("two")
    assert (job.rows(), job.publication()) == (rows, published)
    assert (job.store.versions([BRONZE, TAGS, SUMMARY]) == versions) is are_seen


def test_files_that_are_removed_are_no_reason_to_publish_or_to_bring_a_table_back(job: Job) -> None:
    job.tag(2)
    job.summarise()
    job.publish("two")
    published, versions = job.publication(), job.store.versions([BRONZE, TAGS, SUMMARY])
    tags = DeltaTable(str(job.root / "silver" / "tags"))
    tags.vacuum(retention_hours=0, enforce_retention_duration=False, dry_run=False)
    assert tags.history(1)[0]["operation"] == "VACUUM END"

    publish_beside(job.store, [TAGS], kind="upkeep", run_id="upkeep", now=datetime.now(UTC))
    assert job.publication() == published
    job.roll_back("two")
    assert job.store.versions([BRONZE, TAGS, SUMMARY]) == versions
    assert job.publication().tables == published.tables


def test_upkeep_makes_few_files_and_is_no_reason_to_work_or_to_publish(job: Job) -> None:
    for user in range(2, FILES_WORTH_COMPACTING + 1):
        write_table(job.root, TAGS, [sound_row(TAGS, user_id=user)], mode="append")
    job.ended("clean", BRONZE, TAGS)
    job.summarise()
    job.publish("eight")
    read = job.store.versions([TAGS])
    job.maintain()

    assert job.store.file_count(TAGS) == 1
    assert job.store.versions([TAGS]) == read
    assert job.tagged_for_people() == [1] * FILES_WORTH_COMPACTING
    job.publish("again")
    newest = job.publication()
    assert (newest.kind, newest.of_run) == ("upkeep", "eight")
    published = LakehouseReader(job.root).open(TAGS, newest.tables[TAGS])
    assert len(data_files(published, job.root / "silver" / "tags")) == 1, "people read the few files"


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


def test_upkeep_publishes_no_table_that_waits_to_be_published_for_the_first_time(job: Job) -> None:
    write_table(job.root, LINKS, [sound_row(LINKS)])
    job.maintain()
    assert LINKS not in job.publication().tables


def test_a_clock_that_has_gone_back_stops_every_task(job: Job) -> None:
    with pytest.raises(SetupError, match=r"gone back: it says 2001-02-03 04:05:06, and \w+ ended at 20"):
        last_successes(job.store, datetime(2001, 2, 3, 4, 5, 6, tzinfo=UTC))
