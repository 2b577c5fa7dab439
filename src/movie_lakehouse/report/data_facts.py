"""What came in, what was quarantined, and how the ratings are distributed. All sums are the engine's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from movie_lakehouse.errors import TableError
from movie_lakehouse.lakehouse.tables import bronze
from movie_lakehouse.query.reader import LakehouseReader
from movie_lakehouse.report.asking import records
from movie_lakehouse.silver.reasons import REPLACED

EXAMPLES_A_REASON = 2
MONTHS_SHOWN = 36
"""Up to how many months ratings over time are shown by month; longer spans by year."""

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
_TOTALS = """
SELECT count(*) AS n_ratings, count(DISTINCT user_id) AS n_users, count(DISTINCT movie_id) AS n_rated_movies,
  avg(rating) AS mean_rating, min(rated_at) AS first_rated_at, max(rated_at) AS last_rated_at
FROM silver.ratings
"""
_STARS = "SELECT rating AS low, count(*) AS n FROM silver.ratings GROUP BY rating ORDER BY rating"
_TIME = """
WITH counted AS (
  SELECT date_trunc($unit, rated_at::TIMESTAMP) AS low, count(*) AS n FROM silver.ratings GROUP BY low
), span AS (
  SELECT unnest(generate_series(min(low), max(low), to_months($months))) AS low FROM counted
)
SELECT span.low, coalesce(n, 0) AS n FROM span LEFT JOIN counted ON counted.low = span.low ORDER BY span.low
"""
_LONG_TAIL = """
SELECT CASE WHEN n_ratings = 0 THEN 0 ELSE 2 ** (length(bin(n_ratings)) - 1) END::BIGINT AS low, count(*) AS n
FROM ({counts}) GROUP BY low ORDER BY low
"""
_BY_USER = "SELECT count(*) AS n_ratings FROM silver.ratings GROUP BY user_id"
_BY_MOVIE = """
SELECT count(r.movie_id) AS n_ratings FROM silver.movies m LEFT JOIN silver.ratings r ON r.movie_id = m.movie_id
GROUP BY m.movie_id
"""
_SPREAD = "SELECT median(n_ratings) AS median, max(n_ratings) AS most FROM ({counts})"


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


@dataclass(frozen=True)
class Totals:
    """silver.ratings in one row; times and mean are None where it is empty."""

    n_ratings: int
    n_users: int
    n_rated_movies: int
    mean_rating: float | None
    first_rated_at: datetime | None
    last_rated_at: datetime | None


@dataclass(frozen=True)
class Bin:
    """How many there are from ``low`` up to the next bin."""

    low: float | datetime
    n: int


@dataclass(frozen=True)
class Spread:
    """Half of them have up to the median, none has more than the most; None where there is none."""

    median: float | None
    most: int | None


@dataclass(frozen=True)
class LongTail:
    """How many ratings they have each, in bins that double (0, 1, 2-3, 4-7, ...)."""

    bins: tuple[Bin, ...]
    spread: Spread


@dataclass(frozen=True)
class Ratings:
    """How silver.ratings is distributed: by stars, over time (``unit`` is month or year), by user and by movie."""

    totals: Totals
    stars: tuple[Bin, ...]
    unit: str
    time: tuple[Bin, ...]
    users: LongTail
    movies: LongTail


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


def ratings_of(reader: LakehouseReader) -> Ratings:
    """How the ratings are distributed.

    Raises:
        TableError: silver.ratings or silver.movies is not there.
    """
    (totals,) = records(reader, Totals, _TOTALS)
    unit = _unit(totals)
    parameters: Mapping[str, object] = {"unit": unit, "months": {"month": 1, "year": 12}[unit]}
    time = records(reader, Bin, _TIME, parameters) if totals.n_ratings else ()
    tails = [_long_tail(reader, counts) for counts in (_BY_USER, _BY_MOVIE)]
    return Ratings(totals, records(reader, Bin, _STARS), unit, time, *tails)


def _unit(totals: Totals) -> str:
    """Months for a short span, years for a long one."""
    first, last = totals.first_rated_at, totals.last_rated_at
    if first is None or last is None:
        return "year"
    return "month" if (last.year - first.year) * 12 + last.month - first.month < MONTHS_SHOWN else "year"


def _long_tail(reader: LakehouseReader, counts: str) -> LongTail:
    """The bins and the spread of these counts."""
    (spread,) = records(reader, Spread, _SPREAD.format(counts=counts))
    return LongTail(records(reader, Bin, _LONG_TAIL.format(counts=counts)), spread)
