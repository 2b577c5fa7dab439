"""A whole lakehouse by hand: 4 users, 6 movies and 11 ratings in Delta tables of the declared form, without Spark.

The model is plain ALS of rank 2: a prediction is the dot product of the factors, so for user 1 and Toy Story it is
1.0 * 4.0 + 0.5 * 1.0 = 4.5. Movie 6 has no rating, and a title that terminals and spreadsheets would obey.
"""

import atexit
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
from deltalake import write_deltalake

from movie_lakehouse.lakehouse.tables import table_named

START = datetime(2020, 1, 1, tzinfo=UTC)

MOVIES = {
    1: ("Toy Story (1995)", ["Adventure", "Animation", "Children", "Comedy", "Fantasy"]),
    2: ("Heat (1995)", ["Action", "Crime", "Thriller"]),
    3: ("Matrix, The (1999)", ["Action", "Sci-Fi", "Thriller"]),
    4: ("Matrix Reloaded, The (2003)", ["Action", "Adventure", "Sci-Fi", "Thriller"]),
    5: ("City of Lost Children, The (Cité des enfants perdus, La) (1995)", ["Adventure", "Drama", "Fantasy"]),
    6: ("=Ghost\x1b[31m", []),
}
RATINGS = {
    (1, 1): 4.5,
    (1, 2): 2.0,
    (1, 5): 4.0,
    (2, 2): 5.0,
    (2, 3): 4.0,
    (2, 4): 3.0,
    (3, 1): 3.5,
    (3, 3): 4.5,
    (3, 4): 4.0,
    (4, 2): 3.0,
    (4, 3): 5.0,
}
USER_FACTORS = {1: (1.0, 0.5), 2: (0.25, 1.0), 3: (0.5, 1.0), 4: (0.5, 0.75)}
MOVIE_FACTORS = {1: (4.0, 1.0), 2: (0.5, 4.0), 3: (1.0, 4.0), 4: (1.5, 3.0), 5: (4.0, 0.5)}
RECOMMENDATIONS = {
    1: [(4, 3.0, "rating"), (3, 3.0, "rating")],
    2: [(1, 2.0, "rating"), (5, 1.5, "rating")],
    3: [(2, 4.25, "rating"), (5, 2.5, "rating")],
    4: [(4, 3.0, "rating"), (6, 2.5, "popularity")],
}
SIMILAR = {
    1: [(5, 0.9934), (4, 0.6508)],
    2: [(3, 0.9928), (4, 0.9363)],
    3: [(2, 0.9928), (4, 0.9762)],
    4: [(3, 0.9762), (2, 0.9363)],
    5: [(1, 0.9934), (4, 0.5547)],
}


def make_tiny_lakehouse(root: Path) -> Path:
    """Put all its tables under the root, where none of them is, and give the root."""
    shutil.copytree(_written(), root, dirs_exist_ok=True)
    return root


