"""How the ratings are distributed. All sums are the engine's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from movie_lakehouse.query.reader import LakehouseReader
from movie_lakehouse.report.asking import records

MONTHS_SHOWN = 36
"""Up to how many months ratings over time are shown by month; longer spans by year."""

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
_SPREAD = "SELECT quantile_disc(n_ratings, 0.5) AS median, max(n_ratings) AS most FROM ({counts})"


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

    median: int | None
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
