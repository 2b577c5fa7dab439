"""train: search the grid, score the candidate beside its rivals on held-out ratings, publish it if it wins."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from movie_lakehouse.errors import NotPromotedError
from movie_lakehouse.evaluation.published_lists import RANKING
from movie_lakehouse.job.context import Context
from movie_lakehouse.job.model_tables import cv_results, model_metrics, model_run
from movie_lakehouse.job.promotion import reason_against
from movie_lakehouse.job.publications import newest_publication, publish_beside
from movie_lakehouse.job.stages import SCORING
from movie_lakehouse.job.task import Rows, Task
from movie_lakehouse.job.tracked import track
from movie_lakehouse.job.trial import Trial, try_out
from movie_lakehouse.job.unfinished import APPENDED, forget_unfinished_runs
from movie_lakehouse.lakehouse.materialise import holding
from movie_lakehouse.lakehouse.tables import gold, silver

READS = (silver.RATINGS.name, silver.MOVIES.name)
REPLACED = (
    gold.RATING_PREDICTIONS.name,
    gold.JUDGED_LISTS.name,
    gold.USER_FACTORS.name,
    gold.MOVIE_FACTORS.name,
)


def run(context: Context) -> Rows:
    """Train, measure and publish.

    Raises:
        NotPromotedError: the model is no better than plain biases or popular movies, or worse than the model in place;
            what it scored is kept, its factors are not.
    """
    with holding() as hold:
        trial = try_out(context, hold)
        with context.stage(SCORING):
            reason = reason_against(context, trial)
        frames = _frames(context, trial, promoted=reason is None)
        frames = {name: hold(frame) for name, frame in frames.items() if reason is None or name in APPENDED}
        rows = context.audit(frames)
        _publish(context, frames)
        track(context, frames, trial.published.model)
    if reason is not None:
        _show_what_it_scored(context)
        raise NotPromotedError(
            f"The model {context.settings.model} is not promoted, and the tables that people query stay as they were: "
            f"{reason}; `--set promotion=always` publishes it all the same."
        )
    return rows


def _frames(context: Context, trial: Trial, *, promoted: bool) -> dict[str, DataFrame]:
    """What the trial has found, by the table that keeps it."""
    return {
        gold.CV_RESULTS.name: cv_results(context, trial.cells),
        gold.MODEL_METRICS.name: model_metrics(context, trial.split, trial.errors, trial.list_quality),
        gold.MODEL_RUNS.name: model_run(context, trial.published, trial.split, list(READS), promoted=promoted),
        gold.RATING_PREDICTIONS.name: trial.rivals.withColumn("prediction", F.col(context.settings.model)),
        gold.JUDGED_LISTS.name: trial.lists.where(F.col("model") == RANKING),
        gold.USER_FACTORS.name: trial.published.model.user_factors,
        gold.MOVIE_FACTORS.name: trial.published.movie_factors,
    }


def _publish(context: Context, frames: dict[str, DataFrame]) -> None:
    """Write the frames; the run's row in model_runs comes last and makes the others count."""
    replaced = {name: frames[name] for name in REPLACED if name in frames}
    context.publish(replaced, context.store.replace)
    forget_unfinished_runs(context.store, context.settings.run_id)
    *others, last = APPENDED
    context.publish({name: frames[name] for name in others}, context.store.append)
    context.publish({last: frames[last]}, context.store.append)


def _show_what_it_scored(context: Context) -> None:
    """Let people query what a refused model scored, unless another waits to be published whose run would count."""
    store, last = context.store, newest_publication(context.store)
    factors = store.versions([gold.USER_FACTORS.name])
    if last is not None and factors and not last.lacks(factors):
        publish_beside(store, APPENDED, kind="measured", run_id=context.settings.run_id, now=context.now)


train = Task(
    "train",
    run,
    reads=READS,
    writes=(*REPLACED, *APPENDED),
    settings=("model", "promotion", "ranking", "grid", "search", "folds", "nonnegative", "test_fraction", "seed"),
    shared=(gold.MODEL_METRICS.name,),
)
