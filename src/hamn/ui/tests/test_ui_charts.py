import http.server
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.test import RequestFactory
from lxml import etree

from hamn.ui import charts
from hamn.ui.charts import NARROW, WIDE, Pair, Point, bars, drawing, lines, look

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
SVG = "{http://www.w3.org/2000/svg}"
YEARS = [Point(2018 + n, 43_210 + 713 * n) for n in range(7)]


def population(width: int = WIDE) -> charts.Spec:
    return charts.line_chart(
        YEARS, title="Folkmängd i Österåker", x_title="31 december", y_title="Invånare", width=width
    )


def what_if(pairs: list[Pair], width: int = WIDE) -> charts.Spec:
    return charts.bar_pairs(
        pairs,
        title="Årsavgift per kommun",
        x_title="Kronor per år",
        before="I dag",
        after="Med ändringen",
        cut_note="En stapel är avkortad.",
        width=width,
    )


def texts(picture: bytes) -> list[str]:
    return [text.text or "" for text in etree.fromstring(picture).iter(f"{SVG}text")]


@pytest.fixture
def nothing_kept() -> Iterator[None]:
    drawing._kept.cache_clear()
    cache.clear()
    yield
    drawing._kept.cache_clear()


def test_figures_and_texts_are_in_swedish_form() -> None:
    shown = texts(charts.svg(population()))
    assert {"43\u00a0210", "47\u00a0488", "45\u00a0000"} <= set(shown)
    assert {"2018", "2024", "Folkmängd i Österåker", "Invånare", "31 december"} <= set(shown)


def test_decimals_have_a_comma_and_less_than_nothing_a_true_minus() -> None:
    shown = texts(charts.svg(what_if([Pair("Salem", 1012.5, 1000.25), Pair("Täby", 5, 5)])))
    assert "1\u00a0000,25 (−12,25)" in shown
    assert "5" in shown


def test_the_narrow_chart_fits_a_telephone_with_text_of_full_size() -> None:
    for spec in (population(NARROW), what_if([Pair("Upplands Väsby", 90_000, 91_000)], NARROW)):
        root = etree.fromstring(charts.svg(spec))
        assert int(root.get("width")) <= NARROW
        sizes = {int(text.get("font-size")[:-2]) for text in root.iter(f"{SVG}text")}
        assert min(sizes) >= 13


def test_27_pairs_are_readable_in_both_widths() -> None:
    pairs = [Pair(f"Kommun {n}", 90_000 + n, 91_000 + n) for n in range(27)]
    for width in (WIDE, NARROW):
        shown = texts(charts.svg(what_if(pairs, width)))
        assert [name for name in shown if name.startswith("Kommun ")] == [p.name for p in pairs]


def test_one_bar_far_longer_than_the_others_is_cut_and_says_so() -> None:
    pairs = [Pair("Stockholm", 4_200_000, 4_100_000), Pair("Salem", 90_000, 91_000)]
    pairs += [Pair("Täby", 300_000, 301_000)]
    shown = texts(charts.svg(what_if(pairs)))
    assert "4\u00a0100\u00a0000 (−100\u00a0000)" in shown
    assert shown.count("//") == 1
    assert "Kronor per år. En stapel är avkortad." in shown
    uncut = texts(charts.svg(what_if(pairs[1:])))
    assert "//" not in uncut
    assert "Kronor per år" in uncut


def test_several_lines_are_told_apart_by_dash_and_shape_as_well_as_colour() -> None:
    points = [Point(2020 + n, n * 10 + 5, name) for name in ("Salem", "Täby") for n in range(3)]
    spec = charts.line_chart(points, title="", x_title="År", y_title="")
    root = etree.fromstring(charts.svg(spec))
    lines = [path for path in root.iter(f"{SVG}path") if path.get("stroke-width") == "2.5"]
    assert len({line.get("stroke") for line in lines}) == 2
    assert len({line.get("stroke-dasharray") for line in lines}) == 2


def test_colours_stand_out_from_the_ground_and_the_two_bars_from_each_other() -> None:
    for colour in (*lines.SERIES, bars.BEFORE, bars.AFTER, look.QUIET):
        assert contrast(colour, "#ffffff") >= 3
    assert contrast(bars.BEFORE, bars.AFTER) >= 3


