"""Figures are drawn to scale, and hold what they are given as text alone."""

import re

from movie_lakehouse.report.figures import HEIGHT, WIDTH, bars, columns, heat_map, line


def attributes(marks: str, name: str) -> list[float]:
    """The values of an attribute of all coloured rectangles."""
    return [float(value) for value in re.findall(rf'<rect class="mark"[^>]* {name}="([^"]+)"', marks)]


def shown(number: float) -> str:
    return f"{number:g}"


def test_bars_are_as_long_as_their_values_are_large() -> None:
    half, whole = attributes(bars([("a", 5), ("b", 10)], shown).marks, "width")
    assert whole == 2 * half


def test_columns_are_as_high_as_their_values_are_large() -> None:
    none, half, whole = attributes(columns([("a", 0), ("b", 5), ("c", 10)], shown).marks, "height")
    assert (none, whole) == (0, 2 * half)


def test_a_line_stays_on_the_canvas_and_names_its_peak() -> None:
    marks = line([("1996", 3), ("1997", 12), ("1998", 0)], shown).marks
    points = re.search(r'<polyline class="line" points="([^"]+)"', marks)[1].split()
    assert all(0 <= float(x) <= WIDTH and 0 <= float(y) <= HEIGHT for x, y in (point.split(",") for point in points))
    assert ">12</text>" in marks


def test_the_lowest_cell_of_a_heat_map_is_the_strongest_and_a_gap_stays_open() -> None:
    marks = heat_map(["8", "16"], ["0.1", "0.2"], [[0.9, 0.8], [None, 1.0]], shown).marks
    assert re.findall(r'class="(heat-\d)"', marks) == ["heat-2", "heat-0", "heat-4"]


def test_nothing_to_draw_is_drawn_as_nothing() -> None:
    for drawing in (bars([], shown), columns([], shown), line([], shown), heat_map([], [], [], shown)):
        assert "<text" not in drawing.marks


def test_all_the_same_or_all_zero_is_drawn() -> None:
    assert attributes(columns([("a", 0), ("b", 0)], shown).marks, "height") == [0, 0]
    assert "heat-0" in heat_map(["8"], ["0.1"], [[0.9]], shown).marks


def test_names_stay_text() -> None:
    assert "&lt;script&gt;" in bars([("<script>", 1)], shown).marks


def test_many_columns_name_some_of_themselves_only() -> None:
    marks = columns([(str(at), 1) for at in range(100)], shown).marks
    assert marks.count("<rect") == 100
    assert marks.count("<text") <= 2 * 14
