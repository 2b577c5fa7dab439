from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree
from typing import Any
from uuid import uuid4

import pytest
from pyspark.sql import SparkSession

from movie_lakehouse.errors import TableError
from movie_lakehouse.lakehouse.catalog_place import CatalogPlace
from movie_lakehouse.lakehouse.folder_place import FolderPlace
from movie_lakehouse.lakehouse.place import place_of
from movie_lakehouse.lakehouse.store import Store
from support.frames import bronze_frame, sound_row, table_frame
from support.no_session import no_session

GENRES = "silver.movie_genres"
LINKS = "silver.links"
QUARANTINE = "silver.quarantine"


def put(store: Store, *pairs: tuple[int, str]) -> Any:
    """A frame of movie_genres."""
    return store.spark.createDataFrame(list(pairs), "movie_id INT, genre STRING")


def links(store: Store, *rows: tuple[int, str, int | None]) -> Any:
    """A frame of links."""
    return store.spark.createDataFrame(list(rows), "movie_id INT, imdb_id STRING, tmdb_id INT")


def rows(store: Store, name: str, version: int | None = None) -> list[tuple[Any, ...]]:
    """The table's rows in order."""
    return sorted(tuple(row) for row in store.read(name, version).collect())


def test_a_table_that_is_not_there_is_named_with_the_command_that_makes_it(store: Store) -> None:
    with pytest.raises(TableError, match=r"silver\.links is not there yet; `lakehouse run` makes it"):
        store.read(LINKS)


def test_a_table_that_is_not_there_can_be_read_without_rows_and_is_not_made(store: Store) -> None:
    assert store.read_or_empty(GENRES).columns == ["movie_id", "genre"]
    assert store.read_or_empty(GENRES).isEmpty()
    assert store.versions([GENRES, LINKS]) == {}


def test_a_table_is_made_over_what_a_run_has_left_that_ended_before_the_first_commit(store: Store) -> None:
    assert isinstance(store.place, FolderPlace)
    folder = store.place.folder(GENRES)
    (folder / "_delta_log").mkdir(parents=True)
    (folder / "_delta_log" / ".00000000000000000000.json.1f2e.tmp").write_bytes(b"")

    store.append(GENRES, put(store, (1, "Drama")))

    assert rows(store, GENRES) == [(1, "Drama")]


def test_a_tables_rows_are_counted_and_a_table_that_is_not_there_has_none(store: Store) -> None:
    store.append(GENRES, put(store, (1, "Drama"), (1, "War")))

    assert (store.count(GENRES), store.count(LINKS)) == (2, 0)


def test_appending_adds_rows_in_one_commit_and_puts_columns_in_order(store: Store) -> None:
    store.append(GENRES, put(store, (1, "Drama")))
    before = store.version(GENRES)
    store.append(GENRES, store.spark.createDataFrame([("War", "2"), ("Drama", "2")], "genre STRING, movie_id STRING"))

    assert rows(store, GENRES) == [(1, "Drama"), (2, "Drama"), (2, "War")]
    assert store.version(GENRES) == before + 1  # type: ignore[operator]


def test_appending_to_an_open_table_adds_its_new_columns(store: Store) -> None:
    old = bronze_frame(store.spark, "links", [{"movieId": "1"}])
    store.append("bronze.links", old)
    store.append("bronze.links", old.selectExpr("'2' AS movieId", "* EXCEPT (movieId)", "'x' AS extra"))

    found = store.read("bronze.links").select("movieId", "extra").collect()
    assert sorted(tuple(row) for row in found) == [("1", None), ("2", "x")]


def test_replacing_leaves_only_the_new_rows_and_the_old_ones_at_their_version(store: Store) -> None:
    store.replace(GENRES, put(store, (1, "Drama"), (2, "War")))
    before = store.version(GENRES)
    store.replace(GENRES, put(store, (3, "Comedy")))

    assert rows(store, GENRES) == [(3, "Comedy")]
    assert rows(store, GENRES, version=before) == [(1, "Drama"), (2, "War")]


def test_a_version_that_is_not_kept_is_named(store: Store) -> None:
    store.replace(GENRES, put(store, (1, "Drama")))
    with pytest.raises(TableError, match=rf"The table {GENRES} has no version 99 any more"):
        store.read(GENRES, 99)


def test_a_write_that_is_refused_leaves_the_table_as_it_was(store: Store) -> None:
    store.replace(GENRES, put(store, (1, "Drama")))
    with pytest.raises(Exception, match="genre_named"):
        store.replace(GENRES, put(store, (1, "War"), (2, "")))

    assert rows(store, GENRES) == [(1, "Drama")]


def test_a_merge_that_is_refused_leaves_the_table_as_it_was_and_no_view(store: Store) -> None:
    store.replace(GENRES, put(store, (1, "Drama")))
    with pytest.raises(Exception, match="genre_named"):
        store.merge(GENRES, put(store, (1, "War"), (2, "")))

    assert rows(store, GENRES) == [(1, "Drama")]
    assert not store.spark.catalog.tableExists(f"changes_of_{GENRES.replace('.', '_')}")


