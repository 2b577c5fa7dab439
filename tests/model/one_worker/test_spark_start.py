"""The first factors are those that Spark draws, number for number."""

import numpy as np
import pytest

from movie_lakehouse.model.one_worker.start import first_user_factors, gaussians


def test_the_normal_numbers_are_those_of_sparks_generator() -> None:
    # XORShiftRandom(5).nextGaussian(), asked of the JVM.
    spark = [1.5298496477243015, 0.2517460544935095, -0.07538978960066034, -0.21540368015982145, -0.22043086655696753]

    assert gaussians(5, 5) == pytest.approx(spark, rel=1e-7)


def test_a_long_sequence_begins_as_a_short_one() -> None:
    assert np.array_equal(gaussians(5, 10_000)[:10], gaussians(5, 10))


def test_a_long_sequence_is_normal() -> None:
    numbers = gaussians(5, 100_000)

    assert numbers.mean() == pytest.approx(0, abs=0.02)
    assert numbers.std() == pytest.approx(1, abs=0.02)


def test_rows_have_length_one() -> None:
    factors = first_user_factors(np.arange(20), rank=3, seed=7, n_blocks=2)

    assert np.linalg.norm(factors, axis=1) == pytest.approx(np.ones(20), rel=1e-6)


def test_each_block_has_a_sequence_of_its_own() -> None:
    together = first_user_factors(np.array([4, 6, 7, 9]), rank=2, seed=7, n_blocks=2)
    even_alone = first_user_factors(np.array([4, 6]), rank=2, seed=7, n_blocks=1)

    assert np.array_equal(together[:2], even_alone)
    assert not np.isclose(together[2:], even_alone).any()
