from datetime import UTC, datetime, timedelta
from pathlib import Path

from movie_lakehouse.query.facts import table_facts
from movie_lakehouse.query.reader import LakehouseReader
from support.tiny_lakehouse import write_table

TAG = {"user_id": 1, "movie_id": 1, "tag": "pixar", "tagged_at": datetime(2020, 1, 1, tzinfo=UTC)}


def test_rows_version_size_and_key_of_each_table(tmp_path: Path) -> None:
    write_table(tmp_path, "silver.tags", [TAG, TAG | {"tag": "fun"}])
    write_table(tmp_path, "silver.tags", [TAG | {"tag": "toys"}], mode="append")
    ((name, rows, version, changed_at, size_bytes, key),) = table_facts(LakehouseReader(tmp_path))
    assert (name, rows, version, key) == ("silver.tags", 3, 1, "user_id, movie_id, tag")
    assert timedelta() <= datetime.now(UTC) - changed_at < timedelta(minutes=5)
    assert size_bytes == sum(file.stat().st_size for file in tmp_path.glob("silver/tags/*.parquet"))


def test_replaced_rows_do_not_count(tmp_path: Path) -> None:
    write_table(tmp_path, "silver.tags", [TAG, TAG | {"tag": "fun"}])
    write_table(tmp_path, "silver.tags", [TAG])
    ((_, rows, *_),) = table_facts(LakehouseReader(tmp_path))
    assert rows == 1


def test_a_table_without_rows_has_none(tmp_path: Path) -> None:
    write_table(tmp_path, "silver.tags", [])
    ((_, rows, _, _, size_bytes, _),) = table_facts(LakehouseReader(tmp_path))
    assert (rows, size_bytes) == (0, 0)


def test_all_tables_are_there(reader: LakehouseReader) -> None:
    assert [row[0] for row in table_facts(reader)] == reader.tables()
