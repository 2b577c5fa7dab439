"""The fit on Spark: each model is one task in a Python worker, so that several are fitted side by side.

One model's ratings must fit one worker: some 120 bytes a rating while it is fitted and six kilobytes a movie, which are
3.3 GiB for 25 million ratings (docs/scaling.md). Nothing comes to the driver but the hyperparameters, whose size does
not depend on the data.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial, reduce
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from movie_lakehouse.model.bayes.factorisation import Places, Posterior, Ratings, fit
from movie_lakehouse.model.bayes.features import Floats, content_features
from movie_lakehouse.model.bayes.stored import hyperparameters_as_json

FITTED = (
    "fit STRING, side STRING, id INT, bias FLOAT, factors ARRAY<FLOAT>, covariance ARRAY<FLOAT>, "
    "loadings ARRAY<FLOAT>, hyperparameters STRING"
)


@dataclass(frozen=True)
class BayesSettings:
    """What the fit depends on beside the data; the defaults were chosen on validation rows of latest-small."""

    rank: int = 8
    n_features: int = 30
    n_sweeps: int = 40
    seed: int = 42


def fit_side_by_side(
    parts: Mapping[str, DataFrame], movies: DataFrame, settings: BayesSettings, parallelism: int
) -> DataFrame:
    """Fit one model to each named part of the ratings.

    Args:
        parts: for each model what it may see: user_id int, movie_id int, rating double, one row a pair.
        movies: movie_id int, release_year int (or null), genres array<string>; rated movies that it lacks count as
            without either.
        settings: the same for all models.
        parallelism: models fitted at the same time, at most: each takes memory of its own.

    Returns:
        fit, side (user, movie or model), id, bias float, factors array<float>; for movies also covariance (upper
        triangle of bias and factors, row by row) and loadings; for the model's one row hyperparameters (JSON).
    """
    named = [part.select("user_id", "movie_id", "rating", F.lit(name).alias("fit")) for name, part in parts.items()]
    names = F.explode(F.array(*(F.lit(name) for name in parts)))
    catalogue = movies.select("movie_id", "release_year", "genres", names.alias("fit"))
    ratings = reduce(DataFrame.unionByName, named)
    if parallelism < len(parts):
        ratings, catalogue = (side.repartition(parallelism, "fit") for side in (ratings, catalogue))
    groups = ratings.groupBy("fit").cogroup(catalogue.groupBy("fit"))
    return groups.applyInArrow(partial(_fit_group, settings=settings), FITTED)


def _fit_group(ratings: pa.Table, movies: pa.Table, settings: BayesSettings) -> pa.Table:
    """Fit one model; without ratings there is none."""
    if not ratings.num_rows:
        return _schema().empty_table()
    user_ids = np.unique(ratings["user_id"].to_numpy())
    catalogue = _catalogue(movies, np.unique(ratings["movie_id"].to_numpy()))
    content = content_features(catalogue["genres"].tolist(), catalogue["release_year"].tolist())
    fitted = fit(
        _matrix(ratings, pd.Index(user_ids), catalogue.index),
        content,
        rank=settings.rank,
        n_features=settings.n_features,
        n_sweeps=settings.n_sweeps,
        seed=settings.seed,
    )
    return _as_table(ratings["fit"][0].as_py(), user_ids, catalogue.index.to_numpy(), fitted)


def _matrix(ratings: pa.Table, user_ids: "pd.Index[int]", movie_ids: "pd.Index[int]") -> Ratings:
    """The ratings by places among the ids; whatever order their rows arrive in, the matrix is the same."""
    users = user_ids.get_indexer(pd.Index(ratings["user_id"].to_numpy()))
    movies = movie_ids.get_indexer(pd.Index(ratings["movie_id"].to_numpy()))
    return Ratings.of(users, movies, ratings["rating"].to_numpy(), (len(user_ids), len(movie_ids)))


def _catalogue(movies: pa.Table, rated: Places) -> pd.DataFrame:
    """Release year (None if unknown) and genres of every movie of the catalogue or the ratings, by ascending id."""
    known = {row["movie_id"]: (row["release_year"], row["genres"] or []) for row in movies.select(_CONTENT).to_pylist()}
    ids = sorted(known.keys() | set(rated.tolist()))
    found = [known.get(movie, (None, [])) for movie in ids]
    columns = {"release_year": [year for year, _ in found], "genres": [genres for _, genres in found]}
    return pd.DataFrame(columns, index=pd.Index(ids, dtype="int32"), dtype=object)


_CONTENT = ["movie_id", "release_year", "genres"]


def _as_table(name: str, user_ids: Floats, movie_ids: Floats, fitted: Posterior) -> pa.Table:
    """The model as rows of ``FITTED``."""
    upper, lower = np.triu_indices(fitted.movies.shape[1])
    users = _rows(name, "user", user_ids, fitted.users)
    movies = _rows(name, "movie", movie_ids, fitted.movies) | {
        "covariance": _lists(fitted.movie_covariances[:, upper, lower]),
        "loadings": _lists(fitted.loadings),
    }
    model = {"fit": [name], "side": ["model"], "hyperparameters": [hyperparameters_as_json(fitted.hyperparameters)]}
    return pa.concat_tables([_conformed(part) for part in (users, movies, model)])


def _rows(name: str, side: str, ids: Floats, rows: Floats) -> dict[str, Any]:
    """Bias and factors of one side."""
    n = len(ids)
    return {"fit": [name] * n, "side": [side] * n, "id": ids, "bias": rows[:, 0], "factors": _lists(rows[:, 1:])}


def _lists(rows: Floats) -> pa.Array:
    """The rows as an array of float32 lists."""
    n, size = rows.shape
    return pa.ListArray.from_arrays(
        pa.array(np.arange(n + 1, dtype=np.int32) * size), pa.array(rows.astype(np.float32).ravel())
    )


def _conformed(columns: dict[str, Any]) -> pa.Table:
    """The columns in the declared order and types, null where there are none."""
    schema, n = _schema(), len(columns["fit"])
    arrays = [
        pa.array(columns[field.name]).cast(field.type) if field.name in columns else pa.nulls(n, field.type)
        for field in schema
    ]
    return pa.Table.from_arrays(arrays, schema=schema)


def _schema() -> pa.Schema:
    """``FITTED`` in Arrow's terms."""
    floats = pa.list_(pa.float32())
    return pa.schema(
        [
            ("fit", pa.string()),
            ("side", pa.string()),
            ("id", pa.int32()),
            ("bias", pa.float32()),
            ("factors", floats),
            ("covariance", floats),
            ("loadings", floats),
            ("hyperparameters", pa.string()),
        ]
    )
