"""The search: Spark's CrossValidator over a grid, with every cell of grid and fold kept.

CrossValidator gives only each setting's mean over the folds. Here its estimator marks what each fitted model predicts
with the setting's number, and its evaluator reads setting and fold off the rows that it scores.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from pyspark.ml import Estimator, Model
from pyspark.ml.evaluation import Evaluator
from pyspark.ml.param import Param
from pyspark.ml.recommendation import ALS, ALSModel
from pyspark.ml.tuning import CrossValidator, ParamGridBuilder
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from movie_lakehouse.errors import TaskError
from movie_lakehouse.model.biased_als import BiasedALS
from movie_lakehouse.model.factor_model import FactorModel
from movie_lakehouse.model.grid import Grid, Setting
from movie_lakehouse.model.metrics import root_mean_squared_error

ParamMap = dict[Param[Any], Any]
GridEstimator = ALS | BiasedALS
FittedModel = ALSModel | FactorModel
_SETTING = "_setting"


@dataclass(frozen=True)
class Cell:
    """One fold of one setting: the error over the held-out rows that could be scored (none: None), and how many not."""

    fold: int
    setting: Setting
    rmse: float | None
    n_scored: int
    n_cold: int


@dataclass(frozen=True)
class SearchOutcome:
    """The winning setting, its model fitted on the whole training part, and every cell."""

    best: Setting
    model: FittedModel
    cells: list[Cell]


def search(
    train: DataFrame,
    grid: Grid,
    estimator: GridEstimator,
    *,
    n_folds: int,
    parallelism: int,
    on_fit: Callable[[int, int], None] = lambda done, total: None,
) -> SearchOutcome:
    """Cross-validate the grid and fit the winner on all of ``train``.

    Args:
        train: user_id, movie_id, rating and fold (0 to n_folds - 1).
        grid: the settings to try.
        estimator: the ALS, plain or biased, whose other parameters all settings share.
        n_folds: number of folds.
        parallelism: models fitted at the same time.
        on_fit: is told fits done and fits to do.

    Raises:
        TaskError: a fold is empty, or no held-out row could be scored, for want of ratings.
    """
    settings = grid.settings()
    fold_sizes = _fold_sizes(train, n_folds)
    evaluator = _CellEvaluator(total=len(settings) * n_folds, on_fit=on_fit)
    validator = CrossValidator(
        estimator=_Marking(estimator),
        estimatorParamMaps=_param_maps(estimator, grid),
        evaluator=evaluator,
        numFolds=n_folds,
        foldCol="fold",
        parallelism=parallelism,
    )
    on_fit(0, len(settings) * n_folds)
    fitted = validator.fit(train)
    cells = _cells(evaluator.scores, settings, fold_sizes)
    best = settings[_index_of_best(fitted.avgMetrics)]
    return SearchOutcome(best, fitted.bestModel.model, cells)  # type: ignore[attr-defined]


def _index_of_best(mean_rmse: Sequence[float]) -> int:
    """The setting with the lowest mean error, the first of equals."""
    return min(range(len(mean_rmse)), key=lambda index: mean_rmse[index])


def _param_maps(estimator: GridEstimator, grid: Grid) -> list[ParamMap]:
    """Spark's form of the grid, in the order of ``grid.settings()``."""
    builder = ParamGridBuilder()
    builder.addGrid(estimator.rank, list(grid.rank))
    builder.addGrid(estimator.maxIter, list(grid.max_iter))
    builder.addGrid(estimator.regParam, list(grid.reg_param))
    return builder.build()


def _fold_sizes(train: DataFrame, n_folds: int) -> dict[int, int]:
    """Rows a fold; every fold must have some."""
    sizes = {row["fold"]: row["count"] for row in train.groupBy("fold").count().collect()}
    if len(sizes) < n_folds:
        raise TaskError(
            f"Only {len(sizes)} of {n_folds} folds have ratings ({sum(sizes.values())} to train on): "
            "use fewer folds or more data."
        )
    return sizes


