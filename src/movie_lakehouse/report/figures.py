"""Figures as inline SVG: no script, no font, no network. Colours are the page's classes, so that dark pages suit them.

Every text is escaped, whatever it holds; coordinates are rounded, so that the same data give the same file.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

WIDTH = 480
HEIGHT = 220
TOP, BOTTOM = 22, 30
ROW = 26
LABEL, VALUE = 92, 92
"""Room left of a bar for its name, and right of it for its value."""
HEAT_STEPS = 5

Point = tuple[str, float]
Text = Callable[[float], str]


@dataclass(frozen=True)
class Drawing:
    """What is drawn, ``WIDTH`` wide; who shows it puts it into an ``<svg>`` with a name and a description."""

    height: float
    marks: Markup


@dataclass(frozen=True)
class Figure:
    """A drawing with its words, and all its numbers again as a table.

    Attributes:
        name: what makes its ids on the page.
        title: what it shows.
        description: what one sees in it, for those who do not.
        columns, rows: the table.
        drawing: the picture.
    """

    name: str
    title: str
    description: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    drawing: Drawing


def bars(points: Sequence[Point], shown: Text) -> Drawing:
    """A horizontal bar each, from 0, with its name before and its value behind it."""
    longest = max((value for _, value in points), default=0) or 1
    parts = []
    for at, (name, value) in enumerate(points):
        y, length = at * ROW, (WIDTH - LABEL - VALUE) * value / longest
        parts += [
            _text(LABEL - 8, y + 17, name, "end"),
            _box("mark", LABEL, y + 4, length, ROW - 8),
            _text(LABEL + length + 6, y + 17, shown(value), "start"),
        ]
    return _drawing(max(len(points), 1) * ROW, parts)


def columns(points: Sequence[Point], shown: Text) -> Drawing:
    """A vertical bar each, from 0, its value above and its name below it where there is room for them."""
    step = WIDTH / max(len(points), 1)
    highest = max((value for _, value in points), default=0) or 1
    parts = [_axis()]
    for at, (name, value) in enumerate(points):
        height = (HEIGHT - TOP - BOTTOM) * value / highest
        top, middle = HEIGHT - BOTTOM - height, (at + 0.5) * step
        parts.append(_box("mark", (at + 0.08) * step, top, step * 0.84, height))
        if at % _every(len(points), 14) == 0:
            parts += [_text(middle, top - 5, shown(value), "middle"), _text(middle, HEIGHT - 10, name, "middle")]
    return _drawing(HEIGHT, parts)


def line(points: Sequence[Point], shown: Text) -> Drawing:
    """A line over equal steps of time, from 0, with its peak named and some of the steps."""
    step = WIDTH / max(len(points), 1)
    highest = max((value for _, value in points), default=0) or 1
    base = HEIGHT - BOTTOM
    places = [((at + 0.5) * step, base - (base - TOP) * value / highest) for at, (_, value) in enumerate(points)]
    path = " ".join(f"{_n(x)},{_n(y)}" for x, y in places)
    parts = [_axis()]
    if places:
        area = f"{_n(places[0][0])},{base} {path} {_n(places[-1][0])},{base}"
        parts.append(Markup('<polygon class="area" points="{}"/>').format(area))
        parts.append(Markup('<polyline class="line" points="{}"/>').format(path))
    parts += [Markup('<circle class="mark" cx="{}" cy="{}" r="2.5"/>').format(_n(x), _n(y)) for x, y in places]
    for at, (name, value) in enumerate(points):
        if at % _every(len(points), 8) == 0:
            parts.append(_text(places[at][0], HEIGHT - 10, name, "middle"))
        if value == highest:
            x = min(max(places[at][0], 60), WIDTH - 60)
            parts.append(_text(x, places[at][1] - 8, shown(value), "middle"))
    return _drawing(HEIGHT, parts)


def heat_map(
    rows: Sequence[str], names: Sequence[str], cells: Sequence[Sequence[float | None]], shown: Text
) -> Drawing:
    """A grid of values, the lowest the strongest colour; a cell without a value is left open.

    Args:
        rows: the names of the rows.
        names: the names of the columns.
        cells: a value for each row and column.
        shown: a value as text.
    """
    step, height = (WIDTH - LABEL) / max(len(names), 1), 34
    values = [value for row in cells for value in row if value is not None]
    parts = [_text(LABEL + (at + 0.5) * step, 16, name, "middle") for at, name in enumerate(names)]
    for y, (row, its_cells) in enumerate(zip(rows, cells, strict=True)):
        top = TOP + y * height
        parts.append(_text(LABEL - 8, top + 21, row, "end"))
        for x, value in enumerate(its_cells):
            if value is not None:
                left, hue = LABEL + x * step, heat(value, values)
                parts.append(_box(f"heat-{hue}", left + 1, top + 1, step - 2, height - 2))
                parts.append(_text(left + step / 2, top + 21, shown(value), "middle", f"on-heat-{hue}"))
    return _drawing(TOP + len(rows) * height, parts)


def heat(value: float, values: Sequence[float]) -> int:
    """The step of a value's colour among all values: 0 for the lowest.

    >>> [heat(value, [0.8, 0.9, 1.0]) for value in (0.8, 0.9, 1.0)], heat(3.0, [3.0])
    ([0, 2, 4], 0)
    """
    low, high = min(values), max(values)
    return 0 if high == low else min(int((value - low) / (high - low) * HEAT_STEPS), HEAT_STEPS - 1)


def _box(kind: str, x: float, y: float, width: float, height: float) -> Markup:
    """A filled rectangle."""
    return Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>').format(
        kind, *map(_n, (x, y, width, height))
    )


def _axis() -> Markup:
    """The line that bars stand on."""
    return Markup('<line class="axis" x1="0" y1="{y}" x2="{x}" y2="{y}"/>').format(x=WIDTH, y=HEIGHT - BOTTOM)


def _text(x: float, y: float, text: str, anchor: str, kind: str = "label") -> Markup:
    """A word of the drawing."""
    return Markup('<text class="{}" x="{}" y="{}" text-anchor="{}">{}</text>').format(
        kind, _n(x), _n(y), anchor, escape(text)
    )


def _drawing(height: float, parts: Sequence[Markup]) -> Drawing:
    """The parts as one."""
    return Drawing(height, Markup("").join(parts))


def _every(n: int, most: int) -> int:
    """Which of n names are shown, every so many, so that at most ``most`` are."""
    return max(1, -(-n // most))


def _n(number: float) -> str:
    """A coordinate to a tenth.

    >>> _n(12.0), _n(1 / 3)
    ('12', '0.3')
    """
    return f"{number:.1f}".removesuffix(".0")
