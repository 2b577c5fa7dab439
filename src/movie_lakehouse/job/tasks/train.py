"""train: search the grid, score the candidate beside its rivals on held-out ratings, publish it if it wins."""

from collections.abc import Mapping
from dataclasses import asdict

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from movie_lakehouse.errors import NotPromotedError
from movie_lakehouse.evaluation.published_lists import POPULARITY, RANKING, list_quality, ndcg_of
from movie_lakehouse.job.context import Context
from movie_lakehouse.job.model_tables import cv_results, model_metrics, model_run
from movie_lakehouse.job.task import Rows, Task
from movie_lakehouse.job.tracked import track
from movie_lakehouse.lakehouse.materialise import Hold, holding
from movie_lakehouse.lakehouse.tables import gold, silver
from movie_lakehouse.model.als import as_factor_model
from movie_lakehouse.model.bayes.on_spark import BayesSettings, fit_side_by_side
from movie_lakehouse.model.biases import fit_biases
from movie_lakehouse.model.factor_model import FactorModel
from movie_lakehouse.model.metrics import rating_errors
from movie_lakehouse.model.promotion import Evidence, against_champion, why_not
from movie_lakehouse.model.published import PublishedModel, of_fit, without_fold_in
from movie_lakehouse.model.rivals import one_row_a_model, rival_predictions, with_bias_where_cold
from movie_lakehouse.model.search import SearchOutcome
from movie_lakehouse.model.split import is_held_out
from movie_lakehouse.model.training import TrainingSettings, fit_setting, tune

READS = (silver.RATINGS.name, silver.MOVIES.name)
APPENDED = (gold.CV_RESULTS.name, gold.MODEL_METRICS.name, gold.MODEL_RUNS.name)
REPLACED = (gold.RATING_PREDICTIONS.name, gold.USER_FACTORS.name, gold.MOVIE_FACTORS.name)


def run(context: Context) -> Rows:
    """Train, measure and publish.

    Raises:
        NotPromotedError: the model is no better than plain biases or popular movies, or worse than the model in place;
            what it scored is kept, its factors are not.
    """
    settings = training_settings(context)
    with holding() as hold:
        ratings = hold(context.store.read(READS[0]).select("user_id", "movie_id", "rating"))
        held_out = is_held_out(context.settings.test_fraction, context.settings.seed)
        train = ratings.where(~held_out)
        outcome = tune(train, settings, lambda done, total: context.step("fits", done, total), context.notice)
        scored, published = _candidate(context, ratings, held_out, outcome, hold)
        searched = {settings.family: as_factor_model(outcome.model)}
        rivals = hold(_rivals(train, ratings.where(held_out), searched | {context.settings.model: scored}))
        errors = hold(rating_errors(one_row_a_model(rivals)))
        quality = hold(list_quality(train, ratings.where(held_out), scored, context.settings.ranking, hold))
        predicted = rivals.withColumn("prediction", F.col(context.settings.model))
        reason = _reason_against(context, predicted, errors, quality)
        frames = {
            gold.CV_RESULTS.name: cv_results(context, outcome.cells),
            gold.MODEL_METRICS.name: model_metrics(context, errors, quality),
            gold.MODEL_RUNS.name: model_run(context, published, list(READS), promoted=reason is None),
            gold.RATING_PREDICTIONS.name: predicted,
            gold.USER_FACTORS.name: published.model.user_factors,
            gold.MOVIE_FACTORS.name: published.movie_factors,
        }
        frames = {name: hold(frame) for name, frame in frames.items() if reason is None or name in APPENDED}
        context.audit(frames)
        rows = _publish(context, frames)
        track(context, frames, published.model)
    if reason is not None:
        raise NotPromotedError(
            f"The model {context.settings.model} is not promoted, and the tables that people query stay as they were: "
            f"{reason}; `--set promotion=always` publishes it all the same."
        )
    return rows


def _rivals(train: DataFrame, held_out: DataFrame, models: Mapping[str, FactorModel]) -> DataFrame:
    """What the models and the baselines predict for the held-out ratings, in the form of rival_predictions."""
    rivals = rival_predictions(held_out, fit_biases(train), models)
    return with_bias_where_cold(rivals, "als") if "als" in models else rivals


def _reason_against(context: Context, predicted: DataFrame, errors: DataFrame, quality: DataFrame) -> str | None:
    """Why the candidate must not be published, if anything speaks against it and anybody asks."""
    if context.settings.promotion == "always":
        return None
    champion = context.store.read_or_empty(gold.RATING_PREDICTIONS.name)
    rmse = {row["model"]: row["rmse"] for row in errors.collect()}
    ndcg = ndcg_of(quality)
    return why_not(
        Evidence(
            rmse=rmse[context.settings.model],
            rmse_of_biases=rmse["bias"],
            ndcg=ndcg.get(RANKING),
            ndcg_of_popularity=ndcg.get(POPULARITY),
            against_champion=against_champion(predicted, champion),
        )
    )


def _candidate(
    context: Context, ratings: DataFrame, held_out: Column, outcome: SearchOutcome, hold: Hold
) -> tuple[FactorModel, PublishedModel]:
    """The model as it is scored, which has not seen the held-out ratings, and as it is published, which has."""
    if context.settings.model != "bayes":
        settings = training_settings(context)
        parameters = outcome.best._asdict() | {"nonnegative": settings.nonnegative}
        published = without_fold_in(fit_setting(ratings, outcome.best, settings), parameters)
        return as_factor_model(outcome.model), published
    bayes = BayesSettings(seed=context.settings.seed)
    parts = {"train": ~held_out, "all": F.lit(True)}
    fitted = hold(fit_side_by_side(ratings, parts, context.store.read(READS[1]), bayes))
    return of_fit(fitted, "train", asdict(bayes)).model, of_fit(fitted, "all", asdict(bayes))


def _publish(context: Context, frames: dict[str, DataFrame]) -> Rows:
    """Write the frames; the run's row in model_runs comes last and makes the others count."""
    replaced = {name: frames[name] for name in REPLACED if name in frames}
    rows = context.publish(replaced, context.store.replace)
    _forget_unfinished_runs(context)
    *others, last = APPENDED
    rows |= context.publish({name: frames[name] for name in others}, context.store.append)
    return rows | context.publish({last: frames[last]}, context.store.append)


def _forget_unfinished_runs(context: Context) -> None:
    """Drop what a run that was killed while it published has left: rows of runs that model_runs does not have."""
    finished = context.store.read_or_empty(gold.MODEL_RUNS.name).select("run_id")
    for name in APPENDED[:-1]:
        rows = context.store.read_or_empty(name)
        if not rows.join(finished, "run_id", "left_anti").isEmpty():
            context.store.replace(name, rows.join(finished, "run_id", "left_semi"))


def training_settings(context: Context) -> TrainingSettings:
    """The job's settings that the search depends on."""
    chosen = context.settings
    return TrainingSettings(
        chosen.settings_grid,
        chosen.folds,
        chosen.nonnegative,
        seed=chosen.seed,
        parallelism=chosen.parallelism,
        family="biased_als" if chosen.model == "biased_als" else "als",
        search=chosen.search,
    )


train = Task(
    "train",
    run,
    reads=READS,
    writes=(*REPLACED, *APPENDED),
    settings=("model", "promotion", "ranking", "grid", "search", "folds", "nonnegative", "test_fraction", "seed"),
    shared=(gold.MODEL_METRICS.name,),
)
