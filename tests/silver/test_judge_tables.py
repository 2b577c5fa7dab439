"""The smallest row that has each reason, beside rows that just do not. All rows of a table are judged in one job."""

from collections.abc import Mapping

import pytest
from pyspark.sql import DataFrame, Row, SparkSession

from movie_lakehouse.silver.reasons import MEANINGS
from movie_lakehouse.silver.tables import judge
from support.frames import bronze_frame, fields

# Rows arrive at 1577836800 seconds since 1970; the good movies are 1 and 2147483647.
RATINGS = {
    "1,1,0.5,0": [],
    "2147483647,1,5.0,1577836800": [],
    "2,2147483647,4,100": [],
    " 03 ,+1,+.5,100": [],
    ",1,4.0,100": ["missing_value"],
    " ,1,4.0,100": ["missing_value"],
    "9,,4.0,100": ["missing_value"],
    "9,1,,100": ["missing_value"],
    "x,1,4.0,100": ["not_a_number"],
    "9,1.0,4.0,100": ["not_a_number"],
    "9,1,four,100": ["not_a_number"],
    "9,1,NaN,100": ["not_a_number"],
    "9,1,4e0,100": ["not_a_number"],
    "9,1,4.0,2019-12-31": ["not_a_number"],
    "9,1,4.0,100.0": ["not_a_number"],
    "2147483648,1,4.0,100": ["id_out_of_range"],
    "9,2147483648,4.0,100": ["id_out_of_range"],
    "99999999999999999999,1,4.0,100": ["id_out_of_range"],
    "0,1,4.0,100": ["id_not_positive"],
    "9,-1,4.0,100": ["id_not_positive"],
    "-99999999999999999999,1,4.0,100": ["id_not_positive"],
    "9,1,0.0,100": ["rating_out_of_range"],
    "9,1,0.4999,100": ["rating_out_of_range"],
    "9,1,5.0001,100": ["rating_out_of_range"],
    "9,1,-4.0,100": ["rating_out_of_range"],
    f"9,1,{'9' * 400},100": ["rating_out_of_range"],
    "9,1,0.75,100": ["rating_off_grid"],
    "9,1,4.9999,100": ["rating_off_grid"],
    "9,1,4.0,": ["timestamp_missing"],
    "9,1,4.0,-1": ["timestamp_negative"],
    "9,1,4.0,1577836801": ["timestamp_in_future"],
    "9,1,4.0,253402300800": ["timestamp_in_future"],
    "9,1,4.0,99999999999999999999": ["timestamp_in_future"],
    "9,8,4.0,100": ["orphan"],
    "x,0,3.7,": ["not_a_number", "id_not_positive", "rating_off_grid", "timestamp_missing"],
    "0,x,6,-5": ["not_a_number", "id_not_positive", "rating_out_of_range", "timestamp_negative"],
    "2147483648,8,4.0,100": ["id_out_of_range", "orphan"],
    ",,,": ["missing_value", "timestamp_missing"],
}
TAGS = {
    "1,1,funny,0": [],
    "1,1,Funny,1577836800": [],
    "1,1,funny again,100": [],
    "2,1,2,100": [],
    "9,1,,100": ["missing_value"],
    "9,1, ,100": ["missing_value"],
    "9,1,\t,100": ["missing_value"],
    "x,1,funny,100": ["not_a_number"],
    "9,1,funny,x": ["not_a_number"],
    "9,2147483648,funny,100": ["id_out_of_range"],
    "0,1,funny,100": ["id_not_positive"],
    "9,1,funny,": ["timestamp_missing"],
    "9,1,funny,-1": ["timestamp_negative"],
    "9,1,funny,1577836801": ["timestamp_in_future"],
    "9,8,funny,100": ["orphan"],
}
MOVIES = {
    "1,Toy Story (1995),Animation|Comedy": [],
    "2147483647,Toy Story (1995),Animation|Comedy": [],
    "2,0,": [],
    ",Toy Story (1995),Drama": ["missing_value"],
    "9,,Drama": ["missing_value"],
    "9, ,Drama": ["missing_value"],
    "tt9,Toy Story (1995),Drama": ["not_a_number"],
    "2147483648,Toy Story (1995),Drama": ["id_out_of_range"],
    "0,Toy Story (1995),Drama": ["id_not_positive"],
    "-9,,": ["missing_value", "id_not_positive"],
}
LINKS = {
    "1,0114709,862": [],
    "2147483647,000000000000000000000000000001,": [],
    ",0114709,862": ["missing_value"],
    "1,,862": ["missing_value"],
    "1,tt0114709,862": ["not_a_number"],
    "1,0114709\u2028,862": ["not_a_number"],
    "1,-114709,862": ["not_a_number"],
    "1,0114709,x": ["not_a_number"],
    "1,0114709,0": ["id_not_positive"],
    "1,0114709,2147483648": ["id_out_of_range"],
    "8,0114709,862": ["orphan"],
}
CASES = {"ratings": RATINGS, "tags": TAGS, "movies": MOVIES, "links": LINKS}
PARAMETERS = [
    pytest.param(table, text, reasons, id=f"{table}: {text[:60]}")
    for table, cases in CASES.items()
    for text, reasons in cases.items()
]
Judged = Mapping[str, Mapping[str, Row]]


