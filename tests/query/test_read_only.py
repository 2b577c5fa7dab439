"""Nothing typed as SQL changes the lakehouse or looks beyond it."""

from pathlib import Path

import pytest

from movie_lakehouse.errors import LakehouseError
from movie_lakehouse.query.reader import LakehouseReader

WRITES = [
    "INSERT INTO gold.user_factors VALUES (9, 0.0, [1.0])",
    "UPDATE gold.user_factors SET bias = 1",
    "DELETE FROM gold.user_factors",
    "TRUNCATE gold.user_factors",
    "MERGE INTO gold.user_factors u USING gold.user_factors s ON u.user_id = s.user_id WHEN MATCHED THEN DELETE",
    "DROP VIEW gold.user_factors",
    "ALTER VIEW gold.user_factors RENAME TO gone",
    "CREATE TABLE gold.mine AS SELECT 1",
    "CREATE OR REPLACE VIEW gold.user_factors AS SELECT 1",
    "CREATE MACRO one() AS 1",
    "WITH gone AS (DELETE FROM gold.user_factors RETURNING *) SELECT * FROM gone",
    "WITH more AS (INSERT INTO gold.user_factors VALUES (9, 0.0, [1.0]) RETURNING *) SELECT * FROM more",
    "EXPLAIN ANALYZE INSERT INTO gold.user_factors VALUES (9, 0.0, [1.0])",
    "EXPLAIN EXPLAIN SELECT 1",
    "VACUUM",
    "BEGIN",
    "PREPARE q AS SELECT 1",
    "EXECUTE q",
]
FILES = [
    "COPY gold.user_factors TO '{outside}/stolen.csv'",
    "COPY (SELECT 1) TO '{root}/gold/user_factors/new.parquet'",
    "EXPLAIN ANALYZE COPY (SELECT 1) TO '{outside}/stolen.csv'",
    "EXPORT DATABASE '{outside}'",
    "IMPORT DATABASE '{outside}'",
    "ATTACH '{outside}/other.db'",
    "DETACH memory",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM '{outside}/secret.csv'",
    'SELECT * FROM "{outside}/secret.csv"',
    "SELECT * FROM read_text('{outside}/secret.csv')",
    "SELECT * FROM read_blob('{outside}/secret.csv')",
    "SELECT * FROM glob('/*')",
    "SELECT * FROM sniff_csv('{outside}/secret.csv')",
    "SELECT * FROM read_parquet('{root}/gold/user_factors/*.parquet')",
    "SELECT (SELECT content FROM read_text('{outside}/secret.csv'))",
    "WITH secret AS (FROM read_csv('{outside}/secret.csv')) FROM secret",
    "DESCRIBE SELECT * FROM read_csv('{outside}/secret.csv')",
    "SELECT * FROM query('SELECT 1')",
    "SELECT * FROM query_table('gold.user_factors')",
    "SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT 1'))",
    "SELECT * FROM 'https://example.org/x.parquet'",
    "SELECT * FROM read_csv('https://example.org/x.csv')",
]
SETTINGS = [
    "SET threads = 1",
    "SET enable_external_access = true",
    "RESET lock_configuration",
    "PRAGMA database_list",
    "PRAGMA enable_profiling",
    "CALL enable_logging()",
    "SELECT * FROM enable_logging(storage = 'file', storage_path = '{outside}/log')",
    "SELECT * FROM enable_profiling(save_location = '{outside}/profile.json')",
    "USE memory",
    "INSTALL httpfs",
    "LOAD httpfs",
    "CREATE SECRET (TYPE s3)",
    "SELECT * FROM duckdb_secrets()",
    "SELECT * FROM arrow_scan(0, 0, 0)",
    "SELECT * FROM python_map_function(0)",
]
SEVERAL = ["SELECT 1; SELECT 2", "SELECT 1; DROP VIEW gold.user_factors", "", "-- nothing", ";"]


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder beside the lakehouse with a file that nobody should see."""
    (tmp_path / "secret.csv").write_text("password\nhunter2\n")
    return tmp_path


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("text", WRITES + FILES + SETTINGS + SEVERAL)
def test_all_but_reading_is_refused(reader: LakehouseReader, outside: Path, text: str) -> None:
    before = contents(reader.root), contents(outside)
    with pytest.raises(LakehouseError):
        list(reader.sql(text.replace("{root}", str(reader.root)).replace("{outside}", str(outside))))
    assert (contents(reader.root), contents(outside)) == before


def test_a_variable_of_the_program_is_no_table(reader: LakehouseReader) -> None:
    secret = {"password": ["hunter2"]}
    with pytest.raises(LakehouseError, match="secret does not exist"):
        reader.sql("SELECT * FROM secret")
    assert secret
