import tracemalloc
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from movie_lakehouse.gold.topk import Exclusions, Float32s, top_k

NO_VECTORS = np.empty((0, 3), dtype=np.float32)


def vectors(*rows: list[float]) -> Float32s:
    return np.array(rows, dtype=np.float32)


def sorted_in_full(queries: Float32s, items: Float32s, k: int, excluded: Exclusions | None) -> tuple[Any, Any]:
    """The definition: every score, sorted by itself and then by the item's index."""
    scores = queries @ items.T
    if excluded is not None:
        starts, indices = excluded
        for row in range(len(queries)):
            scores[row, indices[starts[row] : starts[row + 1]]] = -np.inf
    order = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    best = np.take_along_axis(scores, order, axis=1)
    return np.where(best == -np.inf, -1, order), best


def exclusions_of(rng: np.random.Generator, n_queries: int, n_items: int, share: float) -> Exclusions:
    row, column = np.nonzero(rng.random((n_queries, n_items)) < share)
    return np.searchsorted(row, np.arange(n_queries + 1)), column


def test_gives_the_best_items_first_with_their_dot_products() -> None:
    indices, scores = top_k(vectors([1, 0], [0, 2]), vectors([1, 5], [3, 1], [2, 2]), 2)
    assert indices.tolist() == [[1, 2], [0, 2]]
    assert scores.tolist() == [[3, 2], [10, 4]]
    assert indices.dtype == np.int32
    assert scores.dtype == np.float32


def test_gives_tied_items_by_index() -> None:
    indices, _ = top_k(vectors([1]), vectors([2], [7], [2], [7], [2]), 4)
    assert indices.tolist() == [[1, 3, 0, 2]]


def test_takes_negative_zero_for_zero() -> None:
    indices, _ = top_k(vectors([1, -1]), vectors([-0.0, 0.0], [0.0, 0.0]), 2)
    assert indices.tolist() == [[0, 1]]


def test_leaves_out_what_a_query_may_not_get() -> None:
    excluded = (np.array([0, 1, 3]), np.array([1, 0, 2]))
    indices, _ = top_k(vectors([1], [1]), vectors([1], [2], [3]), 2, excluded=excluded)
    assert indices.tolist() == [[2, 0], [1, -1]]


def test_ends_a_row_with_too_few_items_in_minus_one_and_minus_infinity() -> None:
    indices, scores = top_k(vectors([1]), vectors([5], [6]), 2, excluded=(np.array([0, 2]), np.array([0, 1])))
    assert indices.tolist() == [[-1, -1]]
    assert scores.tolist() == [[-np.inf, -np.inf]]


def test_gives_every_item_where_more_are_wanted_than_there_are() -> None:
    indices, _ = top_k(vectors([1]), vectors([1], [3], [2]), 50)
    assert indices.tolist() == [[1, 2, 0]]


@pytest.mark.parametrize(
    ("queries", "items", "k", "shape"),
    [(NO_VECTORS, vectors([1, 2, 3]), 1, (0, 1)), (vectors([1, 2, 3]), NO_VECTORS, 5, (1, 0))],
)
def test_gives_nothing_where_there_is_nothing(
    queries: Float32s, items: Float32s, k: int, shape: tuple[int, int]
) -> None:
    indices, scores = top_k(queries, items, k)
    assert indices.shape == scores.shape == shape


@pytest.mark.parametrize("component", [np.nan, np.inf, 3e38])
def test_refuses_vectors_without_a_finite_dot_product(component: float) -> None:
    with pytest.raises(ValueError, match="no finite float32 dot product"):
        top_k(vectors([1, component]), vectors([2, 2]), 1)


def test_orders_scores_at_both_ends_of_what_float32_holds() -> None:
    items = vectors([-1e38], [1e-45], [1e38], [0], [-1e-45])
    indices, scores = top_k(vectors([1]), items, 5)
    assert indices.tolist() == [[2, 1, 3, 4, 0]]
    np.testing.assert_array_equal(scores[0], items[[2, 1, 3, 4, 0], 0])


@settings(max_examples=150, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    n_queries=st.integers(1, 9),
    n_items=st.integers(1, 700),
    k=st.integers(1, 12),
    spread=st.integers(0, 4),
    share_excluded=st.sampled_from([0.0, 0.1, 0.95, 1.0]),
    n_rows_at_a_time=st.integers(1, 4),
)
@example(seed=0, n_queries=9, n_items=700, k=1, spread=0, share_excluded=0.0, n_rows_at_a_time=9)
def test_agrees_with_sorting_every_score(
    *, seed: int, n_queries: int, n_items: int, k: int, spread: int, share_excluded: float, n_rows_at_a_time: int
) -> None:
    rng = np.random.default_rng(seed)
    # Whole numbers have exact products whatever the order of addition, and many ties.
    queries, items = (rng.integers(-spread, spread + 1, (n, 3)).astype(np.float32) for n in (n_queries, n_items))
    excluded = exclusions_of(rng, n_queries, n_items, share_excluded)
    found = top_k(queries, items, k, excluded=excluded, scores_bytes=4 * n_items * n_rows_at_a_time)
    wanted = sorted_in_full(queries, items, k, excluded)
    np.testing.assert_array_equal(found[0], wanted[0])
    np.testing.assert_array_equal(found[1], wanted[1])


def test_one_query_full_of_ties_does_not_disturb_the_others() -> None:
    rng = np.random.default_rng(5)
    items = rng.integers(-50, 51, (5000, 4)).astype(np.float32)
    queries = rng.integers(-50, 51, (20, 4)).astype(np.float32)
    queries[7] = 0
    np.testing.assert_array_equal(top_k(queries, items, 10)[0], sorted_in_full(queries, items, 10, None)[0])


def test_takes_memory_for_a_block_of_scores_not_for_all() -> None:
    rng = np.random.default_rng(5)
    queries, items = (rng.standard_normal((n, 8), dtype=np.float32) for n in (2000, 20_000))
    queries[::3] = 0
    tracemalloc.start()
    try:
        top_k(queries, items, 10, scores_bytes=2**20)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8 * 2**20 < queries.shape[0] * items.shape[0] * 4
