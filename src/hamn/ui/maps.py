"""The map of the county and Gotland: one shape a municipality, told apart by colour and pattern.

Drawn by `ui/map.html` with `static/ui/map.css`; the page gives the words and sets its table below.
Source: data/map.json, made by tools/map.py from the boundaries of Statistics Sweden.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext

from hamn.core.errors import _

SHAPES = Path(__file__).parent / "data" / "map.json"
TEMPLATE = "ui/map.html"
# What the map can show, darkest first; each has a ground and a pattern in the style and template.
STATUSES = ("provider", "in_force", "under_notice", "signed_by_one", "draft", "ended", "none")
INSET = "0980"  # Gotland, in the frame
PLAIN = {"provider", "in_force", "none"}

SOURCE = _("Kommungränser: Statistiska centralbyrån (SCB), förenklade.")
SCALE = _("mindre skala")
SKIP = _("Hoppa över kartan")
LEGEND = _("Teckenförklaring")


@dataclass(frozen=True, slots=True)
class MapArea:
    """What the page says of one municipality.

    status: one of `STATUSES`. told: what is true of it, said after its name. href: where it leads;
    without one the municipality is drawn but is no link.
    """

    status: str
    told: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """One municipality as it is drawn."""

    code: str
    name: str
    d: str
    label_x: int
    label_y: int
    has_room_for_name: bool
    css_class: str
    fill: str
    status_name: str
    title: str
    href: str


@dataclass(frozen=True, slots=True)
class LegendRow:
    """What one colour and pattern means, and how many municipalities have it."""

    name: str
    count: int
    css_class: str
    fill: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """All that `ui/map.html` needs."""

    title: str
    description: str
    skip_to: str
    view_box: str
    frame: tuple[int, int, int, int]
    shapes: list[Shape]
    legend: list[LegendRow]
    source: str
    inset: str
    inset_scale: str
    skip: str
    legend_title: str


def drawing(
    statuses: Mapping[str, MapArea],
    *,
    names: Mapping[str, str],
    title: str,
    description: str = "",
    skip_to: str = "",
) -> Drawing:
    """The map of the municipalities by code, in the order of `statuses`, which Tab follows.

    names: the name of each status. skip_to: id of the table below, for a link past the map. A code
    that the map does not have is left out, and a municipality that `statuses` lacks is bare ground.
    Raises ValueError when a status is none of `STATUSES`.
    """
    unknown = {area.status for area in statuses.values()} - set(STATUSES)
    if unknown:
        raise ValueError(f"no such status on the map: {sorted(unknown)}")
    drawn = {code: area for code, area in statuses.items() if code in _outlines()}
    bare = [code for code in _outlines() if code not in drawn]
    return Drawing(
        title=title,
        description=description,
        skip_to=skip_to,
        view_box=_stored()["view_box"],
        frame=_stored()["frame"],
        shapes=[
            *(_shape(code, None, names) for code in bare),
            *(_shape(code, area, names) for code, area in drawn.items()),
        ],
        legend=_legend(Counter(area.status for area in drawn.values()), names),
        source=gettext(SOURCE),
        inset=_outlines()[INSET]["name"],
        inset_scale=gettext(SCALE),
        skip=gettext(SKIP),
        legend_title=gettext(LEGEND),
    )


def covers(codes: Iterable[str]) -> bool:
    """Whether the map has every one of these municipalities; another region's centre has no map."""
    return set(codes) <= set(_outlines())


def _shape(code: str, area: MapArea | None, names: Mapping[str, str]) -> Shape:
    outline = _outlines()[code]
    label_x, label_y, room = outline["label"]
    status = area.status if area else "none"
    return Shape(
        code=code,
        name=outline["name"],
        d=outline["d"],
        label_x=label_x,
        label_y=label_y,
        has_room_for_name=bool(room),
        css_class=_css_class(status) if area else "hamn-map__area",
        fill=_fill(status),
        status_name=names.get(status, "") if area else "",
        title=f"{outline['name']}: {area.told}" if area else outline["name"],
        href=area.href if area else "",
    )


def _legend(counts: Mapping[str, int], names: Mapping[str, str]) -> list[LegendRow]:
    """The statuses that occur on the map."""
    return [
        LegendRow(names[status], counts[status], _css_class(status), _fill(status))
        for status in STATUSES
        if counts.get(status)
    ]


def _css_class(status: str) -> str:
    return f"hamn-map__area hamn-map__area--{status.replace('_', '-')}"


def _fill(status: str) -> str:
    """The pattern's reference; a plain status has its colour from the style alone."""
    return "" if status in PLAIN else f"url(#hamn-map-{status.replace('_', '-')})"


@cache
def _stored() -> dict[str, Any]:
    stored: dict[str, Any] = json.loads(SHAPES.read_text(encoding="utf-8"))
    return stored


@cache
def _outlines() -> dict[str, dict[str, Any]]:
    return {area["code"]: area for area in _stored()["areas"]}
