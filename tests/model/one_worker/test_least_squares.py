"""Many small least-squares problems at once, against a solver that takes them one by one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import nnls

from movie_lakehouse.model.one_worker import least_squares
from movie_lakehouse.model.one_worker.least_squares import solved

Floats = NDArray[np.float64]


def problems(seed: int, n: int, rank: int, n_rows: int = 3) -> tuple[Floats, Floats]:
    """Rows and stars of n problems, shapes (n, n_rows + rank, rank) and (n, n_rows + rank), the last rows a ridge."""
    rng = np.random.default_rng(seed)
    ridge = np.broadcast_to(0.1 * np.eye(rank), (n, rank, rank))
    rows = np.concatenate([rng.normal(size=(n, n_rows, rank)), ridge], axis=1)
    return rows, np.concatenate([rng.normal(1, 2, size=(n, n_rows)), np.zeros((n, rank))], axis=1)


def normal_equations(rows: Floats, stars: Floats) -> tuple[Floats, Floats]:
    return np.einsum("nri,nrj->ijn", rows, rows), np.einsum("nri,nr->in", rows, stars)


def test_without_a_bound_it_is_the_solution_of_the_normal_equations() -> None:
    rows, stars = problems(seed=1, n=50, rank=4)

    found = solved(*normal_equations(rows, stars), None)

    assert pytest.approx(np.stack([np.linalg.lstsq(a, b)[0] for a, b in zip(rows, stars, strict=True)])) == found.T


@given(seed=st.integers(0, 10_000), rank=st.integers(1, 7), n_rows=st.integers(1, 9))
def test_with_the_bound_it_is_what_scipys_nnls_finds(seed: int, rank: int, n_rows: int) -> None:
    rows, stars = problems(seed, 20, rank, n_rows)

    found = solved(*normal_equations(rows, stars), np.ones((rank, 20), dtype=bool))

    expected = np.stack([nnls(a, b)[0] for a, b in zip(rows, stars, strict=True)])
    assert pytest.approx(expected, abs=1e-7) == found.T


@pytest.mark.parametrize("guess", [True, False])
def test_where_the_search_begins_does_not_change_what_it_finds(guess: bool) -> None:
    equations = normal_equations(*problems(seed=2, n=50, rank=5))
    free = np.random.default_rng(0).random((5, 50)) < 0.5

    found = solved(*equations, np.full((5, 50), guess))

    assert found == pytest.approx(solved(*equations, free))


def test_what_is_free_afterwards_is_what_is_above_zero() -> None:
    free = np.ones((5, 50), dtype=bool)

    found = solved(*normal_equations(*problems(seed=2, n=50, rank=5)), free)

    assert np.array_equal(free, found > 0)


def test_exchanging_one_at_a_time_ends_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(least_squares, "_EXCHANGES", -1)
    equations = normal_equations(*problems(seed=3, n=50, rank=5))

    found = solved(*equations, np.ones((5, 50), dtype=bool))

    monkeypatch.undo()
    assert found == pytest.approx(solved(*equations, np.ones((5, 50), dtype=bool)))


def test_chunks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    equations = normal_equations(*problems(seed=4, n=50, rank=3))
    together = solved(*equations, np.ones((3, 50), dtype=bool))

    monkeypatch.setattr(least_squares, "CHUNK", 7)

    assert np.array_equal(solved(*equations, np.ones((3, 50), dtype=bool)), together)
