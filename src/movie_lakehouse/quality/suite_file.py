"""Reads a suite's file: JSON in which nothing stands that Python would pass over in silence."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from movie_lakehouse.errors import GateError


def suite_content(path: Path) -> dict[str, Any]:
    """Read the file's JSON object.

    Raises:
        GateError: the file is missing or is not a JSON object, has a key twice, or a number like NaN.
    """
    try:
        # Editors on Windows may begin a file with a mark of its encoding.
        text = path.read_text(encoding="utf-8-sig")
        content = json.loads(text, object_pairs_hook=_object, parse_constant=_refuse_constant)
    except OSError as error:
        raise GateError(f"The suite {path} cannot be read ({error.strerror}); every table needs one.") from None
    except ValueError as error:
        raise GateError(f"The suite {path} is not JSON: {error}.") from None
    if not isinstance(content, dict):
        raise GateError(f"The suite {path} must be a JSON object with name and expectations.")
    return content


def _object(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    """A JSON object, each of whose keys must be there once: Python would keep the last and say nothing.

    Raises:
        ValueError: a key is there twice.
    """
    keys = [key for key, _ in pairs]
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if twice is not None:
        raise ValueError(f"an object has the key {json.dumps(twice)} twice")
    return dict(pairs)


def _refuse_constant(name: str) -> NoReturn:
    """Refuse a number that is none: as a bound it always holds, or never.

    Raises:
        ValueError: always.
    """
    raise ValueError(f"{name} is not a number")