@cache
def _written() -> Path:
    """The lakehouse that the others are copies of, until this process ends."""
    root = Path(tempfile.mkdtemp(prefix="tiny-lakehouse-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    for name, rows in (_silver() | _gold() | _ops()).items():
        write_table(root, name, rows)
    return root


def write_table(root: Path, name: str, rows: Sequence[Mapping[str, Any]], mode: str = "overwrite") -> None:
    """Write a declared table's rows in one commit; columns that a row leaves out are null."""
    table = table_named(name)
    fields = [pa.field(column.name, arrow_type(column.type), column.nullable) for column in table.columns]
    columns = [[row.get(column.name) for row in rows] for column in table.columns]
    arrays = [pa.array(values, field.type) for values, field in zip(columns, fields, strict=True)]
    write_deltalake(str(root.joinpath(*name.split("."))), pa.table(arrays, pa.schema(fields)), mode=mode)


def arrow_type(ddl: str) -> pa.DataType:
    """The Arrow type of a declared column's Spark SQL type."""
    simple = {
        "STRING": pa.string(),
        "INT": pa.int32(),
        "BIGINT": pa.int64(),
        "FLOAT": pa.float32(),
        "DOUBLE": pa.float64(),
        "BOOLEAN": pa.bool_(),
        "TIMESTAMP": pa.timestamp("us", "UTC"),
    }
    if ddl in simple:
        return simple[ddl]
    kind, inside = re.fullmatch(r"(ARRAY|MAP|STRUCT)<(.*)>", ddl).groups()
    if kind == "ARRAY":
        return pa.list_(arrow_type(inside))
    parts = inside.split(", ")
    if kind == "MAP":
        return pa.map_(arrow_type(parts[0]), arrow_type(parts[1]))
    return pa.struct([(name, arrow_type(part)) for name, part in (part.split(": ") for part in parts)])


def _silver() -> dict[str, list[dict[str, Any]]]:
    rated = {movie for _, movie in RATINGS}
    years = {
        movie: int(year[1]) if (year := re.search(r"\((\d{4})\)$", title)) else None
        for movie, (title, _) in MOVIES.items()
    }
    return {
        "silver.movies": [
            {
                "movie_id": movie,
                "title": title,
                "release_year": years[movie],
                "genres": genres,
                "is_unrated": movie not in rated,
            }
            for movie, (title, genres) in MOVIES.items()
        ],
        "silver.movie_genres": [
            {"movie_id": movie, "genre": genre} for movie, (_, genres) in MOVIES.items() for genre in genres
        ],
        "silver.ratings": [
            {"user_id": user, "movie_id": movie, "rating": rating, "rated_at": START + timedelta(days=at)}
            for at, ((user, movie), rating) in enumerate(RATINGS.items())
        ],
    }


def _gold() -> dict[str, list[dict[str, Any]]]:
    factors = {"gold.user_factors": ("user_id", USER_FACTORS), "gold.movie_factors": ("movie_id", MOVIE_FACTORS)}
    tables: dict[str, list[dict[str, Any]]] = {
        name: [{key: number, "bias": 0.0, "factors": values} for number, values in vectors.items()]
        for name, (key, vectors) in factors.items()
    }
    tables["gold.user_recommendations"] = [
        {
            "user_id": user,
            "rank": rank,
            "movie_id": movie,
            "title": MOVIES[movie][0],
            "score": score,
            "predicted_rating": score if source == "rating" else None,
            "source": source,
        }
        for user, movies in RECOMMENDATIONS.items()
        for rank, (movie, score, source) in enumerate(movies, 1)
    ]
    tables["gold.movie_similarity"] = [
        {"movie_id": movie, "rank": rank, "similar_movie_id": other, "similarity": similarity, "source": "ratings"}
        for movie, others in SIMILAR.items()
        for rank, (other, similarity) in enumerate(others, 1)
    ]
    return tables | _gold_summaries() | _gold_model()


def _gold_summaries() -> dict[str, list[dict[str, Any]]]:
    stars = {movie: [rating for (_, rated), rating in RATINGS.items() if rated == movie] for movie in MOVIES}
    means = {movie: sum(ratings) / len(ratings) if ratings else None for movie, ratings in stars.items()}
    genres = sorted({genre for _, genres in MOVIES.values() for genre in genres})
    within = {genre: [movie for movie, (_, own) in MOVIES.items() if genre in own] for genre in genres}
    order = sorted(MOVIES, key=lambda movie: (-sum(rating >= 4 for rating in stars[movie]), -(means[movie] or 3.0)))
    return {
        "gold.dataset_summary": [
            {
                "n_users": 4,
                "n_movies": 6,
                "n_ratings": 11,
                "n_tags": 0,
                "n_unrated_movies": 1,
                "density": 11 / (4 * 5),
                "first_rated_at": START,
                "last_rated_at": START + timedelta(days=10),
            }
        ],
        "gold.genre_summary": [
            {
                "genre": genre,
                "n_movies": len(movies),
                "n_unrated_movies": 0,
                "n_ratings": sum(len(stars[movie]) for movie in movies),
                "mean_rating": sum(sum(stars[movie]) for movie in movies) / sum(len(stars[movie]) for movie in movies),
            }
            for genre, movies in within.items()
        ],
        "gold.movies_by_genre": [
            {"genre": genre, "movies": [{"movie_id": movie, "title": MOVIES[movie][0]} for movie in movies]}
            for genre, movies in within.items()
        ],
        "gold.movie_popularity": [
            {
                "movie_id": movie,
                "title": MOVIES[movie][0],
                "n_ratings": len(stars[movie]),
                "mean_rating": means[movie],
                "weighted_rating": means[movie] or 3.0,
                "rank": rank,
            }
            for rank, movie in enumerate(order, 1)
        ],
    }


def _gold_model() -> dict[str, list[dict[str, Any]]]:
    setting = {"rank": 2, "max_iter": 5, "reg_param": 0.1}
    return {
        "gold.cv_results": [
            {"run_id": "run-1", "fold": fold, **setting, "rmse": 0.9 + fold / 100, "n_scored": 4, "n_cold": 1}
            for fold in range(2)
        ],
        "gold.model_runs": [
            {
                "run_id": "run-1",
                "trained_at": START + timedelta(days=30),
                "best_params": '{"rank": 2, "max_iter": 5, "reg_param": 0.1}',
                "seed": 42,
                "table_versions": {"silver.ratings": 0},
                "promoted": True,
            }
        ],
        "gold.model_metrics": [
            {"run_id": "run-1", "model": "als", "split": "random", "metric": "rmse", "value": 0.91},
            {"run_id": "run-1", "model": "bias", "split": "random", "metric": "rmse", "value": 0.97},
        ],
        "gold.rating_predictions": [
            {"user_id": 1, "movie_id": 1, "rating": 4.5, "prediction": 4.1, "is_cold": False},
            {"user_id": 1, "movie_id": 5, "rating": 4.0, "prediction": None, "is_cold": True},
        ],
        "gold.judged_lists": [{"user_id": 1, "rank": 1, "movie_id": 5}],
    }


def _ops() -> dict[str, list[dict[str, Any]]]:
    return {
        "ops.job_runs": [
            {
                "run_id": "run-1",
                "task": "train",
                "status": "succeeded",
                "started_at": START + timedelta(days=30, minutes=-1),
                "ended_at": START + timedelta(days=30),
                "tables_read": {"silver.ratings": 0},
                "tables_written": {"gold.user_factors": 0},
                "rows": {"gold.user_factors": 4},
                "fingerprint": "0123456789abcdef",
            }
        ],
        "ops.validation_results": [
            {
                "run_id": "run-1",
                "task": "train",
                "suite": "gold.user_factors",
                "expectation": 'expect_column_values_to_be_between {"column": "bias"}',
                "column": "bias",
                "severity": severity,
                "success": severity == "critical",
                "observed": "{}",
                "unexpected_count": n_rows,
                "judged_at": START + timedelta(days=30),
            }
            for severity, n_rows in (("critical", 0), ("warning", 3))
        ],
    }
