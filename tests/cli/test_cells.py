import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from movie_lakehouse.cli.cells import as_cell, as_csv, as_json

WHEN = datetime(2020, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (True, True),
        (3, 3),
        (2**70, 2**70),
        (0.1, 0.1),
        (float("inf"), None),
        (Decimal("7"), 7),
        (Decimal("1.50"), 1.5),
        (Decimal("9007199254740993.5"), "9007199254740993.5"),
        ("Heat", "Heat"),
        (WHEN, "2020-01-02T03:04:05.678000Z"),
        (date(2020, 1, 2), "2020-01-02"),
        (b"\x01\xff", "01ff"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        ([1, [None, "a"]], [1, [None, "a"]]),
        ({"a": {1: WHEN}}, {"a": {"1": "2020-01-02T03:04:05.678000Z"}}),
    ],
)
def test_json_says_what_the_value_is(value: Any, expected: Any) -> None:
    assert json.loads(as_json(value)) == expected


def test_json_holds_no_character_that_a_terminal_obeys() -> None:
    text = as_json(["\x1b[2J", "\x9b2J", "\u202e", "\x7f"])
    assert text.isprintable()
    assert json.loads(text) == ["\x1b[2J", "\x9b2J", "\u202e", "\x7f"]


@pytest.mark.parametrize(
    ("value", "field"),
    [
        (None, ""),
        (True, "true"),
        (-3, -3),
        (-0.5, -0.5),
        ("-3", "'-3"),
        (Decimal("-1.10"), "-1.10"),
        (Decimal("9007199254740993.5"), "9007199254740993.5"),
        (["a"], '["a"]'),
        (float("nan"), ""),
    ],
)
def test_csv_fields_keep_numbers_and_quote_formulas(value: Any, field: Any) -> None:
    assert as_csv(value) == field


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (3, "3"),
        (3.0, "3.0"),
        (0.98765, "0.9877"),
        (0.00001234, "1.234e-05"),
        (0.0, "0.0"),
        (WHEN, "2020-01-02 03:04:05"),
        (["Crime", "Drama"], "Crime, Drama"),
        ([{"a": 1}], '[{"a": 1}]'),
        ([], ""),
        ("two\nlines\x1b", "two\nlines\\x1b"),
        (["\x1b[2J"], "\\x1b[2J"),
    ],
)
def test_cells_are_short_and_inert(value: Any, cell: str) -> None:
    assert as_cell(value) == cell
