"""Nothing typed as SQL changes the lakehouse or looks beyond it."""

import shutil
from pathlib import Path

import pytest

from movie_lakehouse.errors import LakehouseError, TableError
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
    "DEALLOCATE q",
    "COMMENT ON VIEW gold.user_factors IS 'x'",
    "CREATE SEQUENCE gold.n",
    "CREATE TEMPORARY TABLE t AS SELECT 1",
    "CHECKPOINT",
    "ANALYZE",
    "SELECT 1 INTO gold.mine",
    "SELECT nextval('n')",
    "/* SELECT */ DELETE FROM gold.user_factors",
    "-- SELECT 1\nDROP VIEW gold.user_factors",
    "WITH a AS (SELECT 1), b AS (UPDATE gold.user_factors SET bias = 1 RETURNING *) SELECT * FROM a",
]
FILES = [
    "COPY gold.user_factors TO '{outside}/stolen.csv'",
    "COPY (SELECT 1) TO '{root}/gold/user_factors/new.parquet'",
    "EXPLAIN ANALYZE COPY (SELECT 1) TO '{outside}/stolen.csv'",
    "EXPORT DATABASE '{outside}'",
    "IMPORT DATABASE '{outside}'",
    "ATTACH '{outside}/other.db'",
    "ATTACH 'https://example.org/x.db'",
    "DETACH memory",
    "COPY gold.user_factors FROM '{outside}/secret.csv'",
    "COPY FROM DATABASE memory TO other",
    "SELECT * FROM read_json('{outside}/secret.csv')",
    "SELECT * FROM read_ndjson_objects('{outside}/secret.csv')",
    "SELECT * FROM parquet_scan('{outside}/*')",
    "SELECT * FROM parquet_metadata('{root}/gold/user_factors/x.parquet')",
    "SELECT * FROM delta_scan('{root}/gold/user_factors')",
    "SELECT * FROM sqlite_scan('{outside}/x.db', 't')",
    "SELECT * FROM read_csv_auto('{outside}/secret.csv')",
    "SELECT * FROM READ_CSV('{outside}/secret.csv')",
    "SELECT * FROM system.main.read_csv('{outside}/secret.csv')",
    "SELECT * FROM/**/read_csv('{outside}/secret.csv')",
    "SELECT read_text('{outside}/secret.csv')",
    "SELECT * FROM gold.user_factors, LATERAL (FROM read_text('{outside}/secret.csv'))",
    "SELECT 1 UNION ALL SELECT size FROM read_blob('{outside}/secret.csv')",
    "SELECT * FROM silver.movies WHERE title IN (SELECT content FROM read_text('{outside}/secret.csv'))",
    "SUMMARIZE '{outside}/secret.csv'",
    "DESCRIBE '{outside}/secret.csv'",
    "SELECT * FROM '{root}/silver/movies'",
    'SELECT * FROM gold."../../secret.csv"',
    'SELECT * FROM ".."."secret.csv"',
    'SELECT * FROM "gold@0/../..".secret',
    "SELECT * FROM 's3://bucket/x.parquet'",
    "SELECT * FROM 'hf://datasets/x/y.parquet'",
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
    "SET VARIABLE x = 1",
    "SET GLOBAL temp_directory = '{outside}'",
    "SET allowed_directories = ['/']",
    "SET SESSION home_directory = '{outside}'",
    "RESET ALL",
    "PRAGMA version",
    "CALL pragma_version()",
    "FORCE INSTALL httpfs FROM 'http://example.org'",
    "UPDATE EXTENSIONS",
    "DROP SECRET x",
    "FORCE CHECKPOINT",
    "USE memory",
    "INSTALL httpfs",
    "LOAD httpfs",
    "CREATE SECRET (TYPE s3)",
    "SELECT * FROM duckdb_secrets()",
    "SELECT * FROM arrow_scan(0, 0, 0)",
    "SELECT * FROM python_map_function(0)",
]
TELLTALES = [
    "SELECT getenv('HOME')",
    "SELECT current_setting('secret_directory')",
    "SELECT CURRENT_SETTING('home_directory')",
    "SELECT * FROM silver.movies ORDER BY getenv('HOME')",
    "SELECT getvariable('x')",
    "SELECT write_log('x')",
    "SELECT * FROM duckdb_settings()",
    "SELECT * FROM duckdb_views",
    "SELECT * FROM main.duckdb_views",
    "SELECT * FROM system.main.duckdb_databases",
    "SELECT * FROM pg_views",
    "SELECT * FROM pg_catalog.pg_settings",
    "SELECT * FROM information_schema.views",
    "SELECT view_definition FROM INFORMATION_SCHEMA.VIEWS",
    "SELECT * FROM sqlite_master",
    "SELECT (SELECT max(definition) FROM pg_views)",
]
SEVERAL = [
    "SELECT 1; COPY (SELECT 1) TO '{outside}/stolen.csv'",
    "SELECT 1 /* ; */; DROP VIEW gold.user_factors",
    "SELECT ';'; SET threads = 1",
    "SELECT 1; SELECT 2",
    "SELECT 1; DROP VIEW gold.user_factors",
    "",
    "-- nothing",
    ";",
]


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
    with pytest.raises(LakehouseError):
        list(reader.sql(text.replace("{root}", str(reader.root)).replace("{outside}", str(outside))))
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
