"""What tables hold in the words of people who never saw them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def descriptions_in(suites: Path) -> dict[str, str]:
    """The description of each expectation that has one, in all suites of the folder, by its canonical form.

    Files that are no suite are passed over: they only cost the report some words.
    """
    found: dict[str, str] = {}
    for path in sorted(suites.glob("*/*.json")):
        try:
            entries = json.loads(path.read_text(encoding="utf-8"))["expectations"]
            described = (one for one in entries if "description" in one)
            found |= {_canonical(one["type"], one["kwargs"]): one["description"] for one in described}
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return found


def in_words(expectation: str, descriptions: Mapping[str, str]) -> str:
    """An expectation of ops.validation_results as a sentence: its suite's own, or what its name and settings say.

    >>> in_words('expect_column_values_to_be_between {"column": "bias", "max_value": 5}', {})
    'Column values to be between: column bias, max_value 5.'
    """
    kind, _, rest = expectation.partition(" ")
    settings = json.loads(rest or "{}")
    described = descriptions.get(_canonical(kind, settings))
    if described:
        return described
    name = kind.removeprefix("expect_").replace("_", " ").capitalize()
    listed = ", ".join(f"{key} {_plain(value)}" for key, value in settings.items())
    return f"{name}: {listed}." if listed else f"{name}."


def lasting(seconds: float) -> str:
    """A time in the units that people would say it in.

    >>> lasting(4.21), lasting(167.2), lasting(7322)
    ('4.2 s', '2 min 47 s', '2 h 2 min')
    """
    if seconds < 100:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def _canonical(kind: str, settings: Mapping[str, Any]) -> str:
    """What makes two expectations the same."""
    return f"{kind} {json.dumps(settings, sort_keys=True)}"


def _plain(value: Any) -> str:
    """A setting without JSON's signs."""
    return " ".join(value.split()) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
