import pytest

from movie_lakehouse.text import inert, inert_csv, without_folders


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Toy Story (1995)", "Toy Story (1995)"),
        ("Amélie 天使 👩‍🚀", "Amélie 天使 👩‍🚀"),
        ("\x1b[2Jgone", "\\x1b[2Jgone"),
        ("\x9b31mred", "\\x9b31mred"),
        ("two\nlines\r", "two\\nlines\\r"),
        ("bell\a, nul\0", "bell\\x07, nul\\x00"),
        ("\u202ereversed", "\\u202ereversed"),
        ("\u2028line", "\\u2028line"),
        ("\ud800 alone", "\\ud800 alone"),
    ],
)
def test_no_terminal_obeys_what_data_hold(text: str, shown: str) -> None:
    assert inert(text) == shown


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "\u00a0-", "＝", "＋", "－", "＠", "\u200d@"]
)
def test_no_spreadsheet_computes_what_data_hold(start: str) -> None:
    assert inert_csv(f"{start}1+1").startswith("'")


def test_other_text_is_as_it_was_in_csv() -> None:
    assert inert_csv("1 - 1 = 0\nand more") == "1 - 1 = 0\nand more"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("/home/ann/data/ratings.csv is empty", "ratings.csv is empty"),
        ("~/data/ratings.csv is empty", "ratings.csv is empty"),
        (r"C:\Users\ann\ratings.csv is empty", "ratings.csv is empty"),
        ("source '/home/ann/data' is not a folder", "source 'data' is not a folder"),
        ("/Volumes/main/bronze/landing", "landing"),
        ("movielens-small", "movielens-small"),
        ("data/ratings.csv and/or https://example.org/x", "data/ratings.csv and/or https://example.org/x"),
    ],
)
def test_a_message_names_files_without_their_folders(text: str, told: str) -> None:
    assert without_folders(text) == told
