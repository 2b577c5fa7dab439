"""The report's figures, each from the facts that its table repeats."""

import math
from collections.abc import Sequence
from datetime import datetime

from movie_lakehouse.report.figures import Figure, Point, bars, columns, heat_map, line
from movie_lakehouse.report.model_facts import Contest, Setting
from movie_lakehouse.report.rating_facts import LongTail, Ratings
from movie_lakehouse.report.run_facts import Run
from movie_lakehouse.report.words import lasting


def counted(number: float) -> str:
    """A count.

    >>> counted(100836)
    '100,836'
    """
    return f"{number:,.0f}"


def measured(number: float | None) -> str:
    """An error or a score to four decimals, a dash where there is none."""
    return "–" if number is None or math.isnan(number) else f"{number:.4f}"


def of_stars(ratings: Ratings) -> Figure:
    """Ratings by stars."""
    points = [(f"{one.low:.1f}", float(one.n)) for one in ratings.stars]
    description = _peak(points, "number of stars", "ratings")
    header = ("stars", "ratings")
    return Figure("stars", "Ratings by stars", description, header, _counts(points), columns(points, counted))


def of_time(ratings: Ratings) -> Figure:
    """Ratings over time."""
    form = "%Y" if ratings.unit == "year" else "%Y-%m"
    points = [(one.low.strftime(form), float(one.n)) for one in ratings.time if isinstance(one.low, datetime)]
    name, value = max(points, key=lambda point: point[1], default=("", 0))
    description = f"Most in {name}: {counted(value)} ratings." if points else "There are no ratings."
    title, header = f"Ratings by {ratings.unit}", (ratings.unit, "ratings")
    return Figure("time", title, description, header, _counts(points), line(points, counted))


def of_users(ratings: Ratings) -> Figure:
    """Users by how many movies they rated."""
    return _long_tail("users", "Users by how many movies they rated", "users", ratings.users)


def of_movies(ratings: Ratings) -> Figure:
    """Movies by how often they were rated."""
    return _long_tail("movies", "Movies by how often they were rated", "movies", ratings.movies)


def of_models(contest: Contest) -> Figure:
    """The errors of the models on the first split, with all that was measured as the table."""
    first = [score for score in contest.scores if score.split == contest.scores[0].split]
    points = [(score.model, score.rmse) for score in first if score.rmse is not None]
    rows = tuple(
        (
            score.model,
            _role(score.model, contest),
            score.split,
            *map(measured, (score.rmse, score.mae, score.rmse_warm)),
            *("–" if count is None else counted(count) for count in (score.n_rows, score.n_cold)),
            measured(score.ndcg),
        )
        for score in contest.scores
    )
    best = f"The lowest error is that of {points[0][0]}, {measured(points[0][1])} stars." if points else "No error."
    header = (
        "model",
        "role",
        "split",
        "RMSE",
        "MAE",
        "RMSE without cold rows",
        "held-out rows",
        "cold rows",
        "NDCG@10",
    )
    return Figure("models", "Error on held-out ratings (RMSE, stars)", best, header, rows, bars(points, measured))


def _role(model: str, contest: Contest) -> str:
    """What became of a model in the contest."""
    if model != contest.candidate:
        return "beside it"
    return "published" if contest.promoted else "refused"


def of_grid(grid: Sequence[Setting]) -> list[Figure]:
    """A heat map for each number of iterations: factors down, regularisation across, the mean error in the cells."""
    return [_heat_of(iterations, grid) for iterations in sorted({one.max_iter for one in grid})]


def of_tasks(run: Run) -> Figure:
    """How long each task took, in the order in which they began."""
    points = [(task.task, task.seconds) for task in run.tasks]
    rows = tuple(
        (task.task, task.status, f"{task.started_at:%H:%M:%S}", f"{task.ended_at:%H:%M:%S}", f"{task.seconds:.1f}")
        for task in run.tasks
    )
    name, seconds = max(points, key=lambda point: point[1])
    description = f"{name} took longest, {lasting(seconds)}; from start to end the run took {lasting(run.seconds)}."
    header = ("task", "status", "began (UTC)", "ended (UTC)", "seconds")
    return Figure("tasks", "Time by task", description, header, rows, bars(points, lasting))


def _heat_of(iterations: int, grid: Sequence[Setting]) -> Figure:
    """The settings with this number of iterations."""
    mine = [one for one in grid if one.max_iter == iterations]
    ranks, regs = sorted({one.rank for one in mine}), sorted({one.reg_param for one in mine})
    errors = {(one.rank, one.reg_param): one.rmse for one in mine}
    cells = [[errors.get((rank, reg)) for reg in regs] for rank in ranks]
    rows = tuple(
        (
            str(one.rank),
            f"{one.reg_param:g}",
            *map(measured, (one.rmse, one.best_rmse, one.worst_rmse)),
            *map(counted, (one.n_folds, one.n_scored, one.n_cold)),
        )
        for one in mine
    )
    best = mine[0]
    return Figure(
        f"grid-{iterations}",
        f"Mean error over the folds (RMSE, stars), {iterations} iterations",
        f"The lowest is {measured(best.rmse)} with {best.rank} factors and regularisation {best.reg_param:g}.",
        ("factors", "regularisation", "mean RMSE", "best fold", "worst fold", "folds", "scored rows", "cold rows"),
        rows,
        heat_map([f"{rank} factors" for rank in ranks], [f"reg. {reg:g}" for reg in regs], cells, measured),
    )


def _long_tail(name: str, title: str, whose: str, tail: LongTail) -> Figure:
    """Counts in bins that double."""
    lows = [int(one.low) for one in tail.bins if isinstance(one.low, int | float)]
    points = [(_bin_name(low), float(one.n)) for low, one in zip(lows, tail.bins, strict=True)]
    drawn = [(str(low), value) for low, (_, value) in zip(lows, points, strict=True)]
    description = f"{_peak(points, 'number of ratings', whose)} Ranges double from bar to bar: 4 stands for 4 to 7."
    return Figure(name, title, description, ("ratings each", whose), _counts(points), columns(drawn, counted))


def _bin_name(low: int) -> str:
    """The numbers that a bin of a long tail holds.

    >>> _bin_name(0), _bin_name(1), _bin_name(4)
    ('0', '1', '4–7')
    """
    return str(low) if low < 2 else f"{low}–{2 * low - 1}"


def _peak(points: Sequence[Point], unit: str, what: str) -> str:
    """Where most of them are."""
    if not points:
        return f"There are no {what}."
    name, value = max(points, key=lambda point: point[1])
    return f"The most frequent {unit}: {name}, {counted(value)} {what}."


def _counts(points: Sequence[Point]) -> tuple[tuple[str, str], ...]:
    """The points as a table."""
    return tuple((name, counted(value)) for name, value in points)
