"""Many small least-squares problems at once, given by their normal equations, with or without x >= 0.

Arrays have the problems last, shapes (k, k, n) and (k, n): elimination runs in numpy along the problems, which for k
about ten is several times faster than a LAPACK call for each.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from movie_lakehouse.model.bayes.features import Floats

Flags = NDArray[np.bool_]

CHUNK: Final = 2048
"""Problems solved together: those of rank ten then stay in the cache."""
_EXCHANGES: Final = 3
_SLACK: Final = 1e-9


def solved(gram: Floats, target: Floats, free: Flags | None) -> Floats:
    """Minimise x.gram.x / 2 - target.x for each problem.

    Args:
        gram: positive definite, shape (k, k, n).
        target: shape (k, n).
        free: None for any x; for x >= 0 which coordinates were not zero in a similar problem before, shape (k, n). It
            is only where the search begins, and is changed to those of the solution.

    Returns:
        The solutions, shape (k, n).
    """
    solutions = np.empty_like(target)
    for start in range(0, target.shape[1], CHUNK):
        part = slice(start, start + CHUNK)
        if free is None:
            solutions[:, part] = _eliminated(
                gram[:, :, part], target[:, part], np.ones_like(target[:, part], dtype=bool)
            )
        else:
            solutions[:, part] = _nonnegative(gram[:, :, part], target[:, part], free[:, part])
    return solutions


def _eliminated(gram: Floats, target: Floats, free: Flags) -> Floats:
    """Solve for the free coordinates, the others being zero: a pivot of zero takes a coordinate out."""
    left, solution, pivots = gram.copy(), target.copy(), np.empty_like(target)
    for j in range(len(target)):
        pivots[j] = free[j] / left[j, j]
        factors = left[j, j + 1 :] * pivots[j]
        left[j + 1 :, j + 1 :] -= factors[:, None] * left[j, j + 1 :]
        solution[j + 1 :] -= factors * solution[j]
    for j in reversed(range(len(target))):
        solution[j] *= pivots[j]
        solution[:j] -= left[:j, j] * solution[j]
    return solution


def _nonnegative(gram: Floats, target: Floats, free: Flags) -> Floats:
    """Solve under x >= 0 by block principal pivoting, and leave in ``free`` what is not held at zero.

    Kim and Park, Fast nonnegative matrix factorization (2011): all coordinates that break a condition of optimality
    change sides at once; where that has not helped for three rounds only the last one does, which ends in any case.
    """
    solutions = np.empty_like(target)
    open_ = np.arange(target.shape[1])
    fewest, exchanges = np.full(len(open_), len(target) + 1), np.full(len(open_), _EXCHANGES)
    while True:
        solution = _eliminated(gram, target, free[:, open_])
        slope = np.einsum("ijn,jn->in", gram, solution) - target
        wrong = np.where(free[:, open_], solution < 0, slope < -_SLACK)
        n_wrong = wrong.sum(axis=0)
        solutions[:, open_[n_wrong == 0]] = solution[:, n_wrong == 0]
        if not n_wrong.any():
            return solutions
        still = n_wrong > 0
        open_, wrong, n_wrong = open_[still], wrong[:, still], n_wrong[still]
        gram, target = gram[:, :, still], target[:, still]
        better = n_wrong < fewest[open_]
        fewest[open_] = np.minimum(fewest[open_], n_wrong)
        exchanges[open_] = np.where(better, _EXCHANGES, exchanges[open_] - 1)
        free[:, open_] ^= np.where(exchanges[open_] >= 0, wrong, _last_only(wrong))


def _last_only(flags: Flags) -> Flags:
    """Of each problem's flags only the last that is set."""
    places = np.arange(len(flags))[:, None]
    return np.asarray(flags & (places == len(flags) - 1 - flags[::-1].argmax(axis=0)))
