"""What all charts look like: type, colours, title; wide for a page and narrow for a telephone."""

from collections.abc import Sequence
from textwrap import wrap
from typing import Any

Spec = dict[str, Any]

WIDE, NARROW = 640, 320  # of the whole drawing, about, in CSS pixels
NUMBER = ",~f"  # whole thousands apart, decimals only where there are any
FONT = 'system-ui,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",Arial,sans-serif'
TEXT, QUIET, GRID = "#0b0c0c", "#484d50", "#d6dcdf"
CONFIG: Spec = {
    "aria": False,
    "font": FONT,
    "background": "#ffffff",
    "padding": 6,
    "text": {"fontSize": 14, "color": TEXT},
    "title": {
        "anchor": "start",
        "frame": "bounds",
        "fontSize": 17,
        "fontWeight": 700,
        "color": TEXT,
        "subtitleFontSize": 14,
        "subtitleColor": QUIET,
        "subtitlePadding": 6,
        "offset": 14,
    },
    "axis": {
        "labelFontSize": 14,
        "labelColor": TEXT,
        "labelAngle": 0,
        "labelPadding": 6,
        "titleFontSize": 14,
        "titleFontWeight": 400,
        "titleColor": QUIET,
        "titlePadding": 8,
        "labelFlush": True,
        "gridColor": GRID,
        "domainColor": QUIET,
        "tickColor": QUIET,
    },
    "legend": {
        "orient": "top",
        "labelFontSize": 14,
        "labelColor": TEXT,
        "symbolSize": 140,
        "symbolStrokeWidth": 0,
        "columnPadding": 18,
    },
    "view": {"stroke": None},
}


def chart(title: str, subtitle: str, width: int, height: Any, rows: list[dict[str, Any]]) -> Spec:
    """What every chart has; long titles are broken, as the engine would cut them."""
    letters = width // 11
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": width,
        "height": height,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "title": {
            "text": wrap(title, letters, break_on_hyphens=False),
            "subtitle": wrap(subtitle, width // 9),
        },
        "data": {"values": rows},
        "config": CONFIG,
    }


def extent(labels: Sequence[str]) -> int:
    """The place that an axis' labels take in a wide typeface; the engine measures another one."""
    return 8 + round(8.3 * max(map(len, labels), default=0))
