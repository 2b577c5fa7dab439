"""The item model in numpy: how much a rating says that a movie was liked, and what one liked movie adds to another."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Float32s = NDArray[np.float32]
Float64s = NDArray[np.float64]

MAX_MOVIES: Final = 3000
"""Movies in the catalogue at most: the model is one matrix of so many rows and columns, whatever the data."""
REGULARISATION: Final = 100.0
"""What is added to the diagonal of X'X; chosen on validation."""
RATING_WEIGHT: Final = 0.07
"""What a predicted star counts beside the item model's score; 0.05 to 0.1 rank alike on validation."""
_NEUTRAL: Final = 2.5
_UNIT: Final = 2.0


def likings(ratings: NDArray[np.floating]) -> Float32s:
    """How much each rating, in stars, says that the movie was liked: max(rating - 2.5, 0) / 2.

    All are quarters, so that sums of their products are exact in whatever order they are added.

    >>> likings(np.array([0.5, 2.5, 3.0, 4.5, 5.0]))
    array([0.  , 0.  , 0.25, 1.  , 1.25], dtype=float32)
    """
    return np.asarray(np.maximum(ratings - _NEUTRAL, 0) / _UNIT, dtype=np.float32)


def item_weights(gram: Float64s, regularisation: float) -> Float64s:
    """What each movie (row) adds to the score of each other (column), from X'X of likings: Steck (2019), equation 8.

    E = -P / diag(P) column by column with P = inv(X'X + regularisation I), and 0 on the diagonal: the weights that
    predict X from X E best by ridge regression where no movie may predict itself.

    >>> item_weights(np.array([[2.0, 1.0], [1.0, 4.0]]), 2.0)
    array([[0.        , 0.25      ],
           [0.16666667, 0.        ]])
    """
    inverse = np.linalg.inv(gram + regularisation * np.eye(len(gram)))
    weights: Float64s = -inverse / np.diag(inverse)
    np.fill_diagonal(weights, 0.0)
    return weights
