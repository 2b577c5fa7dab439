"""Gold: what people query."""

from movie_lakehouse.lakehouse.tables.gold.lists import (
    MOVIE_SIMILARITY,
    USER_RECOMMENDATIONS,
)
from movie_lakehouse.lakehouse.tables.gold.model import (
    CV_RESULTS,
    JUDGED_LISTS,
    MODEL_METRICS,
    MODEL_RUNS,
    MOVIE_FACTORS,
    RANKING_WEIGHTS,
    RATING_PREDICTIONS,
    USER_FACTORS,
)
from movie_lakehouse.lakehouse.tables.gold.summaries import (
    DATASET_SUMMARY,
    GENRE_SUMMARY,
    MOVIE_POPULARITY,
    MOVIES_BY_GENRE,
)

TABLES = (
    DATASET_SUMMARY,
    GENRE_SUMMARY,
    MOVIES_BY_GENRE,
    MOVIE_POPULARITY,
    CV_RESULTS,
    MODEL_RUNS,
    MODEL_METRICS,
    RATING_PREDICTIONS,
    JUDGED_LISTS,
    USER_FACTORS,
    MOVIE_FACTORS,
    RANKING_WEIGHTS,
    USER_RECOMMENDATIONS,
    MOVIE_SIMILARITY,
)

__all__ = [
    "CV_RESULTS",
    "DATASET_SUMMARY",
    "GENRE_SUMMARY",
    "JUDGED_LISTS",
    "MODEL_METRICS",
    "MODEL_RUNS",
    "MOVIES_BY_GENRE",
    "MOVIE_FACTORS",
    "MOVIE_POPULARITY",
    "MOVIE_SIMILARITY",
    "RANKING_WEIGHTS",
    "RATING_PREDICTIONS",
    "TABLES",
    "USER_FACTORS",
    "USER_RECOMMENDATIONS",
]
