"""Recommendations for people whom the model has not seen: from a few ratings of theirs, or from none."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from movie_lakehouse.errors import NotFoundError, SettingError
from movie_lakehouse.model.bayes.fold_in import fold_in
from movie_lakehouse.model.bayes.stored import hyperparameters_of_json, whole_covariances
from movie_lakehouse.model.ranking.ease import RATING_WEIGHT, likings
from movie_lakehouse.query.factors import places
from movie_lakehouse.query.movies import Movie, find_movies
from movie_lakehouse.query.predictions import published_run, read_factors
from movie_lakehouse.query.rows import Reader, Rows
from movie_lakehouse.scale import HIGHEST, LOWEST

COLUMNS = ("rank", "movie_id", "title", "score", "predicted_rating", "genres", "source")
WEIGHTS = "gold.ranking_weights"
TABLES = ("silver.movies", "gold.movie_factors", "gold.model_runs", WEIGHTS)
"""What a new person's list is made of, question by question."""
Floats = NDArray[np.float64]
Ids = NDArray[np.int64]


@dataclass(frozen=True)
class Rated:
    """A movie and the stars that a person gives it."""

    movie: Movie
    stars: float


def rated_movies(reader: Reader, texts: Sequence[str]) -> list[Rated]:
    """What texts such as ``Toy Story=5`` mean: a title or a part of one, and stars.

    Raises:
        SettingError: a text has no stars of the scale, or two mean the same movie.
        NotFoundError: a title matches no movie or several.
    """
    sides = [title_and_stars(text) for text in texts]
    movies = find_movies(reader, [title for title, _ in sides])
    rated = [Rated(movie, stars) for movie, (_, stars) in zip(movies, sides, strict=True)]
    twice = [one.movie.title for at, one in enumerate(rated) if one.movie in [other.movie for other in rated[:at]]]
    if twice:
        raise SettingError(f"{twice[0]!r} is rated twice; rate each movie once.")
    return rated


def title_and_stars(text: str) -> tuple[str, float]:
    """The two sides of the last equals sign.

    Raises:
        SettingError: there are not two, or the second is no number from 0.5 to 5.

    >>> title_and_stars("Heat=4")
    ('Heat', 4.0)
    """
    title, _, number = text.rpartition("=")
    try:
        stars = float(number)
    except ValueError:
        stars = np.nan
    if not title.strip() or not LOWEST <= stars <= HIGHEST:
        raise SettingError(f'{text!r} is not a title and stars from 0.5 to 5, such as "Toy Story=5".')
    return title.strip(), stars


def movies_for_ratings(reader: Reader, rated: Sequence[Rated], limit: int = 10) -> Rows:
    """The best movies for a person with these ratings, none of them rated: the columns of ``COLUMNS``.

    The person's factors are the exact solution against the published movies; the order is that of the published lists,
    by the ranking model's score where there is one.

    Raises:
        SettingError: the published model keeps nothing that a new person's factors can be had from.
        TableError: a table is not there yet, or does not hold a whole model.
    """
    ids = np.array([one.movie.movie_id for one in rated])
    stars = np.array([one.stars for one in rated])
    movies = read_factors(reader, "gold.movie_factors", "movie_id")
    row, mean = _person(reader, ids, stars)
    predicted = mean + row[0] + movies.biases + movies.vectors @ row[1:]
    liked = _liked(reader, movies.ids, ids, stars)
    scores, source = (predicted, "rating") if liked is None else (RATING_WEIGHT * predicted + liked, "ranking")
    unrated = np.flatnonzero(~np.isin(movies.ids, ids))
    best = unrated[np.lexsort((movies.ids[unrated], -scores[unrated]))][:limit]
    shown = np.clip(predicted, LOWEST, HIGHEST)
    return _listed(reader, [(int(movies.ids[at]), float(scores[at]), float(shown[at]), source) for at in best])


