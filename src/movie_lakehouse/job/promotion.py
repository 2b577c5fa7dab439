"""What speaks against promoting a trial's candidate: baselines, and the model in place."""

from typing import Final

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from movie_lakehouse.evaluation.published_lists import (
    CHAMPION,
    POPULARITY,
    RANKING,
    beside_champion,
    ndcg,
    ndcg_of,
)
from movie_lakehouse.job.context import Context
from movie_lakehouse.job.promoted import newest_promoted
from movie_lakehouse.job.publications import newest_publication
from movie_lakehouse.job.trial import Trial
from movie_lakehouse.lakehouse.tables import gold
from movie_lakehouse.model.promotion import (
    NOTHING_TO_COMPARE,
    Difference,
    Evidence,
    differences,
    excess_errors,
    excess_values,
    why_not,
)

BIASES: Final = "squared error less that of biases"
POPULAR: Final = "NDCG@10 of popular movies less its own"
IN_PLACE: Final = "squared error less that of the model in place"
LISTS_IN_PLACE: Final = "NDCG@10 of the lists in place less its own"
_PAIR: Final = ["user_id", "movie_id"]
_RUNS: Final = gold.MODEL_RUNS.name
_HELD_OUT: Final = (gold.RATING_PREDICTIONS.name, gold.JUDGED_LISTS.name)


def reason_against(context: Context, trial: Trial) -> str | None:
    """Why the candidate must not be published, if anything speaks against it and anybody asks."""
    if context.settings.promotion == "always":
        return None
    model, than = context.settings.model, _differences(context, trial)
    told = [f"{name} {difference}" for name, difference in than.items() if difference.n]
    context.notice(f"below 0 it is better: {', '.join(told)}")
    rmse = {row["model"]: row["rmse"] for row in trial.errors.collect()}
    values = ndcg_of(trial.list_quality)
    return why_not(
        Evidence(
            rmse=rmse[model],
            rmse_of_biases=rmse["bias"],
            ndcg=values.get(RANKING),
            ndcg_of_popularity=values.get(POPULARITY),
            than_biases=than[BIASES],
            than_popularity=than[POPULAR],
            than_champion=than[IN_PLACE],
            than_champions_lists=than[LISTS_IN_PLACE],
        )
    )


def _differences(context: Context, trial: Trial) -> dict[str, Difference]:
    """The candidate beside all that it must not lose to."""
    model, champion = context.settings.model, _champion(context, trial.split)
    excesses = {
        BIASES: excess_errors(trial.rivals, model, "bias"),
        POPULAR: excess_values(ndcg(trial.list_metrics), RANKING, POPULARITY),
    }
    if champion is None:
        return differences(excesses) | dict.fromkeys((IN_PLACE, LISTS_IN_PLACE), NOTHING_TO_COMPARE)
    predictions, lists = champion
    theirs = predictions.select(*_PAIR, F.col("prediction").alias(CHAMPION))
    both = trial.rivals.join(theirs, on=_PAIR, how="inner")
    lists_of_both = beside_champion(trial.lists, lists, both)
    excesses[IN_PLACE] = excess_errors(both, model, CHAMPION)
    excesses[LISTS_IN_PLACE] = excess_values(ndcg(lists_of_both), RANKING, CHAMPION)
    found = differences(excesses)
    if not found[IN_PLACE].n:
        context.notice("the model in place held out other ratings: baselines alone decide")
    return found


def _champion(context: Context, split: str) -> tuple[DataFrame, DataFrame] | None:
    """What the model in place predicted and listed for what it held out; None without one that held out in this way.

    In place is what people query: a training that was broken off may have written newer predictions. A model that held
    out at random has seen what others rated after the cut-off: it would win by the future.
    """
    store, published = context.store, newest_publication(context.store)
    versions = {} if published is None else published.tables
    newest = newest_promoted(store, versions[_RUNS]) if versions.keys() >= {_RUNS, *_HELD_OUT} else None
    if newest is None:
        return None
    if newest.parameters.get("split") != split:
        context.notice(f"the model in place did not hold out by the split {split}: baselines alone decide")
        return None
    predictions, lists = (store.read(name, versions[name]) for name in _HELD_OUT)
    return predictions, lists
