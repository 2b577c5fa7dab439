"""Silver after new bronze rows: these and what they touch are judged, to the outcome of judging all of bronze.

What a row is judged by is the row itself, whether its movie is good, and the good rows of its key. Bronze only grows,
so a movie that is good stays good, and a key that has a good row keeps having one, which is in silver. Of the rows that
were judged before, two kinds can be judged otherwise now, and are judged again with the new ones:

- those of a key that silver has and a new row may have: another row may be the latest;
- those of a movie that is good since now: they are no orphans any more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from movie_lakehouse.lakehouse.materialise import Hold
from movie_lakehouse.silver.change import Change, difference, some
from movie_lakehouse.silver.derive import movie_genres, rating_genres, stamped, with_unrated_flag
from movie_lakehouse.silver.judge import good_rows, quarantined_rows
from movie_lakehouse.silver.parse import possible_id, trimmed
from movie_lakehouse.silver.tables import KEYS, judge

Frames = Mapping[str, DataFrame]
_BRONZE_ROW = ["source_table", "_batch_id", "_source_file", "record"]
_MOVIE = {"movie_id": "movieId"}


@dataclass(frozen=True)
class Arrival:
    """A bronze table in two: the rows that have not been judged yet, held, None for none; and those that have been."""

    new: DataFrame | None
    seen: DataFrame


@dataclass(frozen=True)
class Judged:
    """New rows of a bronze table, judged with the rows that they touch.

    Attributes:
        rows: the judged rows.
        before: the rows of the silver table whose keys these have, None for none.
        are_new: whether all rows are new: then nothing of quarantine is theirs.
    """

    rows: DataFrame
    before: DataFrame | None
    are_new: bool


def arrival(bronze: DataFrame, batches: Sequence[str], hold: Hold) -> Arrival:
    """Part a bronze table by its new batches."""
    if not batches:
        return Arrival(None, bronze)
    is_new = F.col("_batch_id").isin(*batches)
    return Arrival(hold(bronze.where(is_new)), bronze.where(~is_new))


def silver_changes(arrivals: Mapping[str, Arrival], silver: Frames, now: datetime, hold: Hold) -> dict[str, Change]:
    """Judge what is new and what it touches.

    Args:
        arrivals: the four bronze tables, by names without their layer, as all names here.
        silver: every silver table as it stands, which must be what ``whole.silver_tables`` makes of the rows seen.
        now: the time of this run (UTC).
        hold: keeps frames that are read several times.

    Returns:
        What becomes of each silver table that may change, held.
    """
    judged = _judge_sources(arrivals, silver, hold)
    if not judged:
        return {}
    changes = {
        source: difference(part.before, good_rows(part.rows), hold)
        for source, part in judged.items()
        if source != "movies"
    }
    ratings = changes.get("ratings")
    movies = _movies(judged.get("movies"), ratings, silver["movies"], hold)
    if movies is not None:
        changes["movies"] = movies
        changes["movie_genres"] = _movie_genres(movies, hold)
    changes |= _rating_genres(ratings, changes.get("movie_genres"), silver, hold)
    return changes | {"quarantine": _quarantine(judged, silver["quarantine"], now, hold)}


def _judge_sources(arrivals: Mapping[str, Arrival], silver: Frames, hold: Hold) -> dict[str, Judged]:
    """The bronze tables of which rows are to be judged, movies first: others are orphans or not by them."""
    judged: dict[str, Judged] = {}
    known, found = silver["movies"].select("movie_id"), None
    for source, key in KEYS.items():
        new = arrivals[source].new
        before = None if new is None else some(hold(_touched(silver[source], new, key)))
        rows = _rows_to_judge(arrivals[source], key, before, found)
        if rows is None:
            continue
        part = Judged(hold(judge(source, rows, known)), before, are_new=before is None and found is None)
        judged[source] = part
        if source == "movies":
            found = some(hold(good_rows(part.rows).select("movie_id").join(known, "movie_id", "left_anti")))
            known = known if found is None else known.union(found)
    return judged


def _rows_to_judge(
    arrival: Arrival, key: Mapping[str, str], before: DataFrame | None, found: DataFrame | None
) -> DataFrame | None:
    """The new rows, those of the keys touched, and those of the movies found: each once.

    None of the movies found has a key of silver's: a movie that is good only now had no row there.
    """
    touched = None if before is None else _having_key(arrival.seen, before, key)
    awoken = None if found is None else _having_key(arrival.seen, found, _MOVIE)
    return _together(arrival.new, touched, awoken)


def _touched(table: DataFrame, new: DataFrame, key: Mapping[str, str]) -> DataFrame:
    """The rows of a silver table whose key one of the new bronze rows may have."""
    return table.alias("silver").join(new.alias("bronze"), _may_be_same(key), "left_semi")


def _having_key(seen: DataFrame, rows: DataFrame, key: Mapping[str, str]) -> DataFrame:
    """The bronze rows that may have the key of one of the rows."""
    return seen.alias("bronze").join(rows.alias("silver"), _may_be_same(key), "left_semi")


def _may_be_same(key: Mapping[str, str]) -> Column:
    """Whether the text of a bronze row may give a silver row's key: of those that do give it none is left out."""
    condition = F.lit(True)
    for name, column in key.items():
        text = f"bronze.{column}"
        value = possible_id(text) if name.endswith("_id") else trimmed(F.col(text))
        condition = condition & (value == F.col(f"silver.{name}"))
    return condition