def test_a_chart_holds_no_script_style_link_or_english_word() -> None:
    for spec in (population(), what_if([Pair("Salem", 1, 2)])):
        picture = charts.svg(spec)
        for part in (b"<script", b"style", b"href", b"aria-", b"role=", b"container"):
            assert part not in picture
        assert set(re.findall(rb"[a-z]+://[^\"]+", picture)) == {b"http://www.w3.org/2000/svg"}


def test_a_name_cannot_become_markup_or_an_expression() -> None:
    name = "<script>x</script>'+datum.value+'\" onload=\"y"
    root = etree.fromstring(charts.svg(what_if([Pair(name, 1, 2)])))
    assert {etree.QName(element).localname for element in root.iter()} <= {
        *drawing.ELEMENTS,
        "title",
    }
    assert name[:20] in " ".join(texts(charts.svg(what_if([Pair(name, 1, 2)]))))


def test_data_from_elsewhere_is_refused_and_never_asked_for() -> None:
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        for url in (f"http://127.0.0.1:{server.server_port}/x.json", "file:///etc/passwd"):
            with pytest.raises(ValueError, match="figures in itself"):
                charts.svg(population() | {"data": {"url": url}})
        address = f"http://127.0.0.1:{server.server_port}/x.json"
        unchecked = drawing._written(population() | {"data": {"url": address}})
        with pytest.raises(ValueError, match="not allowed"):
            drawing._drawn(unchecked)
        server.shutdown()
    assert asked == []


def test_a_picture_in_a_chart_is_refused() -> None:
    with pytest.raises(ValueError, match="may not hold"):
        drawing._bare(f'<svg xmlns="{drawing.SVG}"><image/></svg>', "")
    with pytest.raises(ValueError, match="may not hold"):
        drawing._bare(f'<svg xmlns="{drawing.SVG}" onload="x"/>', "")


def test_the_same_chart_is_the_same_bytes_in_every_process(nothing_kept: None) -> None:
    specs = [population(), what_if([Pair("Salem", 1, 2), Pair("Täby", 3, 4)], NARROW)]
    here = [charts.svg(spec) for spec in specs]
    assert [drawing._drawn(drawing._written(spec)) for spec in reversed(specs)] == here[::-1]
    program = (
        "import sys; from hamn.ui.charts.drawing import _drawn; "
        "sys.stdout.buffer.write(_drawn(sys.stdin.read()))"
    )
    for spec, picture in zip(specs, here, strict=True):
        elsewhere = subprocess.run(
            [sys.executable, "-c", program],
            input=drawing._written(spec).encode(),
            capture_output=True,
            check=True,
        )
        assert elsewhere.stdout == picture


def test_a_chart_is_drawn_once_and_then_taken_from_the_shared_cache(nothing_kept: None) -> None:
    picture = charts.svg(population())
    assert cache.get(drawing._key(population())) == picture
    cache.set(drawing._key(population()), b"from the cache")
    drawing._kept.cache_clear()
    assert charts.svg(population()) == b"from the cache"


def test_charts_are_drawn_in_several_threads_at_once() -> None:
    written = drawing._written(population())
    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(lambda _: drawing._drawn(written), range(12)))) == 1


def test_the_file_has_its_own_policy_type_and_name() -> None:
    changed = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    answer = charts.svg_response(RequestFactory().get("/x.svg"), population(), changed)
    assert answer.content == charts.svg(population())
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Last-Modified"] == "Fri, 02 Jan 2026 03:04:05 GMT"
    assert answer["ETag"]


def test_a_browser_that_has_the_chart_is_not_sent_it_again() -> None:
    etag = charts.svg_response(RequestFactory().get("/x.svg"), population())["ETag"]
    request = RequestFactory().get("/x.svg", headers={"if-none-match": etag})
    again = charts.svg_response(request, population())
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    other = charts.svg_response(request, population(NARROW))
    assert (other.status_code, other["ETag"] == etag) == (200, False)


def test_no_figures_at_all_give_an_empty_chart() -> None:
    charts.warm()
    for width in (WIDE, NARROW):
        assert charts.svg(what_if([], width))
        empty = charts.line_chart([], title="", x_title="", y_title="", width=width)
        assert charts.svg(empty)


def contrast(one: str, other: str) -> float:
    """The contrast of WCAG 2 between two colours."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
