"""Figures over the years as lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from hamn.ui.charts.look import NUMBER, WIDE, Spec, chart

# At least 4.5:1 on white, and apart for the colour-blind too.
SERIES = ("#12436d", "#a8480c", "#1f7a5c", "#7a3d8f")
DASHES = ([1, 0], [7, 4], [2, 3], [10, 3, 2, 3])
SHAPES = ("circle", "square", "triangle-up", "diamond")


@dataclass(frozen=True, slots=True)
class Point:
    """One figure of a line: at `x` (a year), `y`; `series` when there are several lines."""

    x: int
    y: float
    series: str = ""


def line_chart(
    points: Sequence[Point], *, title: str, x_title: str, y_title: str, width: int = WIDE
) -> Spec:
    """A line for each series over the years; the axis of figures need not begin at zero.

    The first and the last figure of each line are written out; several lines get a key.
    """
    names = list(dict.fromkeys(point.series for point in points))
    look = _told_apart(names) if len(names) > 1 else {}
    x: Spec = {"field": "x", "type": "ordinal", "title": x_title, "scale": {"padding": 1}}
    x["axis"] = {"values": _years(points, width)}
    y: Spec = {"field": "y", "type": "quantitative", "title": None}
    y["scale"] = {"zero": False, "padding": 26}
    y["axis"] = {"tickCount": 5, "format": NUMBER, "minExtent": 44}
    line = {"mark": {"type": "line", "strokeWidth": 2.5, "color": SERIES[0]}}
    dots = {"mark": {"type": "point", "filled": True, "opacity": 1, "size": 64, "color": SERIES[0]}}
    figures = {
        "transform": [{"filter": "datum.at_end"}],
        "mark": {"type": "text", "dy": {"expr": "datum.below ? 18 : -16"}, "fontWeight": 600},
        "encoding": {"text": {"field": "y", "type": "quantitative", "format": NUMBER}},
    }
    return chart(title, y_title, width, 230, _line_rows(points)) | {
        "encoding": {"x": x, "y": y},
        "layer": [
            line | {"encoding": {name: look[name] for name in look if name != "shape"}},
            dots | {"encoding": {name: look[name] for name in look if name != "strokeDash"}},
            figures,
        ],
    }


def _years(points: Sequence[Point], width: int) -> list[int]:
    """The years that are written out, as many as the width has room for, the last among them."""
    years = sorted({point.x for point in points})
    room = max(1, (width - 90) // 50)
    return years[:: -ceil(len(years) / room) or -1][::-1]


def _line_rows(points: Sequence[Point]) -> list[dict[str, Any]]:
    """Each figure, whether it ends its line, and whether its text then clears the line below."""
    lines: dict[str, list[Point]] = {}
    for point in sorted(points, key=lambda point: point.x):
        lines.setdefault(point.series, []).append(point)
    rows = []
    for line in lines.values():
        for place, point in enumerate(line):
            beside = line[1] if place == 0 and len(line) > 1 else line[place - 1]
            at_end = place in {0, len(line) - 1}
            row = {"x": point.x, "y": point.y, "series": point.series}
            rows.append(row | {"at_end": at_end, "below": beside.y > point.y})
    return rows


def _told_apart(names: list[str]) -> dict[str, Any]:
    """Colour, dash and shape by series, all three under one key."""
    looks = {"color": SERIES, "strokeDash": DASHES, "shape": SHAPES}
    return {
        channel: {
            "field": "series",
            "type": "nominal",
            "title": None,
            "scale": {"domain": names, "range": list(look[: len(names)])},
        }
        for channel, look in looks.items()
    }
