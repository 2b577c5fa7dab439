"""What every declared table gets for free, and what a declaration does to a frame."""

import json
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from deltalake import DeltaTable
from pyspark.sql import SparkSession
from pyspark.sql.types import StructField, StructType

from movie_lakehouse.errors import TableError
from movie_lakehouse.lakehouse.contract import Column, Table, quoted
from movie_lakehouse.lakehouse.place import place_of
from movie_lakehouse.lakehouse.store import Store
from movie_lakehouse.lakehouse.tables import ALL_TABLES, table_named
from support.frames import sound_row, table_frame

NAMES = tuple(ALL_TABLES)
CHECKS = tuple((name, check) for name, table in ALL_TABLES.items() for check in table.checks)
BROKEN = {
    ("silver.movies", "movie_id_positive"): {"movie_id": 0},
    ("silver.movie_genres", "genre_named"): {"genre": ""},
    ("silver.ratings", "rating_on_half_stars"): {"rating": 3.7},
    ("silver.ratings", "ids_positive"): {"user_id": -1},
    ("silver.rating_genres", "rating_on_half_stars"): {"rating": 5.5},
    ("silver.tags", "tag_not_blank"): {"tag": " "},
    ("silver.links", "imdb_id_digits"): {"imdb_id": "tt1"},
    ("silver.quarantine", "has_a_reason"): {"reasons": []},
    ("gold.dataset_summary", "density_is_share"): {"density": 1.5},
    ("gold.judged_lists", "rank_from_one"): {"rank": 0},
    ("gold.ranking_weights", "position_from_zero"): {"position": -1},
    ("gold.user_recommendations", "rank_from_one"): {"rank": 0},
    ("gold.user_recommendations", "known_source"): {"source": "guess"},
    ("gold.movie_similarity", "not_itself"): {"similar_movie_id": 1},
    ("gold.movie_similarity", "cosine_in_range"): {"similarity": float("nan")},
    ("gold.movie_similarity", "rank_from_one"): {"rank": 0},
    ("gold.movie_similarity", "known_kind"): {"source": "guess"},
    ("ops.validation_results", "known_severity"): {"severity": "grave"},
    ("ops.job_runs", "known_status"): {"status": "running"},
    ("ops.publications", "known_kind"): {"kind": "guess"},
    ("ops.publications", "counted_from_one"): {"number": 0},
}
"""A value that breaks each CHECK constraint, in a row that is otherwise sound."""

PAIR = Table("gold.pair", "A pair.", (Column("id", "INT", "A number."), Column("name", "STRING", "A name.")))


@pytest.fixture(scope="module")
def every_table(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A lakehouse with every declared table in it, all without rows."""
    store = Store(lambda: spark, place_of(str(tmp_path_factory.mktemp("contract") / "a lakehouse")))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(store.create, ALL_TABLES.values()))
    return store


@pytest.fixture(scope="module")
def refusals(every_table: Store) -> dict[tuple[str, str], str]:
    """What is said to an attempt to append each broken row, empty where it is taken."""
    with ThreadPoolExecutor(4) as pool:
        return dict(zip(CHECKS, pool.map(partial(refusal, every_table), CHECKS), strict=True))


def refusal(store: Store, case: tuple[str, str]) -> str:
    name, _ = case
    try:
        store.append(name, table_frame(store.spark, name, [sound_row(name, **BROKEN[case])]))
    except Exception as error:
        return str(error)
    return ""


def opened(store: Store, name: str) -> DeltaTable:
    """The table through delta-rs."""
    return DeltaTable(Path(store.place.folder(name)).as_uri())  # type: ignore[attr-defined]


def spark_fields(table: DeltaTable) -> list[StructField]:
    """The fields in the table's log, which Delta keeps in Spark's own form."""
    return StructType.fromJson(json.loads(table.schema().to_json())).fields


@pytest.mark.parametrize("name", NAMES)
def test_the_ddl_makes_the_declared_columns_with_their_types_comments_and_not_nulls(
    every_table: Store, name: str
) -> None:
    declared = [
        (column.name, column.type.lower().replace(" ", ""), column.comment, column.nullable)
        for column in table_named(name).columns
    ]

    made = [
        (field.name, field.dataType.simpleString(), field.metadata["comment"], field.nullable)
        for field in spark_fields(opened(every_table, name))
    ]

    assert made == declared


@pytest.mark.parametrize("name", NAMES)
def test_delta_rs_can_read_the_table_and_what_a_row_is(every_table: Store, name: str) -> None:
    table = opened(every_table, name)

    assert not table.protocol().reader_features
    assert table.to_pyarrow_table().num_rows == 0
    assert table.metadata().description == table_named(name).comment


@pytest.mark.parametrize("name", NAMES)
def test_every_column_of_a_key_must_have_a_value(name: str) -> None:
    table = table_named(name)
    nullable = {column.name for column in table.columns if column.nullable}

    assert not nullable & set(table.key)


@pytest.mark.parametrize("name", NAMES)
def test_creating_a_table_again_leaves_it_as_it_is(every_table: Store, name: str) -> None:
    every_table.create(table_named(name))

    assert opened(every_table, name).version() == 0


def test_there_is_a_row_here_for_every_check_constraint() -> None:
    assert set(BROKEN) == set(CHECKS)


@pytest.mark.parametrize(("name", "check"), CHECKS)
def test_a_row_that_breaks_a_check_constraint_is_refused(
    refusals: dict[tuple[str, str], str], name: str, check: str
) -> None:
    assert f"CHECK constraint {check} " in refusals[name, check]


def test_a_row_without_a_value_that_must_be_there_is_refused(every_table: Store) -> None:
    row = table_frame(every_table.spark, "gold.movie_popularity", [sound_row("gold.movie_popularity", title=None)])

    with pytest.raises(Exception, match=r"NOT NULL constraint violated for column: title"):
        every_table.append("gold.movie_popularity", row)


def test_a_declaration_whose_key_is_no_column_is_refused() -> None:
    with pytest.raises(TableError, match=r"gold\.pair names columns that it lacks: user_id"):
        Table("gold.pair", "A pair.", PAIR.columns, key=("user_id",))


def test_an_unknown_table_is_refused_with_the_names_of_those_there_are() -> None:
    with pytest.raises(TableError, match=r"no table gold\.movies; the tables are bronze\.movies, "):
        table_named("gold.movies")


def test_a_frame_is_conformed_to_the_declared_order_and_types_and_loses_other_columns(spark: SparkSession) -> None:
    frame = spark.createDataFrame([("a", True, "7")], "name STRING, extra BOOLEAN, id STRING")

    conformed = PAIR.conform(frame)

    assert conformed.dtypes == [("id", "int"), ("name", "string")]
    assert [tuple(row) for row in conformed.collect()] == [(7, "a")]


def test_an_open_table_keeps_other_columns_after_its_own(spark: SparkSession) -> None:
    table = Table(PAIR.name, PAIR.comment, PAIR.columns, open_columns=True)

    conformed = table.conform(spark.createDataFrame([], "`an.other` STRING, name STRING, id INT"))

    assert conformed.columns == ["id", "name", "an.other"]


def test_a_frame_that_lacks_a_column_is_refused_by_name(spark: SparkSession) -> None:
    with pytest.raises(TableError, match=r"A frame for gold\.pair lacks the columns id; it has \['name'\]"):
        PAIR.conform(spark.createDataFrame([], "name STRING"))


def test_texts_in_ddl_are_quoted(spark: SparkSession) -> None:
    text = r"the user's \ 'own'"

    assert spark.sql(f"SELECT {quoted(text)} AS text").first() == (text,)
