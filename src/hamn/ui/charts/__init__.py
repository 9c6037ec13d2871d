"""Charts as files of their own: figures and texts in, an SVG without script or style out.

A chart never stands alone: its page says the same in a table. What is told apart by colour is told
apart by shape or dash too. In two widths, so that a telephone gets text of full size.
Source: WCAG 2.2, 1.4.1 and 1.4.11.
"""

from hamn.ui.charts.bars import Pair, bar_pairs
from hamn.ui.charts.drawing import svg, svg_response, warm
from hamn.ui.charts.lines import Point, line_chart
from hamn.ui.charts.look import NARROW, WIDE, Spec

__all__ = [
    "NARROW",
    "WIDE",
    "Pair",
    "Point",
    "Spec",
    "bar_pairs",
    "line_chart",
    "svg",
    "svg_response",
    "warm",
]
