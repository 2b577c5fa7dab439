from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from movie_lakehouse.errors import SettingError
from movie_lakehouse.lakehouse.place import CatalogPlace, FolderPlace, place_of


class FakeCatalog:
    """A session that knows one table and its history."""

    def __init__(self, identifier: str, version: int) -> None:
        self.catalog = SimpleNamespace(tableExists=lambda name: name == identifier)
        self._history = {f"DESCRIBE HISTORY {identifier} LIMIT 1": {"version": version}}

    def sql(self, statement: str) -> Any:
        return SimpleNamespace(first=lambda: self._history[statement])


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


def test_the_version_in_a_folder_is_its_logs_highest_commit(tmp_path: Path) -> None:
    log = tmp_path / "gold" / "pair" / "_delta_log"
    log.mkdir(parents=True)
    for name in ("00000000000000000009.json", "00000000000000000010.json", "00000000000000000010.checkpoint.parquet"):
        (log / name).touch()

    assert FolderPlace(tmp_path).version(None, "gold.pair") == 10  # type: ignore[arg-type]


def test_a_folder_without_a_log_has_no_version(tmp_path: Path) -> None:
    assert FolderPlace(tmp_path).version(None, "gold.pair") is None  # type: ignore[arg-type]


def test_the_version_in_a_catalog_is_that_of_its_history() -> None:
    spark: Any = FakeCatalog("`main`.`gold`.`pair`", version=7)

    assert CatalogPlace("main").version(spark, "gold.pair") == 7
    assert CatalogPlace("main").version(spark, "gold.other") is None
