"""A fit scored on the fold that it has not seen."""

import numpy as np
import pytest

from movie_lakehouse.model.one_worker.trajectory import FitOptions, Rows, Trajectory, scored

PLAIN = FitOptions(nonnegative=True, seed=1, n_blocks=1)
BIASED = FitOptions(nonnegative=False, seed=1, n_blocks=1, biases=(5.0, 3.0))
# Users 1 to 8 rate movies 10 to 15 in four folds; user 9 and movie 99 are in fold 0 alone.
USERS = np.append(np.repeat(np.arange(1, 9), 6), [9, 1])
MOVIES = np.append(np.tile(np.arange(10, 16), 8), [10, 99])
STARS = np.append(np.random.default_rng(3).uniform(0.5, 5, 48), [4.0, 4.0])
FOLDS = np.append(np.arange(48) % 4, [0, 0])


def scores(options: FitOptions, *max_iters: int, reg_param: float = 0.1) -> list[tuple[int, float | None, int]]:
    return list(scored(Rows(USERS, MOVIES, STARS), FOLDS, Trajectory(0, 2, reg_param, max_iters), options))


def test_a_fit_scored_on_the_way_scores_as_fits_that_end_there() -> None:
    assert scores(PLAIN, 1, 3) == scores(PLAIN, 1) + scores(PLAIN, 3)


def test_plain_factors_score_the_rows_whose_user_and_movie_are_known() -> None:
    assert [n for _, _, n in scores(PLAIN, 1)] == [12]


def test_beside_biases_every_row_is_scored() -> None:
    assert [n for _, _, n in scores(BIASED, 1)] == [14]


def test_factors_that_a_penalty_holds_at_zero_leave_the_biases_alone() -> None:
    [(_, error, _)] = scores(BIASED, 1, reg_param=1e9)

    train = FOLDS != 0
    mean = STARS[train].mean()
    movies = {m: (STARS[train & (m == MOVIES)] - mean).sum() / ((train & (m == MOVIES)).sum() + 3) for m in MOVIES}
    left = STARS - mean - np.array([movies[m] for m in MOVIES])
    users = {u: left[train & (u == USERS)].sum() / ((train & (u == USERS)).sum() + 5) for u in USERS}
    predicted = [
        np.clip(mean + users[u] + movies[m], 0.5, 5) for u, m in zip(USERS[~train], MOVIES[~train], strict=True)
    ]
    assert error == pytest.approx(np.sqrt(np.mean((predicted - STARS[~train]) ** 2)), rel=1e-6)


@pytest.mark.parametrize("options", [PLAIN, BIASED])
def test_without_anything_to_fit_there_is_no_error(options: FitOptions) -> None:
    rows = Rows(USERS[:4], MOVIES[:4], STARS[:4])

    assert list(scored(rows, np.zeros(4, dtype=int), Trajectory(0, 2, 0.1, (1, 2)), options)) == [
        (1, None, 0),
        (2, None, 0),
    ]
