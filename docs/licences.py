"""Writes docs/licences.md from requirements.lock and what the installed packages say of themselves.

Run ``.venv/bin/python docs/licences.py > docs/licences.md`` after ``make lock``.
"""

import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

PROJECT = Path(__file__).parents[1]
NOT_INSTALLED = "not installed where this was written"
HEAD = """# Licences

The code of movie_lakehouse is under the [MIT licence](../LICENSE).

MovieLens data are GroupLens', are no part of the project, and are never committed to it. They may be used for research;
they may not be redistributed without permission, nor used commercially: see the README of each data set, which asks to
be cited as F. Maxwell Harper and Joseph A. Konstan. 2015. The MovieLens Datasets: History and Context. ACM Transactions
on Interactive Intelligent Systems 5, 4: 19:1-19:19. <https://doi.org/10.1145/2827872>. The generated sample is the
project's own and under its licence.

The packages of `requirements.lock` are installed from their own sources, not shipped. What each says of its licence, as
`.venv/bin/python docs/licences.py > docs/licences.md` found it in the package's own metadata:

| package | version | licence |
| --- | --- | --- |
"""
_PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;\\]+)", re.MULTILINE)


def pins(lock: str) -> dict[str, str]:
    """The version of each package of the lock."""
    return dict(sorted(_PIN.findall(lock)))


def licence_of(package: str) -> str:
    """The licence of an installed package in a few words: what its metadata say, else how its licence file begins."""
    try:
        found = distribution(package)
    except PackageNotFoundError:
        return NOT_INSTALLED
    told = found.metadata
    classified = [line.split(" :: ")[-1] for line in told.get_all("Classifier") or () if line.startswith("License ::")]
    named = ", ".join(name for name in classified if name != "OSI Approved")
    own = (told.get("License") or "").strip().splitlines()
    return told.get("License-Expression") or named or (own[0] if own else _beginning_of_file(found))


def _beginning_of_file(found: Distribution) -> str:
    """The first line of the package's licence file, where it names the licence."""
    for file in found.files or ():
        if file.name.upper().startswith(("LICENSE", "LICENCE")):
            first = next(line.strip() for line in file.read_text("utf-8").splitlines() if line.strip())
            return first if "licen" in first.casefold() else "see its licence file"
    return "none named"


def page(lock: str) -> str:
    """The page."""
    rows = (f"| {name} | {version} | {licence_of(name)} |" for name, version in pins(lock).items())
    return HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    sys.stdout.write(page((PROJECT / "requirements.lock").read_text(encoding="utf-8")))
