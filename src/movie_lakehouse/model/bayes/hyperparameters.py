"""What is learnt of all users together, and how one user's own noise follows from it, in the fit and in folding in."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from movie_lakehouse.model.bayes.features import Floats

NOISE_SHAPE: Final = 4.0
"""Ratings that a user's own noise is shrunk by towards everybody's."""
ROUNDS: Final = 4
"""Rounds of rows and prior within a half-step: they touch no rating, so they cost little."""


@dataclass(frozen=True)
class Hyperparameters:
    """All that folding in a new user needs beside the movies.

    Attributes:
        mean: the mean rating, in stars.
        noise_precision: of everybody's ratings, in 1 / stars^2.
        offset, slopes, precision: the users' prior, as in ``Prior``.
    """

    mean: float
    noise_precision: float
    offset: Floats
    slopes: Floats
    precision: Floats


def noise_factor(n_ratings: Floats, squared_errors: Floats, precision: float) -> Floats:
    """A user's factor of the noise precision: (a + n) / (a + precision * squared errors), with a = 4."""
    return np.asarray((NOISE_SHAPE + n_ratings) / (NOISE_SHAPE + precision * squared_errors))
