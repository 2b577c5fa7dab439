"""The dirty rows of a sample: one reason each, so that what cleaning says can be compared row by row.

They come last in the CSV files, as raw lines. No key of theirs is that of a clean row, apart from duplicates, updates
and what does not parse; ratings of otherwise good form fall on a movie that nobody rated, which must stay unrated. The
movie of an orphan is nowhere, or only in a row of movies.csv that is dirty itself.
"""

from collections.abc import Sequence
from itertools import count
from pathlib import Path

from movie_lakehouse.sources.sample.files import append_lines, first_lines
from movie_lakehouse.sources.sample.spec import DirtyRow

TIME = 1_000_000_000
FUTURE = 4_102_444_800
"""The first second of 2100."""
TOO_LARGE = 2**31

Dirt = list[tuple[str, str]]
"""Lines, each with the reason why it does not count."""

N_DUPLICATES = 3
N_UPDATES = 4


def plant_dirt(folder: Path, rows: dict[str, int], unrated: int, orphan: int) -> tuple[DirtyRow, ...]:
    """Appends the dirt to the clean CSV files in ``folder``, which have so many ``rows``; gives what does not count.

    ``unrated`` is the id of a movie without ratings; ``orphan`` and the ids after it are those of no clean movie.
    """
    clean = {table: first_lines(folder / f"{table}.csv", N_DUPLICATES + N_UPDATES) for table in rows}
    dirt = {
        "movies": dirty_movies(orphan, clean["movies"]),
        "ratings": dirty_ratings(unrated, orphan, clean["ratings"]),
        "links": dirty_links(orphan, clean["links"]),
        "tags": dirty_tags(unrated, orphan, clean["tags"]),
    }
    planted = []
    for table, lines in dirt.items():
        append_lines(folder / f"{table}.csv", [text for text, _ in lines])
        first = rows[table] + 2
        planted += [
            DirtyRow(table=table, line=first + at, reason=reason, text=text) for at, (text, reason) in enumerate(lines)
        ]
    append_lines(folder / "ratings.csv", updates(clean["ratings"]))
    return (*planted, *_superseded(clean["ratings"]))


def _superseded(clean: Sequence[str]) -> list[DirtyRow]:
    reason, first = "superseded_by_update", N_DUPLICATES + 2
    return [
        DirtyRow(table="ratings", line=first + at, reason=reason, text=text)
        for at, text in enumerate(clean[N_DUPLICATES:])
    ]


def dirty_ratings(unrated: int, orphan: int, clean: Sequence[str]) -> Dirt:
    """Dirt for ratings.csv: ``unrated`` and ``orphan`` are ids of movies, ``clean`` begins with lines to repeat."""
    user = count(1)
    cases = {
        "does_not_parse": [f"{next(user)},{unrated}", f"{next(user)},{unrated},4.0,{TIME},extra"],
        "missing_value": [f",{unrated},4.0,{TIME}", f"{next(user)},,4.0,{TIME}", f"{next(user)},{unrated},,{TIME}"],
        "not_a_number": [
            f"nobody,{unrated},4.0,{TIME}",
            f"{next(user)},{unrated},four,{TIME}",
            f"{next(user)},{unrated},NaN,{TIME}",
            f"{next(user)},{unrated},4.0,yesterday",
        ],
        "id_out_of_range": [f"{TOO_LARGE},{unrated},4.0,{TIME}"],
        "id_not_positive": [f"0,{unrated},4.0,{TIME}", f"-5,{unrated},4.0,{TIME}"],
        "rating_out_of_range": [f"{next(user)},{unrated},{rating},{TIME}" for rating in ("0.0", "5.5", "-1.0")],
        "rating_off_grid": [f"{next(user)},{unrated},{rating},{TIME}" for rating in ("3.7", "4.25")],
        "timestamp_missing": [f"{next(user)},{unrated},4.0,"],
        "timestamp_in_future": [f"{next(user)},{unrated},4.0,{FUTURE}"],
        "orphan": [f"{next(user)},{orphan},4.0,{TIME}", f"{next(user)},{orphan + 9},4.0,{TIME}"],
        "duplicate_key": list(clean[:N_DUPLICATES]),
    }
    return _flat(cases)


def updates(clean: Sequence[str]) -> list[str]:
    """Later ratings, by thirty days, of the pairs in the lines of ratings.csv after those that are duplicated.

    >>> updates([*"xyz", "1,31,2.5,1000", "1,47,5.0,1000"])
    ['1,31,5.0,2593000', '1,47,0.5,2593000']
    """
    rows = [line.split(",") for line in clean[N_DUPLICATES:]]
    return [
        f"{user},{movie},{'5.0' if rating != '5.0' else '0.5'},{int(time) + 30 * 24 * 3600}"
        for user, movie, rating, time in rows
    ]


def dirty_tags(unrated: int, orphan: int, clean: Sequence[str]) -> Dirt:
    """Dirt for tags.csv, from the same as for ratings."""
    cases = {
        "does_not_parse": [f"1,{unrated}", f"2,{unrated},slow, but good,{TIME}"],
        "missing_value": [f",{unrated},funny,{TIME}", f"3,,funny,{TIME}", f"4,{unrated},,{TIME}"],
        "not_a_number": [f"nobody,{unrated},funny,{TIME}", f"5,{unrated},funny,yesterday"],
        "id_out_of_range": [f"{TOO_LARGE},{unrated},funny,{TIME}"],
        "id_not_positive": [f"0,{unrated},funny,{TIME}"],
        "timestamp_missing": [f"6,{unrated},funny,"],
        "timestamp_in_future": [f"7,{unrated},funny,{FUTURE}"],
        "orphan": [f"8,{orphan},funny,{TIME}"],
        "duplicate_key": list(clean[:1]),
    }
    return _flat(cases)


def dirty_movies(unused: int, clean: Sequence[str]) -> Dirt:
    """Dirt for movies.csv: ``unused`` and the ids after it are those of no clean movie."""
    cases = {
        "does_not_parse": [f"{unused},Lost Reel (1999)", f"{unused + 1},Lost, the Reel (1999),Drama"],
        "missing_value": [",Nameless (1999),Drama", f"{unused + 2},,Drama"],
        "not_a_number": ["tt0114709,Numberless (1999),Drama"],
        "id_out_of_range": [f"{TOO_LARGE},Too Far (1999),Drama"],
        "id_not_positive": ["0,Nought (1999),Drama", "-7,Below (1999),Drama"],
        "duplicate_key": list(clean[:2]),
    }
    return _flat(cases)


def dirty_links(orphan: int, clean: Sequence[str]) -> Dirt:
    """Dirt for links.csv; what does not parse bears the id of a movie whose own link must not suffer from it."""
    movie = clean[1].split(",")[0]
    cases = {
        "does_not_parse": [movie, f"{movie},0114709,862,extra"],
        "missing_value": [",0114709,862"],
        "not_a_number": ["toy-story,0114709,862"],
        "orphan": [f"{orphan},0114709,862"],
        "duplicate_key": list(clean[:1]),
    }
    return _flat(cases)


def _flat(cases: dict[str, list[str]]) -> Dirt:
    return [(line, reason) for reason, lines in cases.items() for line in lines]
