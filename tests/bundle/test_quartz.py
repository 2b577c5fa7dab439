import pytest
from quartz import quartz_problem


@pytest.mark.parametrize(
    "expression", ["0 30 4 * * ?", "0 0/15 8-18 ? * MON-FRI", "0 0 12 L * ?", "0 0 12 ? * 6#3 2030", "0 0 1,13 1 JAN ?"]
)
def test_what_quartz_reads_is_taken(expression: str) -> None:
    assert quartz_problem(expression) is None


@pytest.mark.parametrize(
    ("expression", "problem"),
    [
        ("30 4 * * *", "it has 5 fields, not 6 or 7"),
        ("0 30 4 * * *", "one of day of month and day of week must be ?"),
        ("0 30 24 * * ?", "hours cannot be 24"),
        ("0 x 4 * * ?", "minutes cannot be x"),
        ("0 0 4 ? * FUNDAY", "day of week cannot be FUNDAY"),
    ],
)
def test_what_quartz_does_not_read_is_told(expression: str, problem: str) -> None:
    assert quartz_problem(expression) == problem
