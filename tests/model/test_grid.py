import pytest

from movie_lakehouse.errors import SettingError
from movie_lakehouse.model.grid import Setting, grid_named


@pytest.mark.parametrize(("name", "n_settings"), [("single", 1), ("small", 4), ("classic", 27)])
def test_a_preset_is_known_by_its_name(name: str, n_settings: int) -> None:
    assert len(set(grid_named(name).settings())) == n_settings


def test_the_classic_grid_is_the_one_that_is_promised() -> None:
    grid = grid_named("classic")

    assert (grid.rank, grid.max_iter, grid.reg_param) == ((10, 11, 12), (5, 7, 10), (0.1, 0.01, 0.001))


def test_a_value_that_is_repeated_is_tried_once() -> None:
    grid = grid_named('{"rank": [8, 4, 8], "max_iter": [5], "reg_param": [0.1, 0.1]}')
    assert grid.settings() == [(8, 5, 0.1), (4, 5, 0.1)]


def test_json_spells_out_a_grid_whose_last_parameter_changes_fastest() -> None:
    grid = grid_named('{"rank": [2, 3], "max_iter": [5], "reg_param": [0.1, 1]}')

    assert grid.settings() == [Setting(2, 5, 0.1), Setting(2, 5, 1.0), Setting(3, 5, 0.1), Setting(3, 5, 1.0)]


@pytest.mark.parametrize(
    "text",
    [
        "huge",
        "",
        "[10]",
        "[" * 100_000,
        '{"rank": [10], "max_iter": [10]}',
        '{"rank": [], "max_iter": [10], "reg_param": [0.1]}',
        '{"rank": [0], "max_iter": [10], "reg_param": [0.1]}',
        '{"rank": [2.5], "max_iter": [10], "reg_param": [0.1]}',
        '{"rank": [10], "max_iter": [101], "reg_param": [0.1]}',
        '{"rank": [10], "max_iter": [10], "reg_param": [-0.1]}',
        '{"rank": [10], "max_iter": [10], "reg_param": [0]}',
        '{"rank": [10], "max_iter": [10], "reg_param": [0.1, 1e-18]}',
        '{"rank": [10], "max_iter": [10], "reg_param": [NaN]}',
        '{"rank": [10], "max_iter": [10], "reg_param": [Infinity]}',
        '{"rank": [10], "max_iter": [10], "reg_param": [0.1], "alpha": [1]}',
    ],
)
def test_what_is_no_grid_is_refused_in_one_line_with_the_forms_there_are(text: str) -> None:
    with pytest.raises(SettingError, match="is neither one of single, small, classic nor JSON such as") as caught:
        grid_named(text)

    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 500