def _movies(judged: Judged | None, ratings: Change | None, table: DataFrame, hold: Hold) -> Change | None:
    """The change of movies: what their own rows say of them, and which are rated for the first time."""
    good = table.drop("is_unrated").limit(0) if judged is None else good_rows(judged.rows)
    rated = table.select("movie_id").limit(0) if ratings is None else ratings.come.select("movie_id")
    if judged is None and ratings is None:
        return None
    before = hold(table.join(good.select("movie_id").union(rated), "movie_id", "left_semi"))
    others = before.drop("is_unrated").join(good, "movie_id", "left_anti")
    all_rated = rated.union(before.where("NOT is_unrated").select("movie_id"))
    return difference(before, with_unrated_flag(good.unionByName(others), all_rated), hold)


def _movie_genres(movies: Change, hold: Hold) -> Change:
    """The change of movie_genres that a change of movies brings."""
    before = None if movies.gone is None else movie_genres(movies.gone)
    return difference(before, movie_genres(movies.come), hold)


def _rating_genres(ratings: Change | None, genres: Change | None, silver: Frames, hold: Hold) -> dict[str, Change]:
    """The change of rating_genres, by its name: of ratings that change, and of those of movies whose genres do."""
    table = silver["movie_genres"]
    gone, come = (None, None) if ratings is None else (ratings.gone, ratings.come)
    stay = None if genres is None else _ratings_that_stay(genres, gone, silver["ratings"], hold)
    before, after = _together(gone, stay), _together(come, stay)
    if after is None:
        return {}
    genres_now = table if genres is None else genres.applied(table, ["movie_id", "genre"])
    was = None if before is None else rating_genres(before, table)
    return {"rating_genres": difference(was, rating_genres(after, genres_now), hold)}


def _ratings_that_stay(genres: Change, gone: DataFrame | None, ratings: DataFrame, hold: Hold) -> DataFrame | None:
    """The ratings, but those that go, of movies whose genres change; None for none."""
    moved = _together(genres.gone, genres.come)
    changed = None if moved is None else some(hold(moved.select("movie_id").distinct()))
    if changed is None:
        return None
    rows = ratings.join(changed, "movie_id", "left_semi")
    return some(hold(rows if gone is None else rows.join(gone, list(KEYS["ratings"]), "left_anti")))


def _together(*frames: DataFrame | None) -> DataFrame | None:
    """The rows of those frames that there are; None where there is none."""
    there = [frame for frame in frames if frame is not None]
    return reduce(DataFrame.unionByName, there) if there else None


def _quarantine(judged: Mapping[str, Judged], table: DataFrame, now: datetime, hold: Hold) -> Change:
    """The change of quarantine: the rows that were judged again leave it, and enter it with the reasons of now."""
    out = [quarantined_rows(part.rows, source) for source, part in judged.items()]
    again = [
        part.rows.select(F.lit(source).alias("source_table"), *_BRONZE_ROW[1:])
        for source, part in judged.items()
        if not part.are_new
    ]
    before = hold(table.join(reduce(DataFrame.unionByName, again), _BRONZE_ROW, "left_semi")) if again else None
    after = stamped(reduce(DataFrame.unionByName, out), table.limit(0) if before is None else before, now)
    return difference(before, after, hold)
