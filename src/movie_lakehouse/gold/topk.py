"""The best k items of every query by dot product: exact, in plain numpy.

The product itself is the BLAS's work. What this module saves is the selection, which costs several times the product
where every row is partitioned in full. A row's scores are reduced to the maxima of small groups, and those to the
maxima of groups of groups; the k-th best of the latter is a cut-off that at least k scores reach. Only the groups that
reach it are looked at again: about k of them, however many items there are.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Float32s = NDArray[np.float32]
Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
Exclusions = tuple[NDArray[np.integer], NDArray[np.integer]]

SCORES_BYTES: Final = 64 * 2**20
"""Scores held at a time: many rows let the BLAS pack the items seldom; more than this measured no faster."""
_GROUP: Final = 8
"""Columns in a group at most; more make the last look dearer, fewer the first."""
_SUPERGROUP: Final = 31
"""Groups in a group of groups at most. Odd, lest rows be whole pages long and contend for the same lines of cache."""
_SPREAD: Final = 4
"""Groups of groups per wanted item at least: where two of the best share one, the cut-off is lower."""
_CROWDED: Final = 8
"""Groups per wanted item that may reach a row's cut-off before ties are taken to be the reason."""


def top_k(
    queries: Float32s,
    items: Float32s,
    k: int,
    *,
    excluded: Exclusions | None = None,
    scores_bytes: int = SCORES_BYTES,
) -> tuple[Int32s, Float32s]:
    """Give the k items with the highest dot product for every query, best first, ties by the lower item index.

    Args:
        queries: vectors, shape (q, r).
        items: vectors, shape (m, r).
        k: items wanted a query.
        excluded: items that a query may not get, as the row starts (q + 1) and item indices of a sparse matrix's rows.
        scores_bytes: memory for the scores that are held at a time, one query's at least.

    Returns:
        Item indices and their scores, both of shape (q, min(k, m)); a row with fewer items left ends in -1 and -inf.

    Raises:
        ValueError: a vector has a component that is not finite, or is so long that a score could overflow.

    >>> top_k(np.eye(2, dtype=np.float32), np.array([[1, 0], [2, 3]], dtype=np.float32), 1)
    (array([[1],
           [1]], dtype=int32), array([[2.],
           [3.]], dtype=float32))
    """
    _refuse_overflow(queries, items)
    n_items, k = len(items), min(k, len(items))
    indices = np.empty((len(queries), k), dtype=np.int32)
    best = np.empty((len(queries), k), dtype=np.float32)
    if indices.size == 0:
        return indices, best
    groups = _Groups.fit(n_items, k)
    columns = np.ascontiguousarray(items.T)
    n_rows = min(max(1, scores_bytes // (4 * groups.width)), len(queries))
    buffer = np.empty((n_rows, groups.width), dtype=np.float32)
    buffer[:, n_items:] = -np.inf
    for start in range(0, len(queries), n_rows):
        rows = slice(start, min(start + n_rows, len(queries)))
        scores = buffer[: rows.stop - start]
        np.matmul(queries[rows], columns, out=scores[:, :n_items])
        if excluded is not None:
            _mask(scores, excluded, start)
        indices[rows], best[rows] = _select(scores, k, groups)
    return indices, best


@dataclass(frozen=True)
class _Groups:
    """How a row's columns are grouped: column c belongs to group c mod n_groups, and that to one of n_supergroups.

    Groups are strided so that the maxima of all are taken side by side, which vectorises.
    """

    width: int
    n_groups: int
    n_supergroups: int

    @classmethod
    def fit(cls, n_items: int, k: int) -> "_Groups":
        """Groups as large as leave enough of them for k items, and the width that they fill."""
        group = min(max(1, n_items // (_SPREAD * k)), _GROUP)
        supergroup = min(max(1, n_items // (_SPREAD * k * group)), _SUPERGROUP)
        n_supergroups = -(-n_items // (group * supergroup))
        return cls(n_supergroups * supergroup * group, n_supergroups * supergroup, n_supergroups)


def _refuse_overflow(queries: Float32s, items: Float32s) -> None:
    """Raise ValueError unless every score is sure to be finite: no score exceeds the product of the longest norms."""
    longest = [np.sqrt(np.max(np.einsum("ij,ij->i", v, v, dtype=np.float64), initial=0.0)) for v in (queries, items)]
    if not longest[0] * longest[1] < np.finfo(np.float32).max / 2:
        raise ValueError(f"Vectors of norm {longest[0]:g} and {longest[1]:g} have no finite float32 dot product.")


def _mask(scores: Float32s, excluded: Exclusions, start: int) -> None:
    """Put the excluded items of these rows, the first of which is query ``start``, out of reach."""
    starts, items = excluded
    ends = starts[start : start + len(scores) + 1]
    rows = np.repeat(np.arange(len(scores)), np.diff(ends))
    scores[rows, items[ends[0] : ends[-1]]] = -np.inf


def _select(scores: Float32s, k: int, groups: _Groups) -> tuple[Int32s, Float32s]:
    """The best k columns of every row and their scores."""
    maxima = np.maximum.reduce(scores.reshape(len(scores), -1, groups.n_groups), axis=1)
    supermaxima = np.maximum.reduce(maxima.reshape(len(scores), -1, groups.n_supergroups), axis=1)
    cut_off = np.partition(supermaxima, -k, axis=1)[:, -k]
    row, group = np.divmod(np.flatnonzero(maxima >= cut_off[:, None]), groups.n_groups)
    if len(scores) > 1 and np.bincount(row).max() > _CROWDED * k:
        return _select_by_halves(scores, k, groups)
    cells = (row * groups.width + group)[:, None] + np.arange(0, groups.width, groups.n_groups)
    values = scores.reshape(-1).take(cells)
    reaching = values >= cut_off[row][:, None]
    row, column = np.divmod(cells[reaching], groups.width)
    return _best_of_rows(row, _keys(values[reaching], column), len(scores), k)


def _select_by_halves(scores: Float32s, k: int, groups: _Groups) -> tuple[Int32s, Float32s]:
    """Select from half the rows at a time, so that a row full of ties widens no other row's candidates."""
    half = len(scores) // 2
    above, below = _select(scores[:half], k, groups), _select(scores[half:], k, groups)
    return np.concatenate([above[0], below[0]]), np.concatenate([above[1], below[1]])


def _best_of_rows(row: Int64s, keys: Int64s, n_rows: int, k: int) -> tuple[Int32s, Float32s]:
    """Sort candidates, given row by row and at least k of each, and give the first k as columns and scores."""
    starts = np.searchsorted(row, np.arange(n_rows + 1))
    candidates = np.full((n_rows, np.diff(starts).max()), np.iinfo(np.int64).max)
    candidates[row, np.arange(len(row)) - starts[row]] = keys
    candidates.sort(axis=1)
    return _unpack(candidates[:, :k])


def _keys(scores: Float32s, columns: Int64s) -> Int64s:
    """One integer a candidate that sorts by descending score, then ascending column: there are no ties among keys."""
    return (_sortable((0.0 - scores).view(np.int32)).astype(np.int64) << 32) | columns


def _unpack(keys: Int64s) -> tuple[Int32s, Float32s]:
    """The columns and scores that keys were made of; -1 where the score is -inf, which marks what may not be had."""
    scores = -_sortable((keys >> 32).astype(np.int32)).view(np.float32)
    return np.where(scores == -np.inf, -1, keys & 0xFFFFFFFF).astype(np.int32), scores


def _sortable(bits: Int32s) -> Int32s:
    """Turn a float32's bits into an integer of the same order, and back: a negative's magnitude is complemented."""
    return bits ^ ((bits >> 31) & np.int32(0x7FFFFFFF))
