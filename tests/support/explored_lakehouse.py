"""The tiny lakehouse with all that the explorer shows: fold-in, reasons, hostile titles, a refused run."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from support.tiny_lakehouse import MOVIE_FACTORS, MOVIES, START, make_tiny_lakehouse, write_table

HOSTILE = {
    101: "<img src=x onerror=alert(1)><script>alert(2)</script> (2001)",
    102: "**bold** _it_ `code` # head (2001)",
    103: "$x^2$ \\frac{1}{2} $$y$$ (2001)",
    104: ":smile: :material/home: :red[red] (2001)",
    105: "[click](http://evil.example) www.evil.example a@evil.example (2001)",
    106: "'; DROP TABLE movies; -- %_ (2001)",
}
"""Titles that a page would obey if it took them for anything but text."""

WEIGHTS = {1: [0.0, 0.125, 0.25, 0.5], 2: [0.25, 0.0, 0.5, 0.0], 3: [0.25, 0.5, 0.0, 0.0], 5: [0.5, 0.0, -0.125, 0.0]}
FOLD_IN = {
    "mean": 3.5,
    "noise_precision": 1.0,
    "offset": [0.0] * 3,
    "slopes": [[0.0] * 3],
    "precision": [[float(i == j) for j in range(3)] for i in range(3)],
}
N_FILLERS = 60


def make_explored_lakehouse(root: Path) -> Path:
    """Write all its tables under the root, where there may be the told lakehouse, and give the root."""
    if not (root / "silver").exists():
        make_tiny_lakehouse(root)
    for name, rows, mode in (*_movies(), *_lists(), *_model()):
        write_table(root, name, rows, mode)
    return root


def _movies() -> list[tuple[str, list[dict[str, Any]], str]]:
    """Hostile titles, most popular of all, and enough unrated movies for several pages."""
    fillers = {1000 + at: f"Filler {at:02d} ({1950 + at})" for at in range(N_FILLERS)}
    movies = [
        {
            "movie_id": number,
            "title": title,
            "release_year": 2001,
            "genres": ["Drama", "<b>Noir</b>"],
            "is_unrated": False,
        }
        for number, title in HOSTILE.items()
    ] + [
        {"movie_id": number, "title": title, "release_year": 950 + number, "genres": ["War"], "is_unrated": True}
        for number, title in fillers.items()
    ]
    popularity = [
        {
            "movie_id": movie["movie_id"],
            "title": movie["title"],
            "n_ratings": 0 if movie["is_unrated"] else 1,
            "mean_rating": None if movie["is_unrated"] else 5.0,
            "weighted_rating": 3.5,
            "rank": 7 + at,
        }
        for at, movie in enumerate(movies)
    ]
    genres = [{"movie_id": movie["movie_id"], "genre": genre} for movie in movies for genre in movie["genres"]]
    ratings = [
        {"user_id": 1, "movie_id": number, "rating": 5.0, "rated_at": START + timedelta(days=20)} for number in HOSTILE
    ]
    summary = [
        {"genre": genre, "n_movies": n_movies, "n_unrated_movies": 0, "n_ratings": 12, "mean_rating": 5.0}
        for genre, n_movies in (("<b>Noir</b>", len(HOSTILE)), ("War", N_FILLERS))
    ]
    return [
        ("silver.movies", movies, "append"),
        ("silver.movie_genres", genres, "append"),
        ("silver.ratings", ratings, "append"),
        ("gold.movie_popularity", popularity, "append"),
        ("gold.genre_summary", summary, "append"),
    ]


def _lists() -> list[tuple[str, list[dict[str, Any]], str]]:
    """User 1's list by the ranking model, and neighbours by content and with hostile titles."""
    titles = {number: title for number, (title, _) in MOVIES.items()} | HOSTILE
    lists = [
        {
            "user_id": 5,
            "rank": rank,
            "movie_id": number,
            "title": titles[number],
            "score": 1.0 / rank,
            "predicted_rating": 4.5,
            "source": "ranking",
        }
        for rank, number in enumerate((3, 1, *HOSTILE), 1)
    ]
    loved = [{"user_id": 5, "movie_id": number, "rating": 5.0, "rated_at": START} for number in (2, 5, *HOSTILE)]
    like_hostile = [
        {"movie_id": 6, "rank": rank, "similar_movie_id": number, "similarity": 0.9 - rank / 10, "source": "content"}
        for rank, number in enumerate(HOSTILE, 1)
    ]
    weights = [
        {"movie_id": number, "position": at, "weights": values} for at, (number, values) in enumerate(WEIGHTS.items())
    ]
    return [
        ("gold.user_recommendations", lists, "append"),
        ("silver.ratings", loved, "append"),
        ("gold.movie_similarity", like_hostile, "append"),
        ("gold.ranking_weights", weights, "overwrite"),
    ]


def _model() -> list[tuple[str, list[dict[str, Any]], str]]:
    """A model that takes in new users, its grid, and a later run that was refused."""
    factors = [
        {
            "movie_id": number,
            "bias": 0.1,
            "factors": values,
            "covariance": [0.1, 0.0, 0.0, 0.1, 0.0, 0.1],
            "loadings": [0.0],
        }
        for number, values in MOVIE_FACTORS.items()
    ]
    runs = [
        {
            "run_id": run_id,
            "trained_at": START + timedelta(days=day),
            "best_params": json.dumps({"model": "bayes", "rank": 2, "mean_rating": 3.5}),
            "seed": 42,
            "table_versions": {"silver.ratings": 0},
            "promoted": promoted,
            "fold_in": json.dumps(FOLD_IN),
        }
        for run_id, day, promoted in (("run-1", 30, True), ("run-2", 31, False))
    ]
    grid = [
        {
            "run_id": "run-2",
            "fold": fold,
            "rank": rank,
            "max_iter": iterations,
            "reg_param": penalty,
            "rmse": 0.8 + rank / 100 + penalty + iterations / 1000,
            "n_scored": 4,
            "n_cold": 1,
        }
        for fold in range(2)
        for rank in (2, 4)
        for iterations in (5, 10)
        for penalty in (0.05, 0.1)
    ]
    metrics = [
        {"run_id": "run-2", "model": model, "split": "random", "metric": metric, "value": value}
        for model, value in (("bayes", 0.99), ("bias", 0.97), ("mean", 1.05))
        for metric in ("rmse", "mae")
    ]
    refused = {
        "run_id": "run-2",
        "task": "train",
        "status": "refused",
        "started_at": START + timedelta(days=31, minutes=-1),
        "ended_at": START + timedelta(days=31),
        "tables_read": {"silver.ratings": 0},
        "tables_written": {"gold.model_runs": 0},
        "rows": {},
        "fingerprint": "0123456789abcdef",
        "message": "its RMSE is above that of plain biases",
    }
    return [
        ("gold.movie_factors", factors, "overwrite"),
        ("gold.model_runs", runs, "overwrite"),
        ("gold.cv_results", grid, "append"),
        ("gold.model_metrics", metrics, "append"),
        ("ops.job_runs", [refused], "append"),
    ]
