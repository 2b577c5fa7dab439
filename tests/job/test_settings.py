"""The job's parameters as text."""

import pytest

from movie_lakehouse.errors import SettingError
from movie_lakehouse.job.settings import JobSettings, parse_settings, settings_from


@pytest.mark.parametrize("argv", [["--folds=5"], ["--folds", "5"]])
def test_both_forms_of_an_argument_are_read(argv: list[str]) -> None:
    assert parse_settings(argv, JobSettings).folds == 5


def test_a_name_may_have_dashes_for_underscores() -> None:
    assert parse_settings(["--test-fraction=0.3"], JobSettings).test_fraction == pytest.approx(0.3)


def test_a_run_without_an_id_gets_one_that_sorts_by_time() -> None:
    first, second = (settings_from({}).run_id for _ in range(2))

    assert first < second


@pytest.mark.parametrize(
    ("argv", "complaint"),
    [
        (["folds=5"], "not of the form --name=value"),
        (["--folds"], "lacks its value"),
        (["--fold=5"], "no parameter 'fold'"),
        (["--folds=many"], "parameter folds cannot be 'many'"),
        (["--folds=1"], "parameter folds cannot be '1'"),
        (["--test_fraction=1.5"], "parameter test_fraction"),
        (["--seed=9223372036854775808"], "parameter seed cannot be '9223372036854775808'"),
        (["--grid=huge"], "The grid 'huge' is neither"),
        (['--grid={"rank": []}'], "The grid"),
        (["--source="], "parameter source"),
    ],
)
def test_an_argument_that_cannot_be_used_is_named(argv: list[str], complaint: str) -> None:
    with pytest.raises(SettingError, match=complaint):
        parse_settings(argv, JobSettings)
