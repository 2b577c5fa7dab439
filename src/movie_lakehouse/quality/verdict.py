"""What judging gives: a verdict an expectation, the error that stops a job, and the rows that are kept."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from movie_lakehouse.errors import GateError
from movie_lakehouse.lakehouse.tables.ops import VALIDATION_RESULTS

CRITICAL, WARNING = "critical", "warning"
SEVERITIES = (CRITICAL, WARNING)
_TO_MEND_BRONZE = "data or the suite and run again"
# Bronze has the delivery by then, and only grows.
_TO_MEND_LATER_LAYERS = (
    "suite and run again, or the source after `lakehouse rollback --to RUN_ID`, which takes a delivery out of bronze"
)


@dataclass(frozen=True)
class Verdict:
    """How one expectation of a suite was met.

    Attributes:
        suite: the table judged, ``silver.ratings``.
        expectation: its type and its settings as JSON, ``expect_column_values_to_be_between {"column": ...}``.
        column: the column or columns judged, None for the table as a whole.
        severity: ``critical`` or ``warning``.
        success: whether it held.
        observed: what was seen, as JSON.
        unexpected_count: rows that did not meet it, None where rows are not what is judged.
        description: the suite's own words for it, None where it has none.
    """

    suite: str
    expectation: str
    column: str | None
    severity: str
    success: bool
    observed: str
    unexpected_count: int | None
    description: str | None = None

    @property
    def complaint(self) -> str:
        """What is wrong, in a line.

        >>> Verdict("silver.tags", 'expect_it {}', "tag", "critical", False, "{}", 3, "Tags say it").complaint
        'silver.tags: 3 rows of tag fail "Tags say it" (expect_it)'
        >>> Verdict("silver.tags", 'expect_it {}', None, "critical", False, '{"observed_value": 7}', None).complaint
        'silver.tags fails expect_it {}, seen was 7'
        """
        kind = self.expectation.split(" ", 1)[0]
        named = self.expectation if self.description is None else f'"{self.description}" ({kind})'
        where = "" if self.column is None else f" of {self.column}"
        if self.unexpected_count is None:
            return f"{self.suite}{where} fails {named}{self._seen}"
        rows, fail = ("row", "fails") if self.unexpected_count == 1 else ("rows", "fail")
        return f"{self.suite}: {self.unexpected_count} {rows}{where} {fail} {named}"

    @property
    def _seen(self) -> str:
        """What was seen instead, where that says something."""
        seen = json.loads(self.observed).get("observed_value")
        return "" if seen is None else f", seen was {json.dumps(seen)}"


def raise_on_critical(verdicts: Sequence[Verdict]) -> None:
    """Stop where a critical expectation failed; warnings pass.

    Raises:
        GateError: one did; the message names the first of them, the table, the column and the number of rows, where it
            judges rows, how many more there are, and what to do.
    """
    failed = [verdict for verdict in verdicts if verdict.severity == CRITICAL and not verdict.success]
    if not failed:
        return
    more = f" {len(failed) - 1} more critical expectations failed." if len(failed) > 1 else ""
    raise GateError(
        f"Nothing was published: {failed[0].complaint}.{more} Every verdict is in ops.validation_results; mend the "
        f"{_TO_MEND_BRONZE if failed[0].suite.startswith('bronze.') else _TO_MEND_LATER_LAYERS}."
    )


def verdict_rows(verdicts: Sequence[Verdict], run_id: str, task: str, judged_at: datetime) -> list[dict[str, Any]]:
    """The verdicts as rows of ``ops.validation_results``."""
    common = {"run_id": run_id, "task": task, "judged_at": judged_at}
    rows = [common | asdict(verdict) for verdict in verdicts]
    return [{name: row[name] for name in VALIDATION_RESULTS.column_names} for row in rows]
