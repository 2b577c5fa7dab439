"""A fitted model's parts as tables keep them, and back."""

import json
from dataclasses import asdict
from typing import Any

import numpy as np

from movie_lakehouse.model.bayes.features import Floats
from movie_lakehouse.model.bayes.hyperparameters import Hyperparameters


def hyperparameters_as_json(known: Hyperparameters) -> str:
    """The hyperparameters as JSON text."""
    return json.dumps({name: np.asarray(value).tolist() for name, value in asdict(known).items()})


def hyperparameters_of_json(text: str) -> Hyperparameters:
    """The hyperparameters that ``hyperparameters_as_json`` wrote."""
    values: dict[str, Any] = json.loads(text)
    arrays = {name: np.array(values[name]) for name in ("offset", "slopes", "precision")}
    return Hyperparameters(values["mean"], values["noise_precision"], **arrays)


def whole_covariances(triangles: Floats, size: int) -> Floats:
    """Symmetric matrices of shape (n, size, size) from their upper triangles, row by row.

    >>> whole_covariances(np.array([[1.0, 2.0, 3.0]]), 2).tolist()
    [[[1.0, 2.0], [2.0, 3.0]]]
    """
    upper, lower = np.triu_indices(size)
    whole = np.empty((len(triangles), size, size))
    whole[:, upper, lower] = triangles
    whole[:, lower, upper] = triangles
    return whole
