"""Values as JSON, CSV and tables show them."""

import json
import math
import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from movie_lakehouse.text import inert, inert_csv

_UNESCAPED_CONTROLS = re.compile("[\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
"""What JSON need not escape and terminals may obey."""

_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")

_AS_THEY_ARE = frozenset((str, int, bool, type(None)))
"""Types that JSON has; most values are of these, so they are told first and fast."""

_to_json = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


def as_json(value: Any) -> str:
    """The value as JSON; times as ISO 8601, numbers that JSON lacks as null.

    >>> as_json({"genres": ["Drama"], "mean_rating": float("nan")})
    '{"genres": ["Drama"], "mean_rating": null}'
    """
    text = _to_json(_plain(value))
    return _UNESCAPED_CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def as_ascii(text: str) -> str:
    r"""JSON with the characters that ASCII lacks escaped.

    >>> as_ascii('{"title": "Amélie"}')
    '{"title": "Am\\u00e9lie"}'
    """
    return _BEYOND_ASCII.sub(lambda found: json.dumps(found[0])[1:-1], text)


def as_csv(value: Any) -> str | int | float:
    """The value as a CSV field: nothing for null, JSON for lists and maps, text that no spreadsheet computes.

    >>> as_csv(4.5), as_csv(None), as_csv("@Ghost"), as_csv(["Drama"])
    (4.5, '', "'@Ghost", '["Drama"]')
    """
    if isinstance(value, Decimal):
        return format(value, "f")
    plain = _plain(value)
    if type(plain) is str:
        return inert_csv(plain)
    if plain is None:
        return ""
    return plain if type(plain) in (int, float) else as_json(plain)


def as_cell(value: Any) -> str:
    """The value for people: four decimals, times to the second, lists without brackets.

    >>> as_cell(0.98374), as_cell(3.0), as_cell(["Crime", "Drama"]), as_cell(None)
    ('0.9837', '3.0', 'Crime, Drama', '')
    """
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    plain = _plain(value)
    if plain is None:
        return ""
    if isinstance(plain, float):
        return str(round(plain, 4)) if abs(plain) >= 0.001 or plain == 0 else f"{plain:.4g}"
    if isinstance(plain, list) and all(isinstance(item, str | int | float) for item in plain):
        return ", ".join(as_cell(item) for item in plain)
    return inert(plain, keep="\n") if isinstance(plain, str) else as_json(plain)


def _plain(value: Any) -> Any:
    """The value in the types that JSON has."""
    if type(value) in _AS_THEY_ARE:
        return value
    if isinstance(value, Decimal):
        value = _number(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value if isinstance(value, int) else _text(value)


def _number(value: Decimal) -> int | float | str:
    """The number as JSON has it: as text where a float would have other digits.

    >>> _number(Decimal("7")), _number(Decimal("1.50")), _number(Decimal("9007199254740993.5"))
    (7, 1.5, '9007199254740993.5')
    """
    if value.as_tuple().exponent == 0:
        return int(value)
    nearest = float(value)
    return nearest if Decimal(repr(nearest)) == value else format(value, "f")


def _text(value: Any) -> str:
    """A value for which JSON has no type: times as ISO 8601, bytes in hexadecimal."""
    if isinstance(value, date | time):
        return value.isoformat().replace("+00:00", "Z")
    return value.hex() if isinstance(value, bytes) else str(value)
