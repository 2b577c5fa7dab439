"""What a task says of its steps where there is no terminal."""

import pytest

from movie_lakehouse.job.progress import PlainLines


def told(monkeypatch: pytest.MonkeyPatch, *steps: tuple[float, int]) -> None:
    """Tell of fits done out of four, each at a second of the clock."""
    lines = PlainLines()
    for second, done in steps:
        monkeypatch.setattr("time.monotonic", lambda second=second: second)
        lines.step("train", "fits", done, 4)


def test_the_time_left_is_that_of_the_rest_if_it_goes_on_as_it_went(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told(monkeypatch, (100, 0), (120, 1), (140, 2))
    assert capsys.readouterr().err.splitlines() == [
        "train: 1 of 4 fits, about 60 s left",
        "train: 2 of 4 fits, about 40 s left",
    ]


@pytest.mark.parametrize("before", [[(0, 0), (20, 2)], [(0, 0), (40, 4)]], ids=["broken off", "done"])
def test_what_went_before_another_try_or_another_run_does_not_count(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], before: list[tuple[float, int]]
) -> None:
    told(monkeypatch, *before, (1000, 0), (1020, 2))
    assert capsys.readouterr().err.splitlines()[-1] == "train: 2 of 4 fits, about 20 s left"
