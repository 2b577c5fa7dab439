r"""Columns from text: each gives a value or null, and each condition says what is wrong with the text.

Numbers are ASCII digits with an optional sign, and for ratings a decimal point; blanks around them are allowed. So
``1e3``, ``1,5``, ``inf`` and ``٤`` are no numbers.
"""

from pyspark.sql import Column
from pyspark.sql import functions as F

LARGEST_ID = 2**31 - 1
SECONDS_IN_YEAR_9999 = 253_402_300_799
# The end is \z: to Java, $ also stands before a line separator such as U+2028, which casts do not trim.
_WHOLE = r"^\s*[+-]?[0-9]+\s*\z"
_DECIMAL = r"^\s*[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)\s*\z"
# White space, controls and format characters of all of Unicode: text of these alone shows nothing. What this Java's
# Unicode has not assigned yet may be next year's emoji, and is text.
_VISIBLE = r"[^\p{Z}\p{Cc}\p{Cf}]"
_BLANKS_AROUND = r"^[\p{Zs}\s]+|[\p{Zs}\s]+\z"
_YEAR_AT_END = r"\((\d{4})\)\z"
NO_GENRES = "(no genres listed)"


def is_blank(column: str) -> Column:
    """Whether the text is null, empty or only blanks."""
    return F.coalesce(~F.col(column).rlike(r"\S"), F.lit(True))


def is_invisible(column: str) -> Column:
    """Whether the text is null, or shows nothing: blanks of any script, zero-width and control characters."""
    return ~_is_visible(F.col(column))


def _is_visible(text: Column) -> Column:
    return F.coalesce(text.rlike(_VISIBLE), F.lit(False))


def trimmed(text: Column) -> Column:
    """The text without the blanks around it, tabs and those of any script among them."""
    return F.regexp_replace(text, _BLANKS_AROUND, "")


def is_whole_number(column: str) -> Column:
    """Whether the text is a whole number of any size."""
    return F.coalesce(F.col(column).rlike(_WHOLE), F.lit(False))


def is_decimal(column: str) -> Column:
    """Whether the text is a decimal number of any size."""
    return F.coalesce(F.col(column).rlike(_DECIMAL), F.lit(False))


def whole_number(column: str) -> Column:
    """The text as BIGINT; null where it is no whole number or does not fit."""
    return F.when(is_whole_number(column), F.trim(column).try_cast("bigint"))


def decimal(column: str) -> Column:
    """The text as DOUBLE; null where it is no decimal number."""
    return F.when(is_decimal(column), F.trim(column).try_cast("double"))


def id_number(column: str) -> Column:
    """The text as an id, an INT from 1; null where it is none."""
    number = whole_number(column)
    return F.when(number.between(1, LARGEST_ID), number).cast("int")


def possible_id(column: str) -> Column:
    """The text as BIGINT: the id of whatever has one, and of other texts perhaps a number; quicker than judging."""
    return F.trim(column).try_cast("bigint")


def is_not_positive(column: str) -> Column:
    """Whether the text is a whole number below 1, however large."""
    return is_whole_number(column) & (F.col(column).contains("-") | F.coalesce(whole_number(column) < 1, F.lit(False)))


def is_too_large(column: str) -> Column:
    """Whether the text is a whole number that no 32-bit id can hold."""
    too_large = F.coalesce(whole_number(column) > LARGEST_ID, F.lit(True))
    return is_whole_number(column) & ~is_not_positive(column) & too_large


def instant(column: str) -> Column:
    """The text, seconds since 1970 UTC, as a timestamp; null where it is none or beyond the year 9999."""
    seconds = whole_number(column)
    return F.when(seconds.between(0, SECONDS_IN_YEAR_9999), F.timestamp_seconds(seconds))


def is_later_than(column: str, moment: str) -> Column:
    """Whether the text is a time, in seconds since 1970, after the moment of another column."""
    beyond = F.coalesce(whole_number(column) > SECONDS_IN_YEAR_9999, F.lit(True))
    later = F.coalesce(instant(column) > F.col(moment), beyond)
    return is_whole_number(column) & ~is_negative_time(column) & later


def is_negative_time(column: str) -> Column:
    """Whether the text is a whole number below 0."""
    is_negative = F.coalesce(whole_number(column) < 0, F.col(column).contains("-"))
    return is_whole_number(column) & is_negative


def release_year(title: str) -> Column:
    """The year in brackets at the title's end as INT, null where there is none."""
    return F.regexp_extract(trimmed(F.col(title)), _YEAR_AT_END, 1).try_cast("int")


def genre_list(column: str) -> Column:
    """The genres between the | signs, each once, in order; empty for none listed."""
    parts = F.transform(F.split(F.coalesce(F.col(column), F.lit("")), r"\|"), trimmed)
    return F.array_distinct(F.filter(parts, lambda genre: _is_visible(genre) & (F.lower(genre) != NO_GENRES)))
