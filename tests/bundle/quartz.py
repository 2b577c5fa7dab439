"""Whether a Quartz cron expression can be read: seconds, minutes, hours, day of month, month, day of week, year."""

import re

_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
_DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
_RANGES = ((0, 59), (0, 59), (0, 23), (1, 31), (1, 12), (1, 7), (1970, 2099))
_DAY_FIELDS = (3, 5)


def quartz_problem(expression: str) -> str | None:
    """What is wrong with an expression, None if nothing is."""
    fields = expression.split()
    if len(fields) not in (6, 7):
        return f"it has {len(fields)} fields, not 6 or 7"
    if [fields[index] for index in _DAY_FIELDS].count("?") != 1:
        return "one of day of month and day of week must be ?"
    names = ("seconds", "minutes", "hours", "day of month", "month", "day of week", "year")
    for index, field in enumerate(fields):
        if field != "?" and not all(_is_readable(part, index) for part in field.split(",")):
            return f"{names[index]} cannot be {field}"
    return None


def _is_readable(part: str, index: int) -> bool:
    """Whether one item of a field's list is ``*``, a value, a range, or one of these with a step."""
    span, _, step = part.partition("/")
    if step and not step.isdigit():
        return False
    if span == "*" or (index in _DAY_FIELDS and re.fullmatch(r"L|LW|\d+W|[1-7]L|[1-7]#[1-5]", span)):
        return True
    low, high = _RANGES[index]
    values = [_number(text, index) for text in span.split("-")]
    return len(values) <= 2 and all(value is not None and low <= value <= high for value in values)


def _number(text: str, index: int) -> int | None:
    """A value as a number, months and days of the week also by their names."""
    names = {4: _MONTHS, 5: _DAYS}.get(index, [])
    if text.upper() in names:
        return names.index(text.upper()) + 1
    return int(text) if text.isdigit() else None