def popular_movies(reader: Reader, genres: Sequence[str] = (), limit: int = 10) -> Rows:
    """The most popular movies, of any of the genres where some are given: the columns of ``COLUMNS``.

    The score is the weighted rating, in stars; nothing is predicted for a person of whom nothing is known.

    Raises:
        NotFoundError: there is no such genre; the message lists them.
        TableError: a table is not there yet.
    """
    known = {row[0].casefold(): row[0] for row in reader.sql("SELECT genre FROM gold.genre_summary ORDER BY genre")}
    unknown = [genre for genre in genres if genre.casefold() not in known]
    if unknown:
        raise NotFoundError(f"There is no genre {unknown[0]!r}; there are {', '.join(known.values())}.")
    wanted = [known[genre.casefold()] for genre in genres]
    within = "WHERE m.movie_id IN (SELECT movie_id FROM silver.movie_genres WHERE array_contains(?, genre)) "
    rows = reader.sql(
        "SELECT row_number() OVER (ORDER BY p.rank) AS rank, m.movie_id, m.title, p.weighted_rating AS score, "
        "CAST(NULL AS DOUBLE) AS predicted_rating, m.genres, 'popularity' AS source "
        f"FROM gold.movie_popularity p JOIN silver.movies m ON m.movie_id = p.movie_id {within if wanted else ''}"
        "ORDER BY p.rank LIMIT ?",
        [wanted, limit] if wanted else [limit],
    )
    return Rows(COLUMNS, list(rows))


def _person(reader: Reader, ids: Ids, stars: Floats) -> tuple[Floats, float]:
    """The person's bias and factors, and the mean rating."""
    _, text = published_run(reader)
    if text is None:
        raise SettingError(
            "The published model cannot take in a new person; `lakehouse run --set model=bayes` makes one that can."
        )
    known = hyperparameters_of_json(text)
    query = (
        "SELECT movie_id, bias, factors, covariance, loadings FROM gold.movie_factors WHERE array_contains(?, movie_id)"
    )
    rows = list(reader.sql(query, [ids.tolist()]))
    stars_of = dict(zip(ids.tolist(), stars.tolist(), strict=True))
    means = np.array([[row[1], *row[2]] for row in rows]).reshape(len(rows), len(known.offset))
    triangles = np.array([row[3] for row in rows]).reshape(len(rows), -1)
    loadings = np.array([row[4] for row in rows]).reshape(len(rows), len(known.slopes))
    covariances = whole_covariances(triangles, len(known.offset)) if rows else np.zeros((0, *known.precision.shape))
    return fold_in(np.array([stars_of[row[0]] for row in rows]), means, covariances, loadings, known), known.mean


def _liked(reader: Reader, movie_ids: Ids, ids: Ids, stars: Floats) -> Floats | None:
    """What the rated movies add to each movie's score, 0 outside the catalogue; None without a ranking model."""
    if WEIGHTS not in reader.tables():
        return None
    catalogue = reader.arrays(f"SELECT movie_id, position FROM {WEIGHTS} ORDER BY position")
    if not len(catalogue["movie_id"]):
        return None
    added = np.zeros(len(catalogue["movie_id"]))
    liking_of = dict(zip(ids.tolist(), likings(stars).tolist(), strict=True))
    for movie_id, weights in reader.sql(
        f"SELECT movie_id, weights FROM {WEIGHTS} WHERE array_contains(?, movie_id)", [ids.tolist()]
    ):
        added += liking_of[movie_id] * np.asarray(weights)
    ascending = np.argsort(catalogue["movie_id"])
    place, known = places(catalogue["movie_id"][ascending].astype(np.int64), movie_ids)
    return np.where(known, added[ascending][place], 0.0)


def _listed(reader: Reader, best: Sequence[tuple[int, float, float, str]]) -> Rows:
    """The movies in this order with their titles and genres."""
    ids = [movie_id for movie_id, *_ in best]
    query = "SELECT movie_id, title, genres FROM silver.movies WHERE array_contains(?, movie_id)"
    told = {row[0]: row[1:] for row in reader.sql(query, [ids])}
    return Rows(
        COLUMNS,
        [
            (rank, movie_id, told[movie_id][0], score, predicted, told[movie_id][1], source)
            for rank, (movie_id, score, predicted, source) in enumerate(best, 1)
        ],
    )
