"""The table of goals in Markdown, and the README's copy of it."""

from pathlib import Path
from typing import Any

from benchmarks.kept import Figures, Kept
from benchmarks.large import LARGE
from benchmarks.rows import ROWS, Row

BEGIN = "<!-- benchmarks: written by `make bench`, not by hand -->"
END = "<!-- end of benchmarks -->"
HEADING = "| what | goal, at most | reached | is it? |\n| --- | --- | --- | --- |"


def table(kept: Kept) -> str:
    """Every row of the goals with what is kept of it, and what it was measured on."""
    lines = [HEADING, *(line_of(row, kept) for row in ROWS), ""]
    return "\n".join([*lines, *(f"{line}\n" for line in footnotes(kept))]).rstrip("\n") + "\n"


def line_of(row: Row, kept: Kept) -> str:
    """The row as a line of the table."""
    figure, verdict = outcome(row, kept)
    return f"| {row.what} | {row.goal} | {figure} | {verdict} |"


def outcome(row: Row, kept: Kept) -> tuple[str, str]:
    """What the row has reached, and the verdict: yes, no, or nothing where it cannot be said."""
    command = "bench-large" if set(row.needs) & set(LARGE) - set(kept) else "bench"
    if set(row.needs) - set(kept):
        return f"not measured; `make {command}`", ""
    figures: list[Figures] = [kept[name]["figures"] for name in row.needs]
    try:
        reading = row.read(*figures)
    except KeyError:  # a measurement gives its figures one after another, and was broken off before these
        failures = [each["failed"] for each in figures if "failed" in each]
        return (f"failed: {'; '.join(failures)}", "no") if failures else ("broken off before it was measured", "")
    if not all(kept[name]["is_whole"] for name in row.needs):
        return f"{reading.figure} (a quick look: less was measured than the goal says)", ""
    return reading.figure, {True: "yes", False: "no", None: ""}[reading.is_reached]


def footnotes(kept: Kept) -> list[str]:
    """How it was measured, a line for each machine."""
    if not kept:
        return []
    lines = [
        "Seconds are medians where there were several runs, memory is the resident memory of a run's whole tree of "
        "processes at its peak, looked at twice a second; the sources of 2.5 and 25 million ratings are generated."
    ]
    for machine in _distinct([each["machine"] for each in kept.values()]):
        there = {name: each for name, each in kept.items() if each["machine"] == machine}
        lines.append(_measured_on(machine, there))
    failed = {name: each["figures"]["failed"] for name, each in kept.items() if "failed" in each["figures"]}
    return lines + [f"The measurement {name} ended early: {why}." for name, why in failed.items()]


def _measured_on(machine: dict[str, Any], there: Kept) -> str:
    """A machine, and the measurements that were made on it."""
    packages = ", ".join(f"{name} {version}" for name, version in machine["packages"].items())
    each = ", ".join(_measured(name, found) for name, found in there.items())
    return (
        f"{machine['cores']} cores ({machine['processor']}), {machine['memory_mib']:,} MiB, {machine['system']}, "
        f"Python {machine['python']}, Java {machine['java']}, {packages}: {each}."
    )


def _measured(name: str, found: dict[str, Any]) -> str:
    """A measurement: how often it was made, on what data and when."""
    figures = found["figures"]
    times = len(figures.get("runs", figures.get("rounds", [1])))
    often, data = "once" if times == 1 else f"{times} times", f" on {found['data']}" if found["data"] else ""
    return f"{name} {often}{data} ({found['measured_at'][:10]}, {found['commit']}, load {found['load_before']})"


def _distinct(machines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each once, in order."""
    return [machine for place, machine in enumerate(machines) if machine not in machines[:place]]


def with_block(page: str, text: str) -> str:
    """The page with the text between its two marks.

    Raises:
        ValueError: the page has not both marks, in order and once.
    """
    before, begins, rest = page.partition(BEGIN)
    _, ends, after = rest.partition(END)
    if not begins or not ends or BEGIN in after or END in after:
        raise ValueError(f"the page is to have the line {BEGIN} once, and {END} once after it")
    return f"{before}{BEGIN}\n\n{text}\n{END}{after}"


def write(kept: Kept, file: Path, page: Path | None) -> None:
    """Write the table to a file, and into the block of a page."""
    file.parent.mkdir(exist_ok=True)
    file.write_text(table(kept), encoding="utf-8")
    if page is not None:
        page.write_text(with_block(page.read_text(encoding="utf-8"), table(kept)), encoding="utf-8")
