"""What speaks against a candidate: baselines always, and the model in place where it held out in the same way."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from movie_lakehouse.evaluation.published_lists import POPULARITY, RANKING
from movie_lakehouse.job.context import Context
from movie_lakehouse.job.promotion import reason_against
from movie_lakehouse.job.settings import settings_from
from movie_lakehouse.job.trial import Trial
from movie_lakehouse.lakehouse.materialise import holding
from movie_lakehouse.lakehouse.store import Store
from movie_lakehouse.model.factor_model import FactorModel
from movie_lakehouse.model.published import PublishedModel
from support.frames import ARRIVAL, sound_row
from support.tiny_lakehouse import write_table

pytestmark = pytest.mark.slow  # three tables are joined for each

USERS = range(1, 41)
RIVALS = "user_id INT, movie_id INT, rating DOUBLE, is_cold BOOLEAN, bias DOUBLE, bayes DOUBLE"
LISTED = "model STRING, user_id INT, rank INT, movie_id INT"


@pytest.fixture
def context(store: Store, tmp_path: Path) -> Context:
    settings = settings_from({"lakehouse": str(tmp_path / "lakehouse"), "run_id": "new"})
    return Context("train", store, settings, datetime.now(UTC))


@pytest.fixture(scope="module")
def trial(spark: SparkSession) -> Iterator[Trial]:
    """Everybody liked movie 1; the candidate is off by less than biases and lists it for every second user."""
    rivals = [(user, 1, 4.0, False, 3.0 + user / 100, 3.75) for user in USERS]
    lists = [(RANKING, user, 1, 1 + user % 2) for user in USERS] + [(POPULARITY, user, 1, 9) for user in USERS]
    predicted, listed = spark.createDataFrame(rivals, RIVALS), spark.createDataFrame(lists, LISTED)
    with holding() as hold:
        yield Trial.of("cut-off", [], PublishedModel(FactorModel(), predicted), predicted, listed, hold=hold)


def put_in_place(context: Context, *, split: str, prediction: float, listed: int) -> None:
    """A champion with one prediction for all and one movie in every list."""
    run = {"run_id": "old", "trained_at": ARRIVAL, "best_params": json.dumps({"split": split}), "promoted": True}
    predictions = [{"user_id": user, "movie_id": 1, "rating": 4.0, "prediction": prediction} for user in USERS]
    lists = [{"user_id": user, "rank": 1, "movie_id": listed} for user in USERS]
    tables = {"gold.model_runs": [run], "gold.rating_predictions": predictions, "gold.judged_lists": lists}
    for name, rows in tables.items():
        write_table(Path(context.settings.lakehouse), name, [sound_row(name, **row) for row in rows])
    publication = sound_row("ops.publications", number=1, tables=context.store.newest_versions(tables))
    write_table(Path(context.settings.lakehouse), "ops.publications", [publication])


def test_nothing_speaks_against_a_first_model_that_beats_the_baselines(context: Context, trial: Trial) -> None:
    assert reason_against(context, trial) is None


def test_a_model_in_place_that_predicts_better_is_kept(context: Context, trial: Trial) -> None:
    put_in_place(context, split="cut-off", prediction=4.0, listed=9)

    assert "on 40 held-out ratings its squared errors exceed" in str(reason_against(context, trial))


def test_a_model_in_place_that_makes_better_lists_is_kept(context: Context, trial: Trial) -> None:
    put_in_place(context, split="cut-off", prediction=1.0, listed=1)

    assert "for 40 users the NDCG@10 of its lists is below" in str(reason_against(context, trial))


def test_what_a_training_has_left_that_was_broken_off_is_not_the_model_in_place(context: Context, trial: Trial) -> None:
    put_in_place(context, split="cut-off", prediction=4.0, listed=9)
    broken_off = sound_row("gold.rating_predictions", user_id=1, movie_id=1, rating=4.0, prediction=1.0)
    write_table(Path(context.settings.lakehouse), "gold.rating_predictions", [broken_off])

    assert "on 40 held-out ratings its squared errors exceed" in str(reason_against(context, trial))


def test_a_model_in_place_that_held_out_in_another_way_is_not_asked(
    context: Context, trial: Trial, capsys: pytest.CaptureFixture[str]
) -> None:
    put_in_place(context, split="random", prediction=4.0, listed=1)

    assert reason_against(context, trial) is None
    assert "did not hold out by the split cut-off" in capsys.readouterr().err
