"""Nothing typed as SQL changes the lakehouse or looks beyond it."""

import shutil
from pathlib import Path

import pytest

from movie_lakehouse.errors import LakehouseError, TableError
from movie_lakehouse.query.reader import LakehouseReader
from support.sql_attempts import FILES, SETTINGS, SEVERAL, TELLTALES, WRITES


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder beside the lakehouse with a file that nobody should see."""
    (tmp_path / "secret.csv").write_text("password\nhunter2\n")
    return tmp_path


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("text", WRITES + FILES + SETTINGS + TELLTALES + SEVERAL)
def test_all_but_reading_is_refused(reader: LakehouseReader, outside: Path, text: str) -> None:
    before = contents(reader.root), contents(outside)
    (file,) = (reader.root / "gold" / "user_factors").glob("*.parquet")
    for name, path in {"{root}": reader.root, "{outside}": outside, "{file}": file}.items():
        text = text.replace(name, str(path))
    with pytest.raises(LakehouseError):
        list(reader.sql(text))
    assert (contents(reader.root), contents(outside)) == before


def test_a_variable_of_the_program_is_no_table(reader: LakehouseReader) -> None:
    secret = {"password": ["hunter2"]}
    with pytest.raises(LakehouseError, match="secret does not exist"):
        reader.sql("SELECT * FROM secret")
    assert secret


@pytest.mark.parametrize("text", ["SHOW ALL TABLES", "SELECT table_name FROM information_schema.tables"])
def test_what_tables_there_are_may_be_asked(reader: LakehouseReader, text: str) -> None:
    assert list(reader.sql(text))


def test_a_table_linked_from_elsewhere_is_not_read(tiny_lakehouse: Path, tmp_path: Path) -> None:
    (tmp_path / "lakehouse" / "gold").mkdir(parents=True)
    (tmp_path / "lakehouse" / "gold" / "user_factors").symlink_to(tiny_lakehouse / "gold" / "user_factors")
    with pytest.raises(TableError, match=r"gold\.user_factors has a file outside the lakehouse"):
        LakehouseReader(tmp_path / "lakehouse").table("gold.user_factors")


def test_a_lakehouse_may_be_a_link_itself(tiny_lakehouse: Path, tmp_path: Path) -> None:
    (tmp_path / "lakehouse").symlink_to(tiny_lakehouse)
    assert len(list(LakehouseReader(tmp_path / "lakehouse").table("gold.user_factors"))) == 4


@pytest.mark.parametrize(
    "path", ["../../../other.parquet", "{outside}/other.parquet", "%2E%2E/%2E%2E/../other.parquet"]
)
def test_a_log_that_leads_elsewhere_is_not_followed(tiny_lakehouse: Path, tmp_path: Path, path: str) -> None:
    shutil.copytree(tiny_lakehouse, tmp_path / "lakehouse")
    folder = tmp_path / "lakehouse" / "gold" / "user_factors"
    (data,) = folder.glob("*.parquet")
    data.rename(tmp_path / "other.parquet")
    (log,) = (folder / "_delta_log").glob("*.json")
    log.write_text(log.read_text().replace(data.name, path.replace("{outside}", str(tmp_path))))
    with pytest.raises(TableError):
        LakehouseReader(tmp_path / "lakehouse").table("gold.user_factors")
