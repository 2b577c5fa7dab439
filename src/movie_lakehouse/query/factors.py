"""The published factor model in numpy: mean plus biases plus the factors' product, in stars."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from movie_lakehouse.scale import HIGHEST, LOWEST

Numbers = NDArray[np.float64]
Ids = NDArray[np.int64]


@dataclass(frozen=True)
class Factors:
    """Users or movies of the model.

    Attributes:
        ids: their numbers, ascending.
        biases: their deviation from the mean rating, in stars.
        vectors: a row of latent factors each.
    """

    ids: Ids
    biases: Numbers
    vectors: NDArray[np.float32]


@dataclass(frozen=True)
class Means:
    """Mean ratings, in stars, of those whose numbers ``ids`` (ascending) holds."""

    ids: Ids
    values: Numbers


@dataclass(frozen=True)
class FactorModel:
    """Predicts mean + user bias + movie bias + dot product, within the scale of 0.5 to 5 stars."""

    users: Factors
    movies: Factors
    mean: float
    name: str = "als"

    def predict(self, user_ids: Ids, movie_ids: Ids) -> Numbers:
        """The predicted stars of each pair, NaN where the model lacks the user or the movie.

        >>> one = Factors(np.array([7]), np.array([0.5]), np.array([[1.0, 2.0]], dtype=np.float32))
        >>> FactorModel(one, one, mean=-2.5).predict(np.array([7, 7]), np.array([7, 8]))
        array([3.5, nan])
        """
        user, user_known = places(self.users.ids, user_ids)
        movie, movie_known = places(self.movies.ids, movie_ids)
        known = user_known & movie_known
        user, movie = user[known], movie[known]
        products = np.einsum("ij,ij->i", self.users.vectors[user], self.movies.vectors[movie], dtype=np.float64)
        stars = self.mean + self.users.biases[user] + self.movies.biases[movie] + products
        predictions = np.full(len(user_ids), np.nan)
        predictions[known] = np.clip(stars, LOWEST, HIGHEST)
        return predictions


def mean_of(means: Means, ids: Ids) -> Numbers:
    """The mean of each, NaN where there is none.

    >>> mean_of(Means(np.array([2, 5]), np.array([3.0, 4.5])), np.array([5, 1]))
    array([4.5, nan])
    """
    place, known = places(means.ids, ids)
    values = np.full(len(ids), np.nan)
    values[known] = means.values[place[known]]
    return values


def places(ordered: Ids, ids: Ids) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Where each of the ids is in an ascending array, and whether it is there at all.

    >>> places(np.array([2, 5]), np.array([5, 3]))
    (array([1, 1]), array([ True, False]))
    """
    if not len(ordered):
        return np.zeros(len(ids), dtype=np.intp), np.zeros(len(ids), dtype=np.bool_)
    place = np.minimum(np.searchsorted(ordered, ids), len(ordered) - 1)
    return place, ordered[place] == ids
