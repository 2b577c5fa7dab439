"""Predicted ratings for any pairs of user and movie: the published model, and means where it has no answer."""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from movie_lakehouse.errors import TableError
from movie_lakehouse.query.factors import FactorModel, Factors, Means, Numbers, mean_of
from movie_lakehouse.query.pairs import Pairs
from movie_lakehouse.query.rows import Reader, Rows

COLUMNS = ("user_id", "movie_id", "prediction", "source")
DECIMALS = 6


def predicted_ratings(reader: Reader, blocks: Iterable[Pairs]) -> Rows:
    """A row for each pair, in order: user_id, movie_id, prediction (stars, 0.5 to 5) and source.

    The source is the published model's name (``bayes``, ``biased_als`` or ``als``) where it knows both; else
    ``user_mean``, the mean of the user's ratings, which predicts better than anything about the movie; else
    ``movie_mean``, the movie's mean shrunk towards the overall mean; else ``mean``, that of all ratings.

    Raises:
        TableError: a table is not there yet, or does not hold a whole model.
    """
    return Rows(COLUMNS, _rows(Predictor(reader), blocks))


def _rows(predictor: "Predictor", blocks: Iterable[Pairs]) -> Iterator[tuple[Any, ...]]:
    """The rows of block after block, so that only one is in memory."""
    for pairs in blocks:
        stars, sources = predictor.predict(pairs)
        columns = (pairs.user_ids, pairs.movie_ids, np.round(stars, DECIMALS), sources)
        yield from zip(*(column.tolist() for column in columns), strict=True)


class Predictor:
    """The published model and, read only when a pair needs them, the means."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._model = read_model(reader)

    def predict(self, pairs: Pairs) -> tuple[Numbers, NDArray[np.str_]]:
        """The stars of each pair and where they come from."""
        stars = self._model.predict(pairs.user_ids, pairs.movie_ids)
        sources = np.full(len(stars), self._model.name, dtype="U10")
        for source in ("user_mean", "movie_mean", "mean"):
            missing = np.isnan(stars)
            if not missing.any():
                break
            stars[missing] = self._fallback(source, pairs)[missing]
            sources[missing & ~np.isnan(stars)] = source
        return stars, sources

    def _fallback(self, source: str, pairs: Pairs) -> Numbers:
        """The mean of the kind for each pair, NaN where there is none."""
        if source == "user_mean":
            return mean_of(self._user_means, pairs.user_ids)
        if source == "movie_mean":
            return mean_of(self._movie_means, pairs.movie_ids)
        return np.full(len(pairs.user_ids), self._overall_mean)

    @cached_property
    def _user_means(self) -> Means:
        """Each user's mean rating."""
        return self._means("SELECT user_id AS id, avg(rating) AS mean FROM silver.ratings GROUP BY user_id ORDER BY id")

    @cached_property
    def _movie_means(self) -> Means:
        """Each rated movie's mean, shrunk where few rated it."""
        return self._means(
            "SELECT movie_id AS id, weighted_rating AS mean FROM gold.movie_popularity WHERE n_ratings > 0 ORDER BY id"
        )

    @cached_property
    def _overall_mean(self) -> float:
        """The mean of all ratings."""
        (mean,) = next(iter(self._reader.sql("SELECT avg(rating) FROM silver.ratings")))
        if mean is None:
            raise TableError(
                "There are no ratings in silver.ratings, so nothing can be predicted; see `lakehouse run`."
            )
        return float(mean)

    def _means(self, query: str) -> Means:
        """The answer of a query for id and mean."""
        columns = self._reader.arrays(query)
        return Means(columns["id"].astype(np.int64), columns["mean"].astype(np.float64))


def read_model(reader: Reader) -> FactorModel:
    """The model of gold.user_factors and gold.movie_factors.

    Raises:
        TableError: a table is not there yet, or the two do not belong together.
    """
    users = read_factors(reader, "gold.user_factors", "user_id")
    movies = read_factors(reader, "gold.movie_factors", "movie_id")
    if users.vectors.shape[1] != movies.vectors.shape[1]:
        raise TableError(
            f"gold.user_factors has {users.vectors.shape[1]} factors a row and gold.movie_factors "
            f"{movies.vectors.shape[1]}: they are of two models; `lakehouse run --from train` makes both."
        )
    parameters = json.loads(published_run(reader)[0])
    mean = mean_rating(parameters, bool(users.biases.any() or movies.biases.any()))
    return FactorModel(users, movies, mean, parameters.get("model", "als"))


def mean_rating(parameters: Mapping[str, Any], has_biases: bool) -> float:
    """What the published model adds its biases to: ``mean_rating`` of its parameters, 0 for a model without biases.

    Raises:
        TableError: the model has biases and gold.model_runs does not say what they deviate from.
    """
    if "mean_rating" in parameters:
        return float(parameters["mean_rating"])
    if has_biases:
        raise TableError("gold.model_runs has no mean_rating for the published model; `lakehouse run --from train`.")
    return 0.0


def published_run(reader: Reader) -> tuple[str, str | None]:
    """What the newest promoted model was fitted with, and what folding in needs, both JSON; {} and None without any."""
    newest = "SELECT best_params, fold_in FROM gold.model_runs WHERE promoted ORDER BY trained_at DESC LIMIT 1"
    return next(((row[0], row[1]) for row in reader.sql(newest)), ("{}", None))


def read_factors(reader: Reader, table: str, key: str) -> Factors:
    """The rows of a table of factors, which must all have the same number of them."""
    rows = reader.arrays(f"SELECT {key} AS id, bias, factors FROM {table} ORDER BY {key}")
    lengths = set(map(len, rows["factors"]))
    if len(lengths) != 1:
        fault = f"has factors of {len(lengths)} lengths" if lengths else "is empty"
        raise TableError(f"The table {table} {fault}; `lakehouse run --from train` makes it anew.")
    vectors = np.vstack(list(rows["factors"])).astype(np.float32, copy=False)
    return Factors(rows["id"].astype(np.int64), rows["bias"].astype(np.float64), vectors)
