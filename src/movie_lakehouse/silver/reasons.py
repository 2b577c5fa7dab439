"""Why a bronze row is not in silver: stable codes that people query, in the order in which they are listed.

Those of ``REPLACED`` are no dirt: the row was good, and another row of the same key counts instead.
"""

from typing import Final

DOES_NOT_PARSE: Final = "does_not_parse"
MISSING_VALUE: Final = "missing_value"
NOT_A_NUMBER: Final = "not_a_number"
ID_OUT_OF_RANGE: Final = "id_out_of_range"
ID_NOT_POSITIVE: Final = "id_not_positive"
RATING_OUT_OF_RANGE: Final = "rating_out_of_range"
RATING_OFF_GRID: Final = "rating_off_grid"
TIMESTAMP_MISSING: Final = "timestamp_missing"
TIMESTAMP_NEGATIVE: Final = "timestamp_negative"
TIMESTAMP_IN_FUTURE: Final = "timestamp_in_future"
ORPHAN: Final = "orphan"
DUPLICATE_KEY: Final = "duplicate_key"
SUPERSEDED_BY_UPDATE: Final = "superseded_by_update"
REDELIVERED: Final = "redelivered"

REPLACED: Final = (DUPLICATE_KEY, SUPERSEDED_BY_UPDATE, REDELIVERED)
"""The reasons that are no dirt."""

MEANINGS: Final = {
    DOES_NOT_PARSE: "The line has not the header's number of fields, or its quotes are torn.",
    MISSING_VALUE: "A value that is required is empty.",
    NOT_A_NUMBER: "A value that should be a number is none.",
    ID_OUT_OF_RANGE: "An id is above 2147483647.",
    ID_NOT_POSITIVE: "An id is 0 or negative.",
    RATING_OUT_OF_RANGE: "The rating is not within 0.5 to 5.0.",
    RATING_OFF_GRID: "The rating is not a whole number of half stars.",
    TIMESTAMP_MISSING: "The timestamp is empty.",
    TIMESTAMP_NEGATIVE: "The timestamp is before 1970.",
    TIMESTAMP_IN_FUTURE: "The timestamp is later than the row's arrival.",
    ORPHAN: "The row's movie is not in movies.",
    DUPLICATE_KEY: "Another row of the same batch has the same key and time; one of them counts.",
    SUPERSEDED_BY_UPDATE: "A later row of the same key counts: the user or the source changed it.",
    REDELIVERED: "The same row came again in a later batch, which counts.",
}