@dataclass(frozen=True)
class _Score:
    """What the evaluator saw of one model: the setting's number, the fold, the error, the rows scored."""

    setting: int
    fold: int
    rmse: float | None
    n_scored: int


def _cells(scores: list[_Score], settings: list[Setting], fold_sizes: dict[int, int]) -> list[Cell]:
    """Every setting and fold in order; those that scored no row have no error and all rows cold."""
    seen = {(score.setting, score.fold): score for score in scores}
    if not seen:
        raise TaskError("No held-out rating has both its user and its movie in training: there are too few ratings.")
    cells = []
    for number, setting in enumerate(settings):
        for fold, size in sorted(fold_sizes.items()):
            score = seen.get((number, fold), _Score(number, fold, None, 0))
            cells.append(Cell(fold, setting, score.rmse, score.n_scored, size - score.n_scored))
    return cells


class _Marked(Model):
    """A fitted model whose predictions carry the number of its setting."""

    def __init__(self, model: FittedModel, number: int) -> None:
        super().__init__()
        self.model = model
        self.number = number

    def _transform(self, dataset: DataFrame) -> DataFrame:
        return self.model.transform(dataset).withColumn(_SETTING, F.lit(self.number))


class _Marking(Estimator[_Marked]):
    """An estimator that fits ALS and marks the models with the number of their setting."""

    def __init__(self, estimator: GridEstimator) -> None:
        super().__init__()
        self.estimator = estimator

    def _fit(self, dataset: DataFrame) -> _Marked:
        return _Marked(self.estimator.fit(dataset), -1)

    def fit(self, dataset: DataFrame, params: ParamMap | None = None) -> _Marked:  # type: ignore[override]
        """Fit with these parameters; how CrossValidator fits the winner."""
        return _Marked(self.estimator.copy(params or {}).fit(dataset), -1)

    def fitMultiple(self, dataset: DataFrame, paramMaps: Sequence[ParamMap]) -> Iterator[tuple[int, _Marked]]:  # noqa: N802, N803
        """Fit one model a setting as they are asked for, from several threads."""
        return _Fits(self.estimator, dataset, paramMaps)


class _Fits(Iterator[tuple[int, _Marked]]):
    """Hands each caller the next setting and fits it in the caller's own thread."""

    def __init__(self, estimator: GridEstimator, dataset: DataFrame, param_maps: Sequence[ParamMap]) -> None:
        self._estimator = estimator
        self._dataset = dataset
        self._waiting = iter(enumerate(param_maps))
        self._lock = Lock()

    def __next__(self) -> tuple[int, _Marked]:
        with self._lock:
            number, params = next(self._waiting)
        return number, _Marked(self._estimator.copy(params).fit(self._dataset), number)


@dataclass
class _Scores:
    """What was scored so far, by all threads."""

    lock: Lock = field(default_factory=Lock)
    scores: list[_Score] = field(default_factory=list)
    done: int = 0


class _CellEvaluator(Evaluator):
    """RMSE in one aggregation that also tells setting, fold and rows scored."""

    def __init__(self, total: int, on_fit: Callable[[int, int], None]) -> None:
        super().__init__()
        self._total = total
        self._on_fit = on_fit
        self._shared = _Scores()

    @property
    def scores(self) -> list[_Score]:
        """Every model scored so far."""
        return self._shared.scores

    def _evaluate(self, dataset: DataFrame) -> float:
        row = dataset.agg(
            root_mean_squared_error("rating", "prediction").alias("rmse"),
            F.count("prediction").alias("n_scored"),
            F.max(_SETTING).alias("setting"),
            F.max("fold").alias("fold"),
        ).first()
        with self._shared.lock:
            self._shared.done += 1
            self._on_fit(self._shared.done, self._total)
            if row is None or not row["n_scored"]:
                # Whether a fold can be scored does not depend on the setting, so this adds the same to all of them.
                return 0.0
            self._shared.scores.append(_Score(row["setting"], row["fold"], row["rmse"], row["n_scored"]))
        return float(row["rmse"])

    def isLargerBetter(self) -> bool:  # noqa: N802
        """No: it is an error."""
        return False
