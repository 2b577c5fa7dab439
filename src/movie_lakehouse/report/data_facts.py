"""What came in, and what was quarantined. All sums are the engine's."""

from dataclasses import dataclass
from datetime import datetime

from movie_lakehouse.errors import TableError
from movie_lakehouse.lakehouse.tables import bronze
from movie_lakehouse.query.reader import LakehouseReader
from movie_lakehouse.report.asking import records
from movie_lakehouse.silver.reasons import REPLACED

EXAMPLES_A_REASON = 2

_FILES = """
SELECT '{name}' AS source_table, _source_file AS file, _source_size AS size_bytes, _batch_id AS batch_id,
  min(_ingested_at) AS ingested_at, min(_ingested_at) >= $since AS is_new, count(*) AS n_rows
FROM bronze.{name} GROUP BY _source_file, _source_size, _source_modified_at, _batch_id
"""
_REASONS = """
SELECT source_table, reason, count(*) AS n_rows, count(*) FILTER (quarantined_at >= $since) AS n_new
FROM (SELECT source_table, unnest(reasons) AS reason, quarantined_at FROM silver.quarantine)
GROUP BY source_table, reason ORDER BY n_rows DESC, source_table, reason
"""
_EXAMPLES = """
SELECT source_table, reason, record, _source_file AS file
FROM (SELECT source_table, unnest(reasons) AS reason, record, _source_file FROM silver.quarantine)
QUALIFY row_number() OVER (PARTITION BY source_table, reason ORDER BY _source_file, record) <= $most
ORDER BY source_table, reason, file, record
"""
_QUARANTINED = """
SELECT count(*) AS n_rows, count(*) FILTER (NOT list_has_any(reasons, $replaced)) AS n_dirt,
  count(*) FILTER (quarantined_at >= $since) AS n_new
FROM silver.quarantine
"""


@dataclass(frozen=True)
class SourceFile:
    """A file that bronze has rows of, in one batch, and whether that came since the run began."""

    source_table: str
    file: str
    size_bytes: int
    batch_id: str
    ingested_at: datetime
    is_new: bool
    n_rows: int


@dataclass(frozen=True)
class Arrivals:
    """The files of bronze, the newest batch first."""

    files: tuple[SourceFile, ...]

    @property
    def by_table(self) -> dict[str, list[SourceFile]]:
        """The files of each table."""
        names = dict.fromkeys(file.source_table for file in self.files)
        return {name: [file for file in self.files if file.source_table == name] for name in sorted(names)}


@dataclass(frozen=True)
class Reason:
    """Rows of a table quarantined for a reason, and how many of them since the run began."""

    source_table: str
    reason: str
    n_rows: int
    n_new: int


@dataclass(frozen=True)
class Example:
    """A row in quarantine as it came, JSON."""

    source_table: str
    reason: str
    record: str
    file: str


@dataclass(frozen=True)
class Quarantine:
    """What is in quarantine.

    Attributes:
        n_rows: all rows; n_dirt: those but for good rows that others replaced; n_new: those since the run began.
        reasons: by table and reason, most rows first; a row may have several.
        examples: a few of each reason.
    """

    n_rows: int
    n_dirt: int
    n_new: int
    reasons: tuple[Reason, ...]
    examples: tuple[Example, ...]


def arrivals_of(reader: LakehouseReader, since: datetime) -> Arrivals:
    """The files that bronze holds.

    Raises:
        TableError: bronze has no table yet.
    """
    there = reader.tables()
    names = [table.name.partition(".")[2] for table in bronze.TABLES if table.name in there]
    if not names:
        raise TableError("No table of bronze is there: nothing has come in yet.")
    text = " UNION ALL ".join(_FILES.format(name=name) for name in names)
    newest_first = f"SELECT * FROM ({text}) ORDER BY batch_id DESC, source_table, file"
    return Arrivals(records(reader, SourceFile, newest_first, {"since": since}))


def quarantine_of(reader: LakehouseReader, since: datetime) -> Quarantine:
    """What is in quarantine.

    Raises:
        TableError: there is no silver.quarantine.
    """
    ((n_rows, n_dirt, n_new),) = reader.sql(_QUARANTINED, {"replaced": list(REPLACED), "since": since})
    reasons = records(reader, Reason, _REASONS, {"since": since})
    examples = records(reader, Example, _EXAMPLES, {"most": EXAMPLES_A_REASON})
    return Quarantine(n_rows, n_dirt, n_new, reasons, examples)
