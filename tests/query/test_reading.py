"""Nothing but a question about the lakehouse's tables is sent to a SQL warehouse."""

import pytest

from movie_lakehouse.errors import QueryError
from movie_lakehouse.query.reading import refuse_all_but_reading
from movie_lakehouse.query.warehouse import WarehouseReader
from support.sql_attempts import FILES, ON_A_WAREHOUSE, SETTINGS, SEVERAL, WRITES


class Unreachable:
    """A connection that nothing may ask for."""

    def cursor(self) -> None:
        pytest.fail("something was sent")


@pytest.mark.parametrize("text", WRITES + FILES + SETTINGS + SEVERAL + ON_A_WAREHOUSE)
def test_all_but_reading_is_refused_before_it_is_sent(text: str) -> None:
    reader = WarehouseReader(Unreachable)  # type: ignore[arg-type]
    with pytest.raises(QueryError, match="Only reading is possible here"):
        reader.sql(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT title FROM silver.movies WHERE movie_id = ?",
        "WITH a AS (SELECT 1 AS n) SELECT n FROM a JOIN (SELECT 2 AS n) b USING (n)",
        "SELECT table_name FROM information_schema.tables",
        "SELECT 'DROP TABLE x; -- ' AS title FROM gold.movie_popularity p JOIN silver.movies m USING (movie_id)",
    ],
)
def test_questions_about_tables_are_sent(text: str) -> None:
    refuse_all_but_reading(text)
