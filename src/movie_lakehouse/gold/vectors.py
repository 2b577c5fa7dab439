"""What is multiplied with what: a model's factors and biases as vectors whose dot product is the answer.

Every function takes and gives plain numpy, so that a prediction needs no Spark.
"""

import numpy as np
from numpy.typing import NDArray

Float32s = NDArray[np.float32]


def user_vectors(factors: Float32s, biases: Float32s, mean: float = 0.0) -> Float32s:
    """Users' factors of shape (n, r) with their biases and the mean rating, as vectors of shape (n, r + 2).

    A dot product with a movie's vector is the predicted rating in stars,

        mean + user bias + movie bias + user factors . movie factors,

    the biased matrix factorisation of Koren, Bell and Volinsky (2009); plain ALS is the case without mean and biases.

    >>> ada, heat = np.float32([[1, 2]]), np.float32([[0.5, 0.25]])
    >>> user_vectors(ada, np.float32([0.25]), 3.5) @ movie_vectors(heat, np.float32([-0.5])).T
    array([[4.25]], dtype=float32)
    """
    return np.column_stack([factors, biases + np.float32(mean), np.ones_like(biases)])


def movie_vectors(factors: Float32s, biases: Float32s) -> Float32s:
    """Movies' factors of shape (n, r) with their biases, as vectors of shape (n, r + 2) that match user_vectors."""
    return np.column_stack([factors, np.ones_like(biases), biases])


def unit_vectors(factors: Float32s, biases: Float32s) -> Float32s:
    """Factors scaled to length 1, whose dot products are cosines; biases say nothing of likeness and are left out.

    No factors may be all zero: nothing has the length 1 in their direction.

    >>> unit_vectors(np.float32([[3, 4], [1e-30, 0]]), np.float32([0, 0]))
    array([[0.6, 0.8],
           [1. , 0. ]], dtype=float32)
    """
    norms = np.linalg.norm(factors.astype(np.float64), axis=1, keepdims=True)
    return np.asarray(factors / norms, dtype=np.float32)


def supported_unit_vectors(factors: Float32s, supports: Float32s) -> Float32s:
    """Factors scaled to the length of their support (0 to 1): a dot product with a unit vector is a shrunk cosine.

    >>> supported_unit_vectors(np.float32([[3, 4]]), np.float32([0.5]))
    array([[0.3, 0.4]], dtype=float32)
    """
    return np.asarray(unit_vectors(factors, supports) * supports[:, None], dtype=np.float32)
