"""Figures kept in a file, each as soon as it is there: what is broken off can be continued."""

import json
from pathlib import Path
from typing import Any

Figures = dict[str, Any]
"""What a measurement has found, as JSON has it; ``failed`` says why it found no more."""
Kept = dict[str, dict[str, Any]]
"""By measurement: figures, the machine and the moment, the data, and whether sizes were those of the goals."""

RESULTS = Path(__file__).parent / "results"


def read_kept(file: Path) -> Kept:
    """What the file has, nothing where there is none."""
    kept: Kept = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    return kept


def keep(file: Path, name: str, measurement: dict[str, Any]) -> None:
    """Put a measurement in the place of the one of that name; the file is never half written."""
    kept = read_kept(file) | {name: measurement}
    file.parent.mkdir(exist_ok=True)
    partial = file.with_suffix(".partial")
    partial.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    partial.replace(file)
