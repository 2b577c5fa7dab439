"""ingest: all new files or none, each once."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from movie_lakehouse.errors import SourceError
from movie_lakehouse.job.progress import PlainLines, set_listener
from movie_lakehouse.job.tasks.ingest import TABLES, ingest
from movie_lakehouse.lakehouse.place import place_of
from movie_lakehouse.lakehouse.store import Store

TEXTS = {
    "movies.csv": "movieId,title,genres\n1,Toy Story (1995),Animation\n",
    "ratings/part-1.csv": "userId,movieId,rating,timestamp\n1,1,4.0,964982703\n",
    "ratings/part-2.csv": "userId,movieId,rating,timestamp\n2,1,3.5,964982703\n3,1\n",
    "links.csv": "movieId,imdbId,tmdbId\n",
    "tags.csv": "userId,movieId,tag,timestamp\n1,1,funny,964982704\n",
    "ratings-fixed.csv": "userId,movieId,rating,timestamp\n3,1,4.0,964982703\n",
}
SUITES = Path(__file__).parents[2] / "expectations"


def write_source(folder: Path) -> Path:
    for name, text in TEXTS.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def run_ingest(store: Store, source: Path | str, *more: str) -> None:
    root = store.place.folder("bronze.movies").parents[1]  # type: ignore[attr-defined]
    ingest([f"--lakehouse={root}", f"--source={source}", f"--expectations={SUITES}", *more])


@dataclass(frozen=True)
class ThreeRuns:
    """A lakehouse into which a source was taken, then again, then with tags.csv changed; and what was said."""

    store: Store
    versions: list[dict[str, int]]
    notices: list[str]


class Notices(PlainLines):
    """Keeps the lines."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def notice(self, task: str, text: str) -> None:
        self.lines.append(text)


@pytest.fixture(scope="module")
def three_runs(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ThreeRuns]:
    folder = tmp_path_factory.mktemp("ingest")
    store, source = Store(lambda: spark, place_of(str(folder / "lakehouse"))), write_source(folder / "source")
    notices = Notices()
    set_listener(notices)
    versions = []
    for changed in ("", "", "userId,movieId,tag,timestamp,mood\n1,1,funny,964982704,good\n2,1,dark,964982705,\n"):
        if changed:
            (source / "tags.csv").write_text(changed, encoding="utf-8")
        run_ingest(store, source)
        versions.append(store.versions(list(TABLES)))
    yield ThreeRuns(store, versions, notices.lines)
    set_listener(PlainLines())


def test_the_parts_of_a_table_are_one_batch(three_runs: ThreeRuns) -> None:
    ratings = three_runs.store.read("bronze.ratings")

    assert ratings.agg(F.count("*"), F.count_distinct("_batch_id"), F.count_distinct("_source_file")).first() == (
        3,
        1,
        2,
    )


def test_a_file_with_only_a_header_leaves_an_empty_table(three_runs: ThreeRuns) -> None:
    assert three_runs.store.read("bronze.links").isEmpty()


def test_the_same_files_again_write_nothing(three_runs: ThreeRuns) -> None:
    first, second, _ = three_runs.versions

    assert second == first


def test_a_changed_file_alone_is_appended_as_a_new_batch(three_runs: ThreeRuns) -> None:
    _, second, third = three_runs.versions
    tags = three_runs.store.read("bronze.tags")

    assert {name for name in TABLES if third[name] != second[name]} == {"bronze.tags"}
    assert [row["count"] for row in tags.groupBy("_batch_id").count().orderBy("_batch_id").collect()] == [1, 2]


def test_an_extra_column_is_kept_and_said(three_runs: ThreeRuns) -> None:
    moods = [row["mood"] for row in three_runs.store.read("bronze.tags").orderBy("_batch_id", "userId").collect()]

    assert moods == [None, "good", None]
    assert "tags.csv has extra columns, kept in bronze: mood" in three_runs.notices


def test_a_file_that_is_of_no_table_is_told_of(three_runs: ThreeRuns) -> None:
    assert "not of any table, not taken: ratings-fixed.csv" in three_runs.notices


def test_one_bad_file_keeps_all_the_others_out(store: Store, tmp_path: Path) -> None:
    source = write_source(tmp_path / "source")
    (source / "tags.csv").write_bytes(b"userId,movieId,tag,timestamp\n1,1,caf\xe9,5\n")

    with pytest.raises(SourceError, match=r"tags\.csv is not UTF-8 in line 2"):
        run_ingest(store, source)

    assert store.versions(list(TABLES)) == {}
    failed = store.read("ops.job_runs").first()
    assert failed is not None
    assert (failed["status"], "tags.csv is not UTF-8" in failed["message"]) == ("failed", True)
    assert str(tmp_path) not in failed["message"]


def test_a_job_that_is_told_where_files_land_has_its_downloads_there(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cluster's workers read the volume of the landing folder, and not the disk of the driver."""
    monkeypatch.setenv("MOVIE_LAKEHOUSE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    folder = write_source(tmp_path / "volume" / "ml-latest-small")
    (folder / "ratings" / "part-1.csv").rename(folder / "ratings.csv")
    shutil.rmtree(folder / "ratings")

    run_ingest(store, "movielens-small", f"--landing={tmp_path / 'volume'}")
    assert store.read("bronze.ratings").count() == 1
