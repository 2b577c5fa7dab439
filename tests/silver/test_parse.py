"""Numbers, ids and times from text: whatever the text is, Spark must say what plain Python says of it.

Each generated example is a batch of texts that Spark parses in one job; the assertion shows the texts that differ, so
that nothing needs to be shrunk.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from pyspark.sql import Column, SparkSession
from pyspark.sql import functions as F

from movie_lakehouse.silver import parse
from support.frames import ARRIVAL

BLANKS = " \t\n\x0b\f\r"
EDGES = """0 -0 +0 1 -1 2147483647 2147483648 -2147483648 9223372036854775807 9223372036854775808 1577836800 1577836801
253402300799 253402300800 0.5 4. .5 . +.5 5.0 1e3 1,5 inf NaN -Infinity 0x1F 1_000 ٤ ４ 4d 4f 1--2 + -""".split()  # noqa: SIM905
TEXTS = st.one_of(
    st.none(),
    st.sampled_from(EDGES),
    st.integers(-(10**25), 10**25).map(str),
    st.floats().map(repr),
    st.text("0123456789+-. \t\n\u2028\u0085\u00a0eE٤", max_size=8),
    st.text(max_size=6),
    st.sampled_from(EDGES).map(lambda text: f"\t {text}\n"),
)
in_batches = settings(max_examples=3, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
batches = given(st.lists(TEXTS, min_size=200, max_size=400, unique=True))


def stripped(text: str | None) -> str:
    return (text or "").strip(BLANKS)


def whole_number(text: str | None) -> int | None:
    return int(stripped(text)) if re.fullmatch("[+-]?[0-9]+", stripped(text)) else None


def id_and_faults(text: str | None) -> tuple[Any, ...]:
    """The id, and whether the text is blank, no number, not positive, too large."""
    number = whole_number(text)
    not_positive = number is not None and number < 1
    too_large = number is not None and number > 2**31 - 1
    is_id = number is not None and not not_positive and not too_large
    return number if is_id else None, not stripped(text), number is None, not_positive, too_large


def instant_and_faults(text: str | None) -> tuple[Any, ...]:
    """The time, and whether the text is a time before 1970 or after ``ARRIVAL``."""
    seconds = whole_number(text)
    if seconds is None:
        return None, False, False
    in_calendar = 0 <= seconds <= 253_402_300_799
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds) if in_calendar else None
    return moment, seconds < 0, seconds > ARRIVAL.timestamp()


def decimal(text: str | None) -> tuple[float | None]:
    is_decimal = re.fullmatch(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)", stripped(text))
    return (float(stripped(text)) if is_decimal else None,)


def parsed(spark: SparkSession, texts: Iterable[str | None], *columns: Column) -> dict[str | None, tuple[Any, ...]]:
    """What the columns make of each text, in one job."""
    frame = spark.createDataFrame([(text, ARRIVAL) for text in texts], "text STRING, arrival TIMESTAMP")
    rows = frame.select("text", *columns).collect()
    return {row[0]: tuple(row)[1:] for row in rows}


@in_batches
@batches
def test_a_text_is_an_id_or_has_just_the_fault_that_it_has(spark: SparkSession, texts: list[str | None]) -> None:
    found = parsed(
        spark,
        texts,
        parse.id_number("text"),
        parse.is_blank("text"),
        ~parse.is_whole_number("text"),
        parse.is_not_positive("text"),
        parse.is_too_large("text"),
    )

    assert found == {text: id_and_faults(text) for text in texts}


@in_batches
@batches
def test_a_text_is_a_decimal_number_only_if_it_is_written_as_one(spark: SparkSession, texts: list[str | None]) -> None:
    assert parsed(spark, texts, parse.decimal("text")) == {text: decimal(text) for text in texts}


@in_batches
@batches
def test_a_text_is_a_time_that_is_negative_or_in_the_future_or_neither(
    spark: SparkSession, texts: list[str | None]
) -> None:
    epoch_seconds = F.unix_seconds(parse.instant("text"))
    found = parsed(spark, texts, epoch_seconds, parse.is_negative_time("text"), parse.is_later_than("text", "arrival"))

    expected = {text: instant_and_faults(text) for text in texts}
    assert found == {
        text: (moment and int(moment.timestamp()), *faults) for text, (moment, *faults) in expected.items()
    }


def test_the_release_year_stands_in_brackets_at_the_titles_end(spark: SparkSession) -> None:
    years = {
        "Toy Story (1995)": 1995,
        "(500) Days of Summer (2009)": 2009,
        "City of Lost Children, The (Cité des enfants perdus, La) (1995)": 1995,
        "Trailing blanks (1995)  ": 1995,
        "(1995)": 1995,
        "Nameless": None,
        "2001": None,
        "Two (1999) in the middle": None,
        "Big Bang Theory, The (2007-)": None,
        "Short (995)": None,
        "Long (19955)": None,
        "": None,
        None: None,
    }

    assert parsed(spark, years, parse.release_year("text")) == {title: (year,) for title, year in years.items()}


def test_genres_come_in_order_each_once_and_none_for_none_listed(spark: SparkSession) -> None:
    genres = {
        "Drama": ["Drama"],
        "War|Action|Comedy": ["War", "Action", "Comedy"],
        "Drama|Drama": ["Drama"],
        " Drama | |War|": ["Drama", "War"],
        "(no genres listed)": [],
        "": [],
        None: [],
    }

    assert parsed(spark, genres, parse.genre_list("text")) == {text: (listed,) for text, listed in genres.items()}