def test_merging_writes_only_the_rows_that_differ(store: Store) -> None:
    store.merge(LINKS, links(store, (1, "01", 1), (2, "02", None), (3, "03", 3), (4, "04", None)))
    wanted = links(store, (1, "01", 1), (2, "02", 22), (4, "04", None), (5, "05", 5))

    assert store.merge(LINKS, wanted) is True

    assert rows(store, LINKS) == sorted(tuple(row) for row in wanted.collect())
    newest = store.spark.sql(f"DESCRIBE HISTORY {store.place.identifier(LINKS)} LIMIT 1").first()
    counts = {what: newest["operationMetrics"][f"numTargetRows{what}"] for what in ("Inserted", "Updated", "Deleted")}
    assert counts == {"Inserted": "1", "Updated": "1", "Deleted": "1"}


def test_merging_appends_where_all_rows_that_differ_have_new_keys(store: Store) -> None:
    store.merge(LINKS, links(store, (1, "01", 1)))

    assert store.merge(LINKS, links(store, (1, "01", 1), (2, "02", None))) is True

    assert rows(store, LINKS) == [(1, "01", 1), (2, "02", None)]
    newest = store.spark.sql(f"DESCRIBE HISTORY {store.place.identifier(LINKS)} LIMIT 1").first()
    assert (newest["operation"], newest["operationParameters"]["mode"]) == ("WRITE", "Append")


def test_merging_what_is_there_already_writes_no_version(store: Store) -> None:
    frame = table_frame(store.spark, "silver.movies", [sound_row("silver.movies", genres=["War"], release_year=None)])
    store.merge("silver.movies", frame)
    before = store.version("silver.movies")

    assert store.merge("silver.movies", frame) is False
    assert store.version("silver.movies") == before


def test_merging_without_a_key_writes_no_version_for_the_same_rows_in_another_order(store: Store) -> None:
    first, second = sound_row(QUARANTINE), sound_row(QUARANTINE, reasons=["orphan", "not_a_number"])
    store.merge(QUARANTINE, table_frame(store.spark, QUARANTINE, [first, second]))
    before = store.version(QUARANTINE)

    assert store.merge(QUARANTINE, table_frame(store.spark, QUARANTINE, [second, first])) is False
    assert store.version(QUARANTINE) == before


def test_merging_without_a_key_counts_rows_that_are_alike(store: Store) -> None:
    row = sound_row(QUARANTINE)
    store.replace(QUARANTINE, table_frame(store.spark, QUARANTINE, [row, row]))

    assert store.merge(QUARANTINE, table_frame(store.spark, QUARANTINE, [row])) is True
    assert store.read(QUARANTINE).count() == 1


PUBLICATIONS = "ops.publications"
NEWEST = "SELECT * FROM {table} ORDER BY number DESC LIMIT 1"


def publication(number: int, kind: str = "run") -> dict[str, Any]:
    """A row of ops.publications."""
    at = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)
    run = {"run_id": "r", "kind": kind, "of_run": "the user's", "published_at": at}
    return {"number": number, **run, "tables": {"gold.x": number, "gold.y": 0}}


@pytest.fixture(params=["folder", "catalog"])
def any_store(request: pytest.FixtureRequest, spark: SparkSession, store: Store) -> Iterator[Store]:
    """A lakehouse in a folder, and one in a catalog."""
    if request.param == "folder":
        yield store
        return
    prefix = f"p{uuid4().hex}_"
    spark.sql(f"CREATE SCHEMA spark_catalog.{prefix}ops")
    yield Store(lambda: spark, CatalogPlace("spark_catalog", prefix))
    spark.sql(f"DROP SCHEMA spark_catalog.{prefix}ops CASCADE")


def test_rows_in_hand_are_added_and_asked_for_alike_in_a_folder_and_in_a_catalog(any_store: Store) -> None:
    any_store.append_rows(PUBLICATIONS, [publication(1), publication(2)])
    (newest,) = any_store.rows(PUBLICATIONS, NEWEST)
    assert newest | {"tables": dict(newest["tables"])} == publication(2)


def test_rows_are_asked_for_as_they_were_at_a_version(any_store: Store) -> None:
    any_store.append_rows(PUBLICATIONS, [publication(1)])
    before = any_store.version(PUBLICATIONS)
    any_store.append_rows(PUBLICATIONS, [publication(2)])
    assert [row["number"] for row in any_store.rows(PUBLICATIONS, NEWEST, before)] == [1]


def test_a_table_that_is_not_there_answers_without_rows(any_store: Store) -> None:
    assert any_store.rows(PUBLICATIONS, NEWEST) == []


