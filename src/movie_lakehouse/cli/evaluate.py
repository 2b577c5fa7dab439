"""The command that measures the models on data they have not seen."""

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from movie_lakehouse.cli.options import DEFAULT_ROOT, Form, Root, Suites, existing, suites_folder
from movie_lakehouse.cli.output import OutputFormat, say, write_rows

if TYPE_CHECKING:  # Spark is imported when the command runs
    from movie_lakehouse.evaluation.report import Row
    from movie_lakehouse.job.context import Context

RATINGS = "silver.ratings"
TEST_FRACTION = 0.2
MAX_SEED = 2**63 - 1
COLUMNS = ("split", "model", "metric", "value", "low", "high", "n_users")


class Split(StrEnum):
    """How ratings are held out."""

    LAST = "last"
    RANDOM = "random"
    CUT_OFF = "cut-off"


def evaluate(  # noqa: PLR0917
    split: Annotated[
        Split,
        typer.Option("--split", help="Each user's last ratings, a random share, or the last after one moment."),
    ] = Split.LAST,
    k: Annotated[int, typer.Option("--k", min=1, max=1000, help="Length of the lists.")] = 10,
    seed: Annotated[
        int, typer.Option("--seed", min=0, max=MAX_SEED, help="Of the split, the models and the bootstrap.")
    ] = 42,
    root: Root = DEFAULT_ROOT,
    expectations: Suites = None,
    form: Form = OutputFormat.TABLE,
) -> None:
    """Measure the models and their baselines on a fifth of the ratings, held out; intervals are 95% over users.

    What was measured is kept in gold.model_metrics beside the published run's own metrics.
    """
    root = existing(root)
    say(f"Training on one side of the split {split} and measuring on the other; minutes on much data.")
    context = _context(root, expectations, seed)
    measured_on = context.store.version(RATINGS)
    rows = _measured(context, split, k)
    write_rows(COLUMNS, rows, form)
    _keep(context, rows, measured_on)


def _context(root: Path, expectations: Path | None, seed: int) -> "Context":
    """The lakehouse, and what an evaluation is judged by before it is kept."""
    from movie_lakehouse.job.context import Context
    from movie_lakehouse.job.settings import settings_from
    from movie_lakehouse.lakehouse.place import place_of
    from movie_lakehouse.lakehouse.session import open_session
    from movie_lakehouse.lakehouse.store import Store

    suites = str(suites_folder(expectations))
    chosen = settings_from({"lakehouse": str(root.absolute()), "expectations": suites, "seed": str(seed)})
    return Context("evaluate", Store(open_session, place_of(chosen.lakehouse)), chosen, datetime.now(UTC))


def _measured(context: "Context", split: Split, k: int) -> "Sequence[Row]":
    """The metrics of every model on one split."""
    from movie_lakehouse.evaluation.evaluate import evaluate as evaluated
    from movie_lakehouse.evaluation.report import as_rows
    from movie_lakehouse.evaluation.sides import sides_of
    from movie_lakehouse.lakehouse.materialise import holding
    from movie_lakehouse.model.grid import PRESETS
    from movie_lakehouse.model.training import TrainingSettings

    seed, store = context.settings.seed, context.store
    settings = TrainingSettings(PRESETS["single"], 2, nonnegative=True, seed=seed, parallelism=1)
    sides = sides_of(store.read(RATINGS), split, TEST_FRACTION, seed)
    with holding() as hold:
        return as_rows(str(split), evaluated(sides, store.read("silver.movies"), settings, k, hold), k)


def _keep(context: "Context", rows: "Sequence[Row]", measured_on: int | None) -> None:
    """Keep what was measured beside the published run's own metrics, here and in MLflow, and say so.

    Nothing is kept where other ratings have come since the version that was measured on.
    """
    from movie_lakehouse.job.evaluations import keep_evaluation
    from movie_lakehouse.job.tracked import track_evaluation
    from movie_lakehouse.lakehouse.lock import sole_writer

    with sole_writer(context.store.place, "an evaluation"):
        is_as_measured = context.store.version(RATINGS) == measured_on
        run_id = keep_evaluation(context, rows) if is_as_measured else None
    if run_id is None:
        say("Not kept: no published model was trained on the ratings as they are now; `lakehouse run` trains one.")
        return
    say(f"Kept in gold.model_metrics under the run {run_id}; see `lakehouse sql --saved model-and-baselines`.")
    track_evaluation(context, run_id, rows)
