"""The search as Spark's CrossValidator makes it, with every cell of grid and fold kept.

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
from pyspark.ml.tuning import CrossValidator
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from movie_lakehouse.model.biased_als import BiasedALS
from movie_lakehouse.model.cells import Score
from movie_lakehouse.model.factor_model import FactorModel
from movie_lakehouse.model.grid import Setting
from movie_lakehouse.model.metrics import root_mean_squared_error

ParamMap = dict[Param[Any], Any]
GridEstimator = ALS | BiasedALS
FittedModel = ALSModel | FactorModel
_SETTING = "_setting"


def cross_validated(
    train: DataFrame,
    settings: Sequence[Setting],
    estimator: GridEstimator,
    *,
    n_folds: int,
    parallelism: int,
    on_fit: Callable[[int, int], None],
) -> tuple[list[Score], FittedModel]:
    """Score every setting in every fold that has rows to score, and fit the winner on all of ``train``.

    Args:
        train: user_id, movie_id, rating and fold (0 to n_folds - 1).
        settings: what to try.
        estimator: the ALS, plain or biased, whose other parameters all settings share.
        n_folds: number of folds.
        parallelism: models fitted at the same time.
        on_fit: is told fits done and fits to do.
    """
    evaluator = _CellEvaluator(settings, total=len(settings) * n_folds, on_fit=on_fit)
    validator = CrossValidator(
        estimator=_Marking(estimator),
        estimatorParamMaps=[param_map(estimator, setting) for setting in settings],
        evaluator=evaluator,
        numFolds=n_folds,
        foldCol="fold",
        parallelism=parallelism,
    )
    best = validator.fit(train).bestModel
    return evaluator.scores, best.model  # type: ignore[attr-defined]


def param_map(estimator: GridEstimator, setting: Setting) -> ParamMap:
    """Spark's form of a setting."""
    return {
        estimator.rank: setting.rank,
        estimator.maxIter: setting.max_iter,
        estimator.regParam: setting.reg_param,
    }


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
    scores: list[Score] = field(default_factory=list)
    done: int = 0


class _CellEvaluator(Evaluator):
    """RMSE in one aggregation that also tells setting, fold and rows scored."""

    def __init__(self, settings: Sequence[Setting], total: int, on_fit: Callable[[int, int], None]) -> None:
        super().__init__()
        self._settings = settings
        self._total = total
        self._on_fit = on_fit
        self._shared = _Scores()

    @property
    def scores(self) -> list[Score]:
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
            setting = self._settings[row["setting"]]
            self._shared.scores.append(Score(setting, row["fold"], row["rmse"], row["n_scored"]))
        return float(row["rmse"])

    def isLargerBetter(self) -> bool:  # noqa: N802
        """No: it is an error."""
        return False