@pytest.fixture(scope="module")
def first_publication(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder's lakehouse with one publication in it, to be copied."""
    root = tmp_path_factory.mktemp("publications") / "lakehouse"
    Store(lambda: spark, place_of(str(root))).append_rows(PUBLICATIONS, [publication(1)])
    return root


@pytest.fixture
def published(store: Store, first_publication: Path) -> Store:
    """A lakehouse in a folder with one publication in it."""
    assert isinstance(store.place, FolderPlace)
    copytree(first_publication, store.place.root)
    return store


def test_a_folders_rows_are_added_and_asked_for_without_a_session(published: Store) -> None:
    without_session = Store(no_session, published.place)
    without_session.append_rows(PUBLICATIONS, [publication(2)])
    assert [row["number"] for row in without_session.rows(PUBLICATIONS, NEWEST)] == [2]
    assert published.read(PUBLICATIONS).count() == 2


def test_of_rows_that_are_added_at_once_none_is_lost(published: Store) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: published.append_rows(PUBLICATIONS, [publication(number)]), range(2, 10)))
    found = published.rows(PUBLICATIONS, "SELECT number FROM {table}")
    assert sorted(row["number"] for row in found) == [*range(1, 10)]


@pytest.mark.parametrize("row", [publication(1, kind="odd"), publication(1) | {"run_id": None}], ids=["check", "null"])
def test_rows_that_a_declaration_forbids_are_refused_without_spark_too(published: Store, row: dict[str, Any]) -> None:
    with pytest.raises(TableError, match=r"The table ops\.publications cannot be written"):
        Store(no_session, published.place).append_rows(PUBLICATIONS, [row])
    assert published.read(PUBLICATIONS).count() == 1


def test_a_file_of_rows_that_is_gone_is_told_of_without_spark_too(published: Store) -> None:
    assert isinstance(published.place, FolderPlace)
    for file in published.place.folder(PUBLICATIONS).glob("*.parquet"):
        file.unlink()
    with pytest.raises(TableError, match=r"The table ops\.publications cannot be read"):
        published.rows(PUBLICATIONS, NEWEST)


@pytest.mark.parametrize(
    "use",
    [
        pytest.param(lambda store: store.rows(PUBLICATIONS, NEWEST), id="asked"),
        pytest.param(lambda store: store.append_rows(PUBLICATIONS, [publication(2)]), id="added to"),
    ],
)
def test_whoever_uses_a_table_whose_newest_commit_is_damaged_is_told_what_to_do(
    published: Store, use: Callable[[Store], object]
) -> None:
    assert isinstance(published.place, FolderPlace)
    newest = max(published.place.folder(PUBLICATIONS).glob("_delta_log/*.json"))
    newest.write_bytes(newest.read_bytes()[:-10])
    with pytest.raises(TableError, match=rf"is damaged, .*{newest.name}: put the file back from a copy, or delete it"):
        use(Store(no_session, published.place))


def test_changing_a_table_with_a_key_takes_rows_out_by_it_and_adds_others_in_one_commit(store: Store) -> None:
    store.append(LINKS, links(store, (1, "01", 1), (2, "02", None), (3, "03", 3)))
    before = store.version(LINKS)

    store.change(
        LINKS, gone=links(store, (1, "01", 1), (2, "02", None)), come=links(store, (2, "02", 22), (4, "04", 4))
    )

    assert rows(store, LINKS) == [(2, "02", 22), (3, "03", 3), (4, "04", 4)]
    assert store.version(LINKS) == before + 1  # type: ignore[operator]


def test_changing_a_table_without_a_key_takes_out_all_rows_that_are_alike(store: Store) -> None:
    orphan, torn = sound_row(QUARANTINE, reasons=["orphan"]), sound_row(QUARANTINE, reasons=["does_not_parse"])
    frames = [table_frame(store.spark, QUARANTINE, found) for found in ([orphan, orphan, torn], [orphan], [torn, torn])]
    store.append(QUARANTINE, frames[0])

    store.change(QUARANTINE, gone=frames[1], come=frames[2])

    assert [row["reasons"] for row in store.read(QUARANTINE).collect()] == [["does_not_parse"]] * 3


def test_a_change_of_nothing_writes_no_version(store: Store) -> None:
    store.append(LINKS, links(store, (1, "01", 1)))
    before = store.version(LINKS)

    store.change(LINKS, gone=None, come=links(store))

    assert store.version(LINKS) == before


def test_appends_are_known_by_their_labels_and_upkeep_has_none(store: Store) -> None:
    for label in ("first", "second", "third"):
        store.append(LINKS, links(store, (1, "01", 1)), label=label)
    store.compact(LINKS)

    assert store.labels_since(LINKS, 3) == []
    assert store.labels_since(LINKS, 1) == ["third", "second"]


@pytest.mark.parametrize("otherwise", ["append", "replace", "restore"])
def test_rows_that_changed_otherwise_than_by_labelled_appends_have_no_labels(store: Store, otherwise: str) -> None:
    store.append(LINKS, links(store, (1, "01", 1)), label="first")
    since = store.version(LINKS)
    store.append(LINKS, links(store, (2, "02", 2)), label="second")
    if otherwise == "restore":
        store.restore(LINKS, 1)
    else:
        getattr(store, otherwise)(LINKS, links(store, (3, "03", 3)))

    assert since is not None
    assert store.labels_since(LINKS, since) is None
