import pytest

from movie_lakehouse.query.titles import close_titles, matching, parse_title

TITLES = [
    "Toy Story (1995)",
    "Toy Story 2 (1999)",
    "Heat (1995)",
    "Heat, The (2013)",
    "Matrix, The (1999)",
    "Matrix Reloaded, The (2003)",
    "City of Lost Children, The (Cité des enfants perdus, La) (1995)",
    "Seven (a.k.a. Se7en) (1995)",
    "Avventura, L' (Adventure, The) (1960)",
    "(500) Days of Summer (2009)",
    "WALL·E (2008)",
    "Ocean's Eleven (1960)",
    "Ocean's Eleven (2001)",
    "Crouching Tiger, Hidden Dragon (Wo hu cang long) (2000)",
    "$ (Dollars) (1971)",
]


def found(query: str) -> list[str]:
    return [TITLES[at] for at in matching(query, TITLES)]


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("Toy Story (1995)", "Toy Story (1995)"),
        ("toy story", "Toy Story (1995)"),
        ("  Toy   Story ", "Toy Story (1995)"),
        ("The Matrix", "Matrix, The (1999)"),
        ("Matrix, The", "Matrix, The (1999)"),
        ("the matrix (1999)", "Matrix, The (1999)"),
        ("Matrix", "Matrix, The (1999)"),
        ("Heat", "Heat (1995)"),
        ("The Heat", "Heat, The (2013)"),
        ("the toy story", "Toy Story (1995)"),
        ("Se7en", "Seven (a.k.a. Se7en) (1995)"),
        ("seven", "Seven (a.k.a. Se7en) (1995)"),
        ("La cité des enfants perdus", "City of Lost Children, The (Cité des enfants perdus, La) (1995)"),
        ("city of lost children", "City of Lost Children, The (Cité des enfants perdus, La) (1995)"),
        ("L'Avventura", "Avventura, L' (Adventure, The) (1960)"),
        ("500 days of summer", "(500) Days of Summer (2009)"),
        ("wall-e", "WALL·E (2008)"),
        ("oceans eleven (2001)", "Ocean's Eleven (2001)"),
        ("$ (Dollars) (1971)", "$ (Dollars) (1971)"),
    ],
)
def test_a_title_is_found_however_people_write_it(query: str, title: str) -> None:
    assert found(query) == [title]


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("reload", "Matrix Reloaded, The (2003)"),
        ("the matrix re", "Matrix Reloaded, The (2003)"),
        ("crouching", "Crouching Tiger, Hidden Dragon (Wo hu cang long) (2000)"),
        ("story 2", "Toy Story 2 (1999)"),
        ("hu cang", "Crouching Tiger, Hidden Dragon (Wo hu cang long) (2000)"),
    ],
)
def test_a_part_of_a_title_is_enough(query: str, title: str) -> None:
    assert found(query) == [title]


def test_all_titles_that_a_query_means_are_given() -> None:
    assert found("Ocean's Eleven") == ["Ocean's Eleven (1960)", "Ocean's Eleven (2001)"]
    assert found("toy") == ["Toy Story (1995)", "Toy Story 2 (1999)"]


@pytest.mark.parametrize("query", ["Heat (1996)", "Toy Stroy", "", "  ", "(1995)", "???"])
def test_what_no_title_is_finds_nothing(query: str) -> None:
    assert found(query) == []


def test_a_title_comes_apart_into_its_names_and_year() -> None:
    title = parse_title("Avventura, L' (Adventure, The) (1960)")
    assert title.names == ("lavventura", "the adventure")
    assert title.year == 1960


@pytest.mark.parametrize(
    ("text", "year"), [("Babylon 5", None), ("Death Note (2006–2007)", 2006), ("1984 (1956)", 1956), ("2012", None)]
)
def test_only_the_year_in_brackets_at_the_end_is_the_year(text: str, year: int | None) -> None:
    assert parse_title(text).year == year


def test_a_mistyped_title_brings_close_ones() -> None:
    assert close_titles("Toy Stroy", TITLES)[0] == "Toy Story (1995)"
    assert close_titles("qqqq", TITLES) == []
