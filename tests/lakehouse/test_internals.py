import pytest
from pyspark.sql import DataFrame

from movie_lakehouse.lakehouse import internals
from movie_lakehouse.lakehouse.store import Store

pytestmark = pytest.mark.classic
GENRES = "silver.movie_genres"


@pytest.fixture
def written(store: Store) -> Store:
    """A lakehouse with two versions of a table's rows."""
    for genre in ("Drama", "War"):
        store.replace(GENRES, store.spark.createDataFrame([(1, genre)], "movie_id INT, genre STRING"))
    return store


def is_read_by_kernel(frame: DataFrame) -> bool:
    """Whether Spark is given the files by its newer interface, which Delta itself does not use."""
    return "BatchScan" in frame._jdf.queryExecution().executedPlan().toString()


@pytest.mark.parametrize(("version", "genre"), [(None, "War"), (1, "Drama")])
def test_a_folders_table_is_read_by_the_kernel(written: Store, version: int | None, genre: str) -> None:
    frame = written.read(GENRES, version)

    assert is_read_by_kernel(frame)
    assert frame.collect() == [(1, genre)]


@pytest.mark.parametrize(("version", "genre"), [(None, "War"), (1, "Drama")])
def test_with_a_delta_of_other_internals_it_is_read_by_its_name(
    written: Store, version: int | None, genre: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(internals, "KERNEL_TABLE", "io.delta.spark.internal.v9.catalog.Table")

    frame = written.read(GENRES, version)

    assert not is_read_by_kernel(frame)
    assert frame.collect() == [(1, genre)]


def test_what_has_been_read_stays_what_it_was_when_the_table_is_written(written: Store) -> None:
    frame = written.read(GENRES)
    written.replace(GENRES, written.spark.createDataFrame([(2, "Comedy")], "movie_id INT, genre STRING"))

    assert frame.collect() == [(1, "War")]
