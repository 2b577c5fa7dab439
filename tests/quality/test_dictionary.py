"""The data dictionary follows the declarations."""

from pathlib import Path

from movie_lakehouse.lakehouse.tables import ALL_TABLES
from movie_lakehouse.quality.dictionary import data_dictionary

PAGE = Path(__file__).parents[2] / "docs" / "data-dictionary.md"


def test_the_page_is_what_the_declarations_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == data_dictionary(), "run `make dictionary`"


def test_every_column_of_every_table_is_in_it() -> None:
    lines = data_dictionary().splitlines()
    named = [line.split("`")[1] for line in lines if line.startswith("| `")]
    assert named == [column for table in ALL_TABLES.values() for column in table.column_names]
