"""A lakehouse may be older than the program: its tables get the columns that have been declared since."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import uuid4

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from movie_lakehouse.errors import TableError
from movie_lakehouse.lakehouse.catalog_place import CatalogPlace
from movie_lakehouse.lakehouse.contract import Column
from movie_lakehouse.lakehouse.declared import make_as_declared
from movie_lakehouse.lakehouse.store import Store
from movie_lakehouse.lakehouse.tables import ALL_TABLES, table_named
from support.frames import sound_row
from support.no_session import no_session

GENRES = "silver.movie_genres"
PUBLICATIONS = "ops.publications"
MOOD = Column("mood", "STRING", "What the genre's films feel like.")
Declare = Callable[[str, Column], None]


@pytest.fixture
def declare(monkeypatch: pytest.MonkeyPatch) -> Declare:
    """Lets the program be a newer version, which declares one column more."""

    def one_more(name: str, column: Column) -> None:
        table = table_named(name)
        monkeypatch.setitem(ALL_TABLES, name, replace(table, columns=(*table.columns, column)))

    return one_more


@pytest.fixture
def catalog(spark: SparkSession) -> Iterator[Store]:
    """A lakehouse in a catalog."""
    prefix = f"p{uuid4().hex}_"
    spark.sql(f"CREATE SCHEMA spark_catalog.{prefix}ops")
    yield Store(lambda: spark, CatalogPlace("spark_catalog", prefix))
    spark.sql(f"DROP SCHEMA spark_catalog.{prefix}ops CASCADE")


def genres(store: Store, *rows: tuple[int, str]) -> DataFrame:
    """A frame of movie_genres as the older version has it."""
    return store.spark.createDataFrame(list(rows), "movie_id INT, genre STRING")


@pytest.mark.parametrize("write", [Store.append, Store.replace, Store.merge])
def test_whatever_writes_a_table_adds_the_columns_that_it_lacks(
    store: Store, declare: Declare, write: Callable[[Store, str, DataFrame], object]
) -> None:
    store.append(GENRES, genres(store, (1, "Drama")))
    declare(GENRES, MOOD)

    write(store, GENRES, genres(store, (2, "War")).withColumn("mood", F.lit("grim")))

    written = store.read(GENRES)
    assert (2, "War", "grim") in [tuple(row) for row in written.collect()]
    (field,) = (field for field in written.schema.fields if field.name == "mood")
    assert (field.dataType.simpleString(), field.metadata["comment"]) == ("string", MOOD.comment)


def test_rows_that_were_there_have_no_value_in_a_column_that_is_new(store: Store, declare: Declare) -> None:
    store.append(GENRES, genres(store, (1, "Drama")))
    declare(GENRES, MOOD)

    store.append(GENRES, genres(store).withColumn("mood", F.lit("grim")))

    assert [tuple(row) for row in store.read(GENRES).collect()] == [(1, "Drama", None)]


@pytest.mark.parametrize("place", ["store", "catalog"])
def test_rows_in_hand_keep_the_values_of_a_column_that_is_new(
    request: pytest.FixtureRequest, place: str, declare: Declare
) -> None:
    lakehouse: Store = request.getfixturevalue(place)
    lakehouse.append_rows(PUBLICATIONS, [sound_row(PUBLICATIONS)])
    declare(PUBLICATIONS, Column("why", "STRING", "The reason."))

    lakehouse.append_rows(PUBLICATIONS, [sound_row(PUBLICATIONS, number=2, why="a new model")])

    found = lakehouse.rows(PUBLICATIONS, "SELECT number, why FROM {table} ORDER BY number")
    assert [(row["number"], row["why"]) for row in found] == [(1, None), (2, "a new model")]


def test_a_column_that_every_row_must_have_is_told_of_and_the_table_stays_as_it_was(
    store: Store, declare: Declare
) -> None:
    store.append(GENRES, genres(store, (1, "Drama")))
    before = store.version(GENRES)
    declare(GENRES, replace(MOOD, nullable=False))

    with pytest.raises(
        TableError, match=rf"{GENRES} was made by an older version of the program and lacks mood, .*--r"
    ):
        store.replace(GENRES, genres(store, (2, "War")).withColumn("mood", F.lit("grim")))

    assert store.version(GENRES) == before


def test_a_table_in_a_folder_that_is_as_declared_asks_spark_nothing(store: Store) -> None:
    store.append(GENRES, genres(store, (1, "Drama")))
    make_as_declared(no_session, store.place, table_named(GENRES))


def test_of_tasks_that_write_a_table_at_once_one_adds_its_columns(store: Store, declare: Declare) -> None:
    store.append_rows(PUBLICATIONS, [sound_row(PUBLICATIONS)])
    declare(PUBLICATIONS, Column("why", "STRING", "The reason."))

    rows = [sound_row(PUBLICATIONS, number=number, why="a new model") for number in range(2, 6)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda row: store.append_rows(PUBLICATIONS, [row]), rows))

    assert store.read(PUBLICATIONS).columns == table_named(PUBLICATIONS).column_names
    assert store.count(PUBLICATIONS) == 5