@pytest.fixture(scope="module")
def judged(spark: SparkSession) -> Judged:
    """Every case of every table as it was judged, by table and text."""
    movies = spark.createDataFrame([(1,), (2147483647,)], "movie_id INT")
    return {table: rows_by_text(judge(table, cases_of(spark, table), movies)) for table in CASES}


def cases_of(spark: SparkSession, table: str) -> DataFrame:
    """The cases as bronze rows, each with its text for the name of its file; and each again as a torn row."""
    whole = [fields(table, text) | {"_source_file": text} for text in CASES[table]]
    torn = [row | {"_corrupt_record": "torn", "_source_file": f"torn: {row['_source_file']}"} for row in whole]
    return bronze_frame(spark, table, whole + torn)


def rows_by_text(judged: DataFrame) -> dict[str, Row]:
    return {row["_source_file"]: row for row in judged.collect()}


@pytest.mark.parametrize(("table", "text", "reasons"), PARAMETERS)
def test_a_row_has_the_reasons_that_it_has(judged: Judged, table: str, text: str, reasons: list[str]) -> None:
    assert judged[table][text]["reasons"] == reasons


@pytest.mark.parametrize("table", CASES)
def test_a_torn_row_has_no_other_reason(judged: Judged, table: str) -> None:
    torn = [row["reasons"] for text, row in judged[table].items() if text.startswith("torn: ")]

    assert torn == [["does_not_parse"]] * len(CASES[table])


def test_every_reason_but_those_between_rows_has_a_case() -> None:
    between_rows = {"duplicate_key", "superseded_by_update", "redelivered"}
    planted = {reason for cases in CASES.values() for reasons in cases.values() for reason in reasons}

    assert planted | between_rows | {"does_not_parse"} == set(MEANINGS)


def test_a_good_rows_values_are_typed(judged: Judged) -> None:
    rating = judged["ratings"][" 03 ,+1,+.5,100"]
    movie = judged["movies"]["1,Toy Story (1995),Animation|Comedy"]
    link = judged["links"]["2147483647,000000000000000000000000000001,"]

    assert (rating["user_id"], rating["movie_id"], rating["rating"]) == (3, 1, 0.5)
    assert (movie["title"], movie["release_year"], movie["genres"]) == (
        "Toy Story (1995)",
        1995,
        ["Animation", "Comedy"],
    )
    assert (link["imdb_id"], link["tmdb_id"]) == ("0" * 29 + "1", None)


def test_the_record_is_the_raw_row_as_json_without_metadata(judged: Judged) -> None:
    assert judged["ratings"]["9,1,4.0,"]["record"] == '{"userId":"9","movieId":"1","rating":"4.0"}'
