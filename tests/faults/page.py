"""Writes the table of docs/reliability.md that says what becomes of faults: ``make reliability``."""

from importlib import import_module
from pathlib import Path

from faults.registry import FAULTS

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "reliability.md"
BEGIN, END = "<!-- fault by outcome: made by `make reliability` -->", "<!-- end of fault by outcome -->"


def with_faults(text: str) -> str:
    """The page with the table anew between its marks."""
    for module in sorted(HERE.glob("test_*.py")):
        import_module(f"faults.{module.stem}")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    # Whatever tests run, and so are imported, before: the modules stand in the order of their names.
    faults = sorted(FAULTS.items(), key=lambda entry: entry[1].module)
    rows = [f"| {fault.what} | {fault.outcome} | `{test}` |" for test, fault in faults]
    table = "\n".join(["| fault | outcome | test |", "| --- | --- | --- |", *rows])
    return f"{before}{BEGIN}\n\n{table}\n\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(with_faults(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
