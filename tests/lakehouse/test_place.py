import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession

from movie_lakehouse.errors import SettingError, TableError
from movie_lakehouse.lakehouse.catalog_place import CatalogPlace
from movie_lakehouse.lakehouse.delta_log import VACUUM
from movie_lakehouse.lakehouse.folder_place import FolderPlace
from movie_lakehouse.lakehouse.place import place_of
from support.no_session import no_session


class FakeCatalog:
    """A session that knows one table and its history."""

    def __init__(self, identifier: str, history: DataFrame) -> None:
        self.catalog = SimpleNamespace(tableExists=lambda name: name == identifier)
        self._history = {f"DESCRIBE HISTORY {identifier}": history}

    def sql(self, statement: str) -> DataFrame:
        return self._history[statement]


@pytest.mark.parametrize(
    ("lakehouse", "folder"),
    [
        ("./lakehouse", Path.cwd() / "lakehouse"),
        ("/data/my lake", Path("/data/my lake")),
        ("~/lake", Path.home() / "lake"),
        (".", Path.cwd()),
    ],
)
def test_what_has_a_slash_or_a_dot_is_a_folder(lakehouse: str, folder: Path) -> None:
    assert place_of(lakehouse) == FolderPlace(folder)


def test_a_word_is_a_catalog_whose_schemas_may_have_a_prefix() -> None:
    place = place_of("main", "dev_ann_")

    assert place == CatalogPlace("main", "dev_ann_")
    assert place.identifier("silver.ratings") == "`main`.`dev_ann_silver`.`ratings`"


def test_a_folders_table_is_a_path_in_sql() -> None:
    assert place_of("/data/my lake").identifier("silver.ratings") == "delta.`/data/my lake/silver/ratings`"


@pytest.mark.parametrize("lakehouse", ["two words", "main;drop", "", "~", "a-b"])
def test_what_is_neither_folder_nor_catalog_is_refused(lakehouse: str) -> None:
    with pytest.raises(SettingError, match=r"neither a folder \(./lakehouse\) nor a catalog's name"):
        place_of(lakehouse)


def test_a_prefix_that_is_no_part_of_a_name_is_refused() -> None:
    with pytest.raises(SettingError, match=r"schema prefix 'dev\.'"):
        place_of("main", "dev.")


@pytest.mark.parametrize("lakehouse", ["/data/la`ke", "ma`in"])
def test_a_backtick_could_not_be_quoted_and_is_refused(lakehouse: str) -> None:
    with pytest.raises(SettingError, match="backtick"):
        place_of(lakehouse)


@pytest.mark.parametrize(
    ("character", "shown"), [("\t", r"\\t"), ("\n", r"\\n"), ("\x7f", r"\\x7f"), ("\u202e", r"\\u202e")]
)
def test_a_folder_with_a_character_that_cannot_be_seen_is_refused_in_one_line(character: str, shown: str) -> None:
    with pytest.raises(
        TableError, match=rf"^A lakehouse in a folder with {shown} in its path .*rename /data/la{shown}ke\.$"
    ):
        place_of(f"/data/la{character}ke")


def test_a_folder_that_readers_would_mistake_is_refused_before_anything_is_written() -> None:
    with pytest.raises(TableError, match=r"a folder with \[ \] in its path cannot be read: rename /data/lake\[1\]"):
        place_of("/data/lake[1]")


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """The log of gold.pair in the lakehouse at tmp_path."""
    folder = tmp_path / "gold" / "pair" / "_delta_log"
    folder.mkdir(parents=True)
    return folder


def commit(log: Path, version: int, operation: str) -> None:
    """Put a commit into a log, as Delta writes it."""
    lines = [json.dumps({"commitInfo": {"operation": operation}}), json.dumps({"add": {"path": "x.parquet"}})]
    (log / f"{version:020}.json").write_text("\n".join(lines), encoding="utf-8")


def test_the_version_in_a_folder_is_its_logs_highest_commit(tmp_path: Path, log: Path) -> None:
    commit(log, 9, "WRITE")
    commit(log, 10, "MERGE")
    (log / "00000000000000000011.checkpoint.parquet").touch()

    assert FolderPlace(tmp_path).version(no_session, "gold.pair") == 10


def test_upkeep_makes_a_newer_version_with_the_rows_of_the_one_before(tmp_path: Path, log: Path) -> None:
    for version, operation in enumerate(["CREATE TABLE", "WRITE", "OPTIMIZE", "VACUUM START", "VACUUM END"]):
        commit(log, version, operation)

    place = FolderPlace(tmp_path)
    assert (place.version(no_session, "gold.pair"), place.newest_version(no_session, "gold.pair")) == (1, 4)
    assert place.version(no_session, "gold.pair", apart_from=VACUUM) == 2, "the newest with other files"


def test_where_nothing_but_upkeep_is_kept_of_a_log_the_oldest_commit_is_the_tables_version(
    tmp_path: Path, log: Path
) -> None:
    for version, operation in enumerate(["OPTIMIZE", "VACUUM START", "VACUUM END"], 7):
        commit(log, version, operation)

    place = FolderPlace(tmp_path)
    assert (place.version(no_session, "gold.pair"), place.exists(no_session, "gold.pair")) == (7, True)


def test_a_damaged_commit_is_named_with_what_to_do(tmp_path: Path, log: Path) -> None:
    commit(log, 0, "CREATE TABLE")
    (log / f"{1:020}.json").write_text('{"commitInfo": {"opera', encoding="utf-8")

    with pytest.raises(TableError, match=rf"damaged, {log}/0+1\.json: put the file back from a copy, or delete it"):
        FolderPlace(tmp_path).version(no_session, "gold.pair")


def test_a_folder_without_a_log_has_no_version(tmp_path: Path) -> None:
    assert FolderPlace(tmp_path).version(no_session, "gold.pair") is None


def test_the_versions_in_a_catalog_are_those_of_its_history(spark: SparkSession) -> None:
    commits = [(9, "VACUUM END"), (8, "OPTIMIZE"), (7, "WRITE"), (6, "WRITE")]
    history = spark.createDataFrame(commits, "version LONG, operation STRING")
    fake: Any = FakeCatalog("`main`.`gold`.`pair`", history)

    place = CatalogPlace("main")
    assert (place.version(lambda: fake, "gold.pair"), place.version(lambda: fake, "gold.other")) == (7, None)
    assert place.version(lambda: fake, "gold.pair", apart_from=VACUUM) == 8
    assert place.newest_version(lambda: fake, "gold.pair") == 9
