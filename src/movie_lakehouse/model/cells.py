"""What a search finds: the error of every setting in every fold."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from movie_lakehouse.errors import TaskError
from movie_lakehouse.model.grid import Setting


@dataclass(frozen=True)
class Cell:
    """One fold of one setting: the error over the held-out rows that could be scored (none: None), and how many not."""

    fold: int
    setting: Setting
    rmse: float | None
    n_scored: int
    n_cold: int


@dataclass(frozen=True)
class Score:
    """What was measured of one model: its setting, the fold it has not seen, the error, the rows scored."""

    setting: Setting
    fold: int
    rmse: float | None
    n_scored: int


def cells_of(scores: Iterable[Score], settings: Sequence[Setting], fold_sizes: dict[int, int]) -> list[Cell]:
    """Every setting and fold in order; those that scored no row have no error and all rows cold.

    Raises:
        TaskError: no row was scored in any fold.
    """
    seen = {(score.setting, score.fold): score for score in scores if score.n_scored}
    if not seen:
        raise TaskError("No held-out rating has both its user and its movie in training: there are too few ratings.")
    cells = []
    for setting in settings:
        for fold, size in sorted(fold_sizes.items()):
            score = seen.get((setting, fold), Score(setting, fold, None, 0))
            cells.append(Cell(fold, setting, score.rmse, score.n_scored, size - score.n_scored))
    return cells


def best_setting(cells: Iterable[Cell]) -> Setting:
    """The setting with the lowest mean error over the folds, the first of equals.

    Whether a fold can be scored does not depend on the setting, so one that cannot adds the same to all of them.
    """
    sums: dict[Setting, float] = {}
    for cell in cells:
        sums[cell.setting] = sums.get(cell.setting, 0.0) + (cell.rmse or 0.0)
    return min(sums, key=lambda setting: sums[setting])
