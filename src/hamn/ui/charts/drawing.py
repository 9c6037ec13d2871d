"""A chart drawn: SVG without script, style or reference, kept by its content, sent as a file."""

import hashlib
import json
from datetime import datetime
from functools import lru_cache
from importlib.metadata import version
from typing import Any

import vl_convert
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from lxml.etree import Element, QName, cleanup_namespaces, fromstring, tostring

from hamn.ui.charts.lines import Point, line_chart
from hamn.ui.charts.look import Spec

VEGA_LITE = "6.4"
# A chart drawn by another version, or bared in another way, is another chart.
DRAWER = f"{VEGA_LITE} {version('vl-convert-python')} 1 "
SVG = "http://www.w3.org/2000/svg"
KEPT_SECONDS = 30 * 24 * 3600
ELEMENTS = {"svg", "g", "path", "line", "rect", "text", "tspan", "defs", "clipPath"}
POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"


def svg(spec: Spec) -> bytes:
    """The chart drawn; the same bytes for the same chart, drawn once and then kept.

    Raises ValueError when the chart asks for data from elsewhere, a file of the server included.
    """
    if _names_a_source(spec):
        raise ValueError("a chart carries its figures in itself")
    return _kept(_key(spec), _written(spec))


def svg_response(
    request: HttpRequest, spec: Spec, last_changed: datetime | None = None
) -> HttpResponse:
    """The chart as a file under its own policy; 304 without drawing when the browser has it.

    last_changed: when the figures last changed, with its time zone.
    """
    etag = quote_etag(_key(spec)[-32:])
    changed = int(last_changed.timestamp()) if last_changed else None
    response = get_conditional_response(request, etag, changed)
    if response is None:
        response = HttpResponse(svg(spec), content_type="image/svg+xml")
    response["ETag"] = etag
    if changed is not None:
        response["Last-Modified"] = http_date(changed)
    response["Cache-Control"] = "private, no-cache"  # kept by the browser, asked for each time
    response["Content-Security-Policy"] = POLICY
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def warm() -> None:
    """Start the engine, half a second, so that no one waits for it; once in each process."""
    _drawn(_written(line_chart([Point(2000, 1)], title="", x_title="", y_title="")))


def _names_a_source(part: Any) -> bool:
    """Whether `url` is a key anywhere: the engine forbids other hosts, but not file addresses."""
    if isinstance(part, dict):
        return "url" in part or any(map(_names_a_source, part.values()))
    return isinstance(part, list) and any(map(_names_a_source, part))


def _written(spec: Spec) -> str:
    return json.dumps(spec, sort_keys=True, ensure_ascii=False, allow_nan=False)


def _key(spec: Spec) -> str:
    """The chart's name by its content and by what draws it."""
    return "chart:" + hashlib.sha256((DRAWER + _written(spec)).encode()).hexdigest()


@lru_cache(maxsize=256)
def _kept(key: str, written: str) -> bytes:
    """From this process's memory, else from the cache that all share, else drawn and put there."""
    drawn: bytes | None = cache.get(key)
    if drawn is None:
        drawn = _drawn(written)
        cache.set(key, drawn, KEPT_SECONDS)
    return drawn


def _drawn(written: str) -> bytes:
    return _bare(
        vl_convert.vegalite_to_svg(
            json.loads(written),
            vl_version=VEGA_LITE,
            allowed_base_urls=[],
            format_locale="sv-SE",
            time_format_locale="sv-SE",
        ),
        " ".join(json.loads(written)["title"]["text"]),
    )


def _bare(drawn: str, title: str) -> bytes:
    """The drawing with its title and without the engine's own words, which are English.

    Raises ValueError when it holds anything but shapes and texts.
    """
    root = fromstring(drawn.encode())
    for element in root.iter():
        if QName(element).localname not in ELEMENTS:
            raise ValueError(f"a chart may not hold <{element.tag}>")
        for name in element.attrib:
            if name == "role" or name.startswith("aria-"):
                del element.attrib[name]
            elif name.startswith("on") or QName(name).localname in {"href", "style"}:
                raise ValueError(f"a chart may not hold {name}")
    if title:
        named = Element(f"{{{SVG}}}title")
        named.text = title
        root.insert(0, named)
    cleanup_namespaces(root)
    bared: bytes = tostring(root, encoding="utf-8")
    return bared
