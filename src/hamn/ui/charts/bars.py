"""Figures as they are and as they would be, two bars a row."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

from hamn.ui.charts.look import NUMBER, WIDE, Spec, chart, extent

# Each at least 3:1 on white, and to the other.
BEFORE, AFTER = "#88959d", "#12436d"
ROW = 26  # height of a pair of bars, in CSS pixels


@dataclass(frozen=True, slots=True)
class Pair:
    """One row of bars: what is named, as it is, and as it would be."""

    name: str
    before: float
    after: float


def bar_pairs(
    pairs: Sequence[Pair],
    *,
    title: str,
    x_title: str,
    before: str,
    after: str,
    cut_note: str = "",
    width: int = WIDE,
) -> Spec:
    """Two bars a row, in the order given: a broad pale one as it is, a thin dark one as changed.

    before, after: what the two are called in the key. The figure after the change is written out,
    in the wide form with its difference. One row far longer than all others is cut, with a mark,
    so that the others can be read; cut_note says so under the title, when it happens.
    """
    is_wide = width >= WIDE
    cut = _cut(pairs)
    names = [pair.name for pair in pairs]
    y: Spec = {"field": "name", "type": "nominal", "sort": names, "title": None}
    y["axis"] = {"grid": False, "ticks": False, "minExtent": extent(names), "labelLimit": 200}
    x: Spec = {"field": "shown", "type": "quantitative", "title": None}
    x["scale"] = _room_for_figures(pairs, cut, width - extent(names), with_difference=is_wide)
    # The narrow form has room for the figures alone.
    x["axis"] = {"tickCount": 5, "format": NUMBER, "orient": "top"} if is_wide else None
    subtitle = f"{x_title}. {cut_note}" if cut and cut_note else x_title
    kinds = [before, after]
    return chart(title, subtitle, width, {"step": ROW}, _pair_rows(pairs, kinds, cut)) | {
        "encoding": {"y": y, "x": x},
        "layer": [
            _bars(before, 18, kinds),
            _bars(after, 8, kinds),
            *([_break_marks(after)] if cut else []),
            _figures_after(after, with_difference=is_wide),
        ],
    }


def _cut(pairs: Sequence[Pair]) -> float | None:
    """Where one bar far longer than all others is cut; None when there is none such."""
    longest = sorted((max(pair.before, pair.after) for pair in pairs), reverse=True)
    if len(longest) < 3 or longest[1] <= 0 or longest[0] < 3 * longest[1]:
        return None
    return longest[1] * 1.2


def _room_for_figures(
    pairs: Sequence[Pair], cut: float | None, pixels: int, *, with_difference: bool
) -> Spec:
    """The scale of the bars, with room for the figures that are written after the longest."""
    ends = [figure for pair in pairs for figure in (pair.before, pair.after)]
    longest = min(max([1, *ends]), cut or inf)
    texts = [f"{pair.after:,.0f}" for pair in pairs]
    if with_difference:
        texts = [f"{pair.after:,.0f} ({pair.after - pair.before:+,.0f})" for pair in pairs]
    letters = max(map(len, texts), default=0) + 2
    share = min(0.6, letters * 8 / pixels)
    return {"domain": [min([0, *ends]), longest / (1 - share)], "nice": False}


def _pair_rows(
    pairs: Sequence[Pair], kinds: Sequence[str], cut: float | None
) -> list[dict[str, Any]]:
    return [
        {
            "name": pair.name,
            "kind": kind,
            "value": value,
            "shown": min(value, cut or inf),
            "end": min(max(pair.before, pair.after), cut or inf),
            "difference": pair.after - pair.before,
            "is_cut": cut is not None and max(pair.before, pair.after) > cut,
        }
        for pair in pairs
        for kind, value in zip(kinds, (pair.before, pair.after), strict=True)
    ]


def _bars(kind: str, height: int, kinds: list[str]) -> Spec:
    scale = {"domain": kinds, "range": [BEFORE, AFTER]}
    return {
        "transform": [{"filter": {"field": "kind", "equal": kind}}],
        "mark": {"type": "bar", "height": height},
        "encoding": {"color": {"field": "kind", "type": "nominal", "title": None, "scale": scale}},
    }


def _break_marks(kind: str) -> Spec:
    """Two white strokes over a bar that goes on further than it is drawn."""
    return {
        "transform": [{"filter": "datum.is_cut"}, {"filter": {"field": "kind", "equal": kind}}],
        "mark": {"type": "text", "text": "//", "dx": -34, "fontSize": 24, "color": "#ffffff"},
        "encoding": {"x": {"field": "end", "type": "quantitative"}},
    }


def _figures_after(kind: str, *, with_difference: bool) -> Spec:
    figure = f"format(datum.value, '{NUMBER}')"
    difference = f"datum.difference ? ' (' + format(datum.difference, '+{NUMBER}') + ')' : ''"
    return {
        "transform": [
            {"filter": {"field": "kind", "equal": kind}},
            {"calculate": f"{figure} + ({difference if with_difference else repr('')})", "as": "t"},
        ],
        "mark": {"type": "text", "align": "left", "dx": 6, "fontSize": 13},
        "encoding": {
            "x": {"field": "end", "type": "quantitative"},
            "text": {"field": "t", "type": "nominal"},
        },
    }
