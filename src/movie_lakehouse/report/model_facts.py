"""The search, the model beside its baselines, and examples of what people get from it."""

import json
from dataclasses import dataclass
from datetime import datetime

from movie_lakehouse.errors import NotFoundError
from movie_lakehouse.query.reader import LakehouseReader
from movie_lakehouse.report.asking import records

LENGTH = 5
"""How much of a list is shown."""
N_LOVED = 3

_TRAINED = """
SELECT run_id, trained_at, best_params, promoted FROM gold.model_runs ORDER BY trained_at DESC LIMIT 1
"""
_SCORES = """
SELECT model, split, max(value) FILTER (metric = 'rmse') AS rmse, max(value) FILTER (metric = 'mae') AS mae,
  max(value) FILTER (metric = 'rmse_warm') AS rmse_warm, max(value) FILTER (metric = 'n_rows') AS n_rows,
  max(value) FILTER (metric = 'n_cold') AS n_cold
FROM gold.model_metrics WHERE run_id = ? GROUP BY model, split ORDER BY split, rmse NULLS LAST, model
"""
_IN_PLACE = """
SELECT run_id FROM gold.model_runs WHERE promoted ORDER BY trained_at DESC LIMIT 1
"""
_REFUSAL = """
SELECT message FROM ops.job_runs WHERE run_id = ? AND task = 'train' AND status = 'refused' ORDER BY ended_at DESC
"""
_GRID = """
SELECT rank, max_iter, reg_param, avg(rmse) AS rmse, min(rmse) AS best_rmse, max(rmse) AS worst_rmse,
  count(*) AS n_folds, sum(n_scored)::BIGINT AS n_scored, sum(n_cold)::BIGINT AS n_cold
FROM gold.cv_results WHERE run_id = ? GROUP BY rank, max_iter, reg_param
ORDER BY rmse NULLS LAST, rank, max_iter, reg_param
"""
_USERS = """
SELECT user_id, n_ratings FROM (
  SELECT user_id, count(*) AS n_ratings, row_number() OVER (ORDER BY count(*), user_id) AS place, count(*) OVER () AS n
  FROM silver.ratings WHERE user_id IN (SELECT user_id FROM gold.user_recommendations) GROUP BY user_id)
WHERE place IN (1, (n + 1) // 2, n) ORDER BY place
"""
_LISTED = """
SELECT rank, title, score, predicted_rating AS stars, source FROM gold.user_recommendations
WHERE user_id = ? AND rank <= ? ORDER BY rank
"""
_LOVED = """
SELECT m.title FROM silver.ratings r JOIN silver.movies m ON m.movie_id = r.movie_id
WHERE r.user_id = ? ORDER BY r.rating DESC, r.rated_at DESC, m.movie_id LIMIT ?
"""
_MOVIES = """
SELECT movie_id, title FROM gold.movie_popularity
WHERE movie_id IN (SELECT movie_id FROM gold.movie_similarity) ORDER BY rank LIMIT 3
"""
_NEIGHBOURS = """
SELECT s.rank, m.title, s.similarity, s.source
FROM gold.movie_similarity s JOIN silver.movies m ON m.movie_id = s.similar_movie_id
WHERE s.movie_id = ? AND s.rank <= ? ORDER BY s.rank
"""


@dataclass(frozen=True)
class Score:
    """A model's errors on the held-out ratings, in stars; None for what was not measured."""

    model: str
    split: str
    rmse: float | None
    mae: float | None
    rmse_warm: float | None
    n_rows: float | None
    n_cold: float | None


@dataclass(frozen=True)
class Contest:
    """The newest model beside its baselines.

    Attributes:
        run_id: the run that trained it, which an earlier one may be.
        candidate: the model that was to be published.
        parameters: its settings.
        promoted: whether it was published.
        in_place: the run whose model people query, None where none has been published.
        why: why it was refused, None where it was not or nothing says so.
        scores: by split, the best first.
    """

    run_id: str
    trained_at: datetime
    candidate: str
    parameters: dict[str, object]
    promoted: bool
    in_place: str | None
    why: str | None
    scores: tuple[Score, ...]

    def rmse_of(self, model: str) -> float | None:
        """The model's RMSE on the first split that has it."""
        return next((score.rmse for score in self.scores if score.model == model), None)


@dataclass(frozen=True)
class Setting:
    """A setting of the grid and its errors over the folds, in stars; None where no row could be scored."""

    rank: int
    max_iter: int
    reg_param: float
    rmse: float | None
    best_rmse: float | None
    worst_rmse: float | None
    n_folds: int
    n_scored: int
    n_cold: int


@dataclass(frozen=True)
class Listed:
    """A movie of somebody's list."""

    rank: int
    title: str
    score: float
    stars: float | None
    source: str


@dataclass(frozen=True)
class UserExample:
    """A user, some of what they loved most, and the top of their list."""

    user_id: int
    n_ratings: int
    loved: tuple[str, ...]
    listed: tuple[Listed, ...]


@dataclass(frozen=True)
class Neighbour:
    """A movie like another; similarity is -1 to 1."""

    rank: int
    title: str
    similarity: float
    source: str


@dataclass(frozen=True)
class MovieExample:
    """A movie and those most like it."""

    movie_id: int
    title: str
    neighbours: tuple[Neighbour, ...]


def contest_of(reader: LakehouseReader) -> Contest:
    """The newest model beside its baselines.

    Raises:
        NotFoundError: no model has been trained.
        TableError: a table is not there.
    """
    trained = list(reader.sql(_TRAINED))
    if not trained:
        raise NotFoundError("gold.model_runs is empty: no model has been trained yet.")
    run_id, trained_at, best_params, promoted = trained[0]
    parameters = json.loads(best_params)
    in_place, refusals = list(reader.sql(_IN_PLACE)), list(reader.sql(_REFUSAL, [run_id]))
    return Contest(
        run_id,
        trained_at,
        parameters.pop("model", "als"),
        parameters,
        promoted,
        in_place[0][0] if in_place else None,
        refusals[0][0] if refusals else None,
        records(reader, Score, _SCORES, [run_id]),
    )


def grid_of(reader: LakehouseReader) -> tuple[Setting, ...]:
    """The settings that the newest search tried, best first.

    Raises:
        NotFoundError: no model has been trained.
        TableError: a table is not there.
    """
    return records(reader, Setting, _GRID, [contest_of(reader).run_id])


def users_of(reader: LakehouseReader) -> tuple[UserExample, ...]:
    """The users with the fewest, a middling number of and the most ratings.

    Raises:
        TableError: a table is not there.
    """
    return tuple(
        UserExample(
            user_id,
            n_ratings,
            tuple(title for (title,) in reader.sql(_LOVED, [user_id, N_LOVED])),
            records(reader, Listed, _LISTED, [user_id, LENGTH]),
        )
        for user_id, n_ratings in reader.sql(_USERS)
    )


def movies_of(reader: LakehouseReader) -> tuple[MovieExample, ...]:
    """The three most popular movies and their neighbours.

    Raises:
        TableError: a table is not there.
    """
    return tuple(
        MovieExample(movie_id, title, records(reader, Neighbour, _NEIGHBOURS, [movie_id, LENGTH]))
        for movie_id, title in reader.sql(_MOVIES)
    )
