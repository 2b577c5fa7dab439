from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from movie_lakehouse.errors import TableError
from movie_lakehouse.query.factors import FactorModel, Factors, Means, mean_of, places
from movie_lakehouse.query.pairs import Pairs
from movie_lakehouse.query.predictions import predicted_ratings, read_model
from movie_lakehouse.query.reader import LakehouseReader
from support.tiny_lakehouse import make_tiny_lakehouse, write_table


def predicted(reader: LakehouseReader, *pairs: tuple[int, int]) -> list[tuple[Any, ...]]:
    ids = np.array(pairs, dtype=np.int64)
    return list(predicted_ratings(reader, [Pairs(ids[:, 0], ids[:, 1])]))


def factors(ids: list[int], biases: list[float], vectors: list[list[float]]) -> Factors:
    return Factors(np.array(ids), np.array(biases), np.array(vectors, dtype=np.float32))


@pytest.fixture
def own_lakehouse(tmp_path: Path) -> LakehouseReader:
    """A tiny lakehouse that a test may change."""
    return LakehouseReader(make_tiny_lakehouse(tmp_path))


def test_a_pair_that_the_model_knows_gets_the_product_of_its_factors(reader: LakehouseReader) -> None:
    assert predicted(reader, (1, 1), (4, 3)) == [(1, 1, 4.5, "als"), (4, 3, 3.5, "als")]


def test_an_unknown_movie_gets_the_users_mean(reader: LakehouseReader) -> None:
    assert predicted(reader, (1, 6), (2, 999)) == [(1, 6, 3.5, "user_mean"), (2, 999, 4.0, "user_mean")]


def test_an_unknown_user_gets_the_movies_mean(reader: LakehouseReader) -> None:
    assert predicted(reader, (99, 1)) == [(99, 1, 4.0, "movie_mean")]


def test_an_unknown_pair_gets_the_mean_of_all_ratings(reader: LakehouseReader) -> None:
    assert predicted(reader, (99, 6), (-1, 0)) == [(99, 6, 3.863636, "mean"), (-1, 0, 3.863636, "mean")]


def test_rows_stay_in_order_over_blocks_and_repeats(reader: LakehouseReader) -> None:
    blocks = [Pairs(np.array([4, 1]), np.array([3, 6])), Pairs(np.array([4]), np.array([3]))]
    rows = list(predicted_ratings(reader, blocks))
    assert [row[:2] for row in rows] == [(4, 3), (1, 6), (4, 3)]
    assert rows[0] == rows[2]


def test_biases_are_added_to_the_mean_rating_of_the_promoted_run(own_lakehouse: LakehouseReader) -> None:
    write_table(own_lakehouse.root, "gold.user_factors", [{"user_id": 1, "bias": 0.5, "factors": [0.5]}])
    write_table(own_lakehouse.root, "gold.movie_factors", [{"movie_id": 1, "bias": -0.25, "factors": [0.5]}])
    runs = [("run-2", 3.5, True, 2), ("run-3", 1.0, False, 3), ("run-1", 2.0, True, 1)]
    write_table(own_lakehouse.root, "gold.model_runs", [run(*values) for values in runs])
    assert predicted(own_lakehouse, (1, 1)) == [(1, 1, 3.5 + 0.5 - 0.25 + 0.25, "als")]


def run(run_id: str, mean_rating: float, promoted: bool, day: int) -> dict[str, Any]:
    return {
        "run_id": run_id,
        "trained_at": datetime(2020, 1, day, tzinfo=UTC),
        "best_params": f'{{"mean_rating": {mean_rating}}}',
        "seed": 42,
        "table_versions": {},
        "promoted": promoted,
    }


def test_biases_without_a_mean_rating_are_an_error(own_lakehouse: LakehouseReader) -> None:
    write_table(own_lakehouse.root, "gold.user_factors", [{"user_id": 1, "bias": 0.5, "factors": [0.5, 0.5]}])
    with pytest.raises(TableError, match=r"gold.model_runs has no mean_rating"):
        read_model(own_lakehouse)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "gold.user_factors is empty"),
        ([{"user_id": 1, "bias": 0.0, "factors": [1.0]}], "has 1 factors a row and gold.movie_factors 2"),
        ([{"user_id": user, "bias": 0.0, "factors": [1.0] * user} for user in (1, 2)], "factors of 2 lengths"),
    ],
)
def test_factors_that_are_no_whole_model_are_an_error(
    own_lakehouse: LakehouseReader, rows: list[dict[str, Any]], message: str
) -> None:
    write_table(own_lakehouse.root, "gold.user_factors", rows)
    with pytest.raises(TableError, match=message):
        read_model(own_lakehouse)


def test_predictions_stay_on_the_scale() -> None:
    model = FactorModel(factors([1, 2], [0.0, 0.0], [[3.0], [-3.0]]), factors([1], [0.0], [[3.0]]), mean=0.0)
    assert model.predict(np.array([1, 2]), np.array([1, 1])).tolist() == [5.0, 0.5]


def test_nothing_is_found_among_nothing() -> None:
    where, known = places(np.array([], dtype=np.int64), np.array([3, 4]))
    assert known.tolist() == [False, False]
    assert len(where) == 2
    assert np.isnan(mean_of(Means(np.array([], dtype=np.int64), np.array([])), np.array([3]))).all()
