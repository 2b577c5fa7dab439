"""Writes a sample into a folder, whole or not at all."""

import math
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from movie_lakehouse.errors import SourceError
from movie_lakehouse.sources.folder import TABLES, required_columns
from movie_lakehouse.sources.progress import progress
from movie_lakehouse.sources.sample.activity import rating_chunks
from movie_lakehouse.sources.sample.catalogue import Catalogue, IntArray, draw_catalogue
from movie_lakehouse.sources.sample.dirt import plant_dirt
from movie_lakehouse.sources.sample.files import csv_lines, rating_lines
from movie_lakehouse.sources.sample.spec import SampleFacts, SampleSpec
from movie_lakehouse.sources.sample.tags import draw_tags
from movie_lakehouse.sources.sample.taste import draw_taste
from movie_lakehouse.sources.whole import made_whole

FACTS_FILE = "sample.json"


def generate_sample(spec: SampleSpec, folder: Path) -> SampleFacts:
    """Writes movies.csv, ratings.csv, links.csv and tags.csv into ``folder``, and what is true of them as sample.json.

    Does nothing where ``folder`` already holds the finished sample of this spec. Memory does not grow with the number
    of ratings.

    Raises:
        SourceError: ``folder`` holds something else.
    """
    if finished := _facts_of_finished(spec, folder):
        return finished
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise SourceError(f"{folder} holds something other than this sample: remove it or name another folder")
    with made_whole(folder) as partial:
        facts = _write_sample(spec, partial)
        (partial / FACTS_FILE).write_text(facts.model_dump_json(indent=1), encoding="utf-8")
    return facts


def _facts_of_finished(spec: SampleSpec, folder: Path) -> SampleFacts | None:
    try:
        facts = SampleFacts.model_validate_json((folder / FACTS_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return facts if facts.fingerprint == spec.fingerprint() else None


@dataclass(frozen=True)
class _Tally:
    """What was counted while the ratings were written."""

    ratings_of_movie: IntArray
    squared_error: float
    n_tags: int


def _write_sample(spec: SampleSpec, folder: Path) -> SampleFacts:
    catalogue = draw_catalogue(spec)
    with ExitStack() as stack:
        files = {table: stack.enter_context((folder / f"{table}.csv").open("wb")) for table in TABLES}
        for table, file in files.items():
            file.write(csv_lines([required_columns(table)]))
        files["movies"].write(csv_lines(catalogue.movie_rows()))
        files["links"].write(csv_lines(catalogue.link_rows()))
        tally = _write_ratings(spec, catalogue, files["ratings"], files["tags"])
    facts = _facts_of_clean(spec, catalogue, tally)
    if not spec.dirty:
        return facts
    orphan = int(catalogue.movie_ids[-1]) + 1_000
    dirty_rows = plant_dirt(folder, facts.rows, facts.unrated_movies[0], orphan)
    # Each dirty row adds one to its file: what an update supersedes was there before, but the update itself was not.
    added = Counter(row.table for row in dirty_rows)
    rows = {table: n + added[table] for table, n in facts.rows.items()}
    return facts.model_copy(update={"dirty_rows": dirty_rows, "rows": rows})


def _write_ratings(spec: SampleSpec, catalogue: Catalogue, ratings: BinaryIO, tags: BinaryIO) -> _Tally:
    """Writes ratings and tags a chunk of users at a time."""
    taste = draw_taste(spec, catalogue)
    rng = np.random.default_rng([spec.seed, 5])
    ratings_of_movie, squared_error, n_tags = np.zeros(spec.n_movies, dtype=np.int64), 0.0, 0
    with progress("Writing the sample", spec.n_ratings, "ratings") as advance:
        for chunk in rating_chunks(spec, catalogue, taste):
            ratings.write(rating_lines(chunk, catalogue.movie_ids))
            tag_rows = draw_tags(chunk, catalogue, rng)
            tags.write(csv_lines(tag_rows))
            ratings_of_movie += np.bincount(chunk.movies, minlength=spec.n_movies)
            squared_error += float(np.square(chunk.ratings - chunk.expected).sum())
            n_tags += len(tag_rows)
            advance(len(chunk.users))
    return _Tally(ratings_of_movie, squared_error, n_tags)


def _facts_of_clean(spec: SampleSpec, catalogue: Catalogue, tally: _Tally) -> SampleFacts:
    listed = [genre for genres in catalogue.genres for genre in genres]
    shared = [title for title, n in Counter(catalogue.titles).items() if n > 1]
    sizes = {"movies": spec.n_movies, "ratings": spec.n_ratings, "links": spec.n_movies, "tags": tally.n_tags}
    return SampleFacts(
        spec=spec,
        fingerprint=spec.fingerprint(),
        rows=sizes,
        n_users=spec.n_users,
        n_movies=spec.n_movies,
        n_ratings=spec.n_ratings,
        n_tags=tally.n_tags,
        n_links=spec.n_movies,
        n_links_without_tmdb=catalogue.tmdb_ids.count(None),
        n_movie_genres=len(listed),
        n_genres=len(set(listed)),
        n_movies_without_genres=catalogue.genres.count(()),
        n_movies_without_year=catalogue.years.count(None),
        n_shared_titles=len(shared),
        unrated_movies=tuple(catalogue.movie_ids[tally.ratings_of_movie == 0].tolist()),
        best_rmse=math.sqrt(tally.squared_error / spec.n_ratings),
        neighbour_groups=tuple(map(tuple, catalogue.movie_ids[catalogue.groups].tolist())),
        dirty_rows=(),
    )
