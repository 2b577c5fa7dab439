"""Which model is in place."""

from pathlib import Path

from movie_lakehouse.job.promoted import mean_rating, newest_promoted
from movie_lakehouse.lakehouse.place import place_of
from movie_lakehouse.lakehouse.session import open_session
from movie_lakehouse.lakehouse.store import Store
from support.frames import ARRIVAL
from support.tiny_lakehouse import write_table

OLD = {"run_id": "a", "trained_at": ARRIVAL, "best_params": '{"mean_rating": 3.5}', "promoted": True}
NEW_PARAMETERS = '{"rank": 10, "mean_rating": null}'
NEW = OLD | {"run_id": "b", "trained_at": ARRIVAL.replace(year=2021), "best_params": NEW_PARAMETERS}
REFUSED = OLD | {"run_id": "c", "trained_at": ARRIVAL.replace(year=2022), "promoted": False}


def store_of(root: Path, *runs: dict[str, object]) -> Store:
    """A lakehouse in which these runs have been kept; it is asked without Spark."""
    common = {"seed": 1, "table_versions": {"silver.ratings": 4}}
    write_table(root, "gold.model_runs", [run | common for run in runs])
    return Store(open_session, place_of(str(root)))


def test_the_model_in_place_is_that_of_the_newest_promoted_run(tmp_path: Path) -> None:
    newest = newest_promoted(store_of(tmp_path, OLD, NEW, REFUSED))
    assert newest is not None
    assert (newest.run_id, newest.parameters["rank"], newest.trained_on) == ("b", 10, {"silver.ratings": 4})


def test_no_model_is_in_place_where_none_was_promoted_or_trained(tmp_path: Path) -> None:
    nothing_trained = Store(open_session, place_of(str(tmp_path / "none")))
    assert newest_promoted(store_of(tmp_path, REFUSED)) is newest_promoted(nothing_trained) is None


def test_a_model_without_a_mean_rating_deviates_from_zero(tmp_path: Path) -> None:
    assert mean_rating(store_of(tmp_path / "old", OLD)) == 3.5
    assert mean_rating(store_of(tmp_path / "new", OLD, NEW)) == 0
