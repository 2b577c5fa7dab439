"""What may be known of a frame's rows before they are judged, so that less need be asked of them."""

from dataclasses import dataclass
from typing import Final

from pyspark.sql import DataFrame

from movie_lakehouse.quality.suite import Suite
from movie_lakehouse.quality.verdict import CRITICAL

_UNIQUE = ("expect_column_values_to_be_unique", "expect_compound_columns_to_be_unique")
_EXCEPTIONS = {"mostly", "row_condition", "ignore_row_if"}


@dataclass(frozen=True)
class Known:
    """What is known of a frame.

    Attributes:
        n_rows: its rows, where they have been counted.
        added: those of its rows that its table has not, where the others have passed the very suite by which the frame
            is judged; None where that is not known.
    """

    n_rows: int | None = None
    added: DataFrame | None = None


NOTHING: Final = Known()


def held_unique(suite: Suite) -> set[tuple[str, ...]]:
    """The keys that no two rows share of a table that has passed: those of critical expectations for all rows."""
    return {
        tuple(expectation.kwargs.get("column_list") or [expectation.kwargs["column"]])
        for expectation in suite.expectations
        if expectation.type in _UNIQUE
        and expectation.severity.value == CRITICAL
        and not set(expectation.kwargs) & _EXCEPTIONS
    }
