import csv
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from lxml import etree

from hamn.ui import maps

SVG = "{http://www.w3.org/2000/svg}"
NAMES = {
    "provider": "Anordnare",
    "in_force": "Avtal i kraft",
    "under_notice": "Uppsagt",
    "signed_by_one": "Undertecknat av en part",
    "draft": "Utkast",
    "ended": "Avslutat",
    "none": "Inget avtal",
}
CODES = sorted(maps._outlines())


def area(status: str, code: str = "0117") -> maps.MapArea:
    return maps.MapArea(status, NAMES[status].lower(), f"/desk/kommuner/{code}/")


def drawn(statuses: dict[str, maps.MapArea], **more: str) -> maps.Drawing:
    return maps.drawing(statuses, names=NAMES, title="Kommunerna efter avtalets läge", **more)


@pytest.fixture(scope="module")
def every_status() -> maps.Drawing:
    areas = {
        code: area(maps.STATUSES[place % len(maps.STATUSES)], code)
        for place, code in enumerate(CODES)
    }
    return drawn(areas, description="Fyra avtal är i kraft.", skip_to="tabell")


def html(drawing: maps.Drawing) -> str:
    return render_to_string(maps.TEMPLATE, {"map": drawing})


def parsed(drawing: maps.Drawing) -> etree._Element:
    text = html(drawing)
    svg = text[text.index('<svg class="hamn-map__drawing') : text.index("</svg>") + 6]
    return etree.fromstring(svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def points(d: str) -> list[tuple[int, int]]:
    """Every corner of an outline, in the units of the drawing."""
    found = []
    for ring in re.findall(r"M(-?\d+) (-?\d+)l([^z]+)z", d):
        x, y = int(ring[0]), int(ring[1])
        found.append((x, y))
        steps = [int(number) for number in re.findall(r"-?\d+", ring[2])]
        assert len(steps) % 2 == 0
        for dx, dy in zip(steps[::2], steps[1::2], strict=True):
            x, y = x + dx, y + dy
            found.append((x, y))
    return found


def test_the_map_has_the_26_of_the_county_and_gotland() -> None:
    assert len([code for code in CODES if code.startswith("01")]) == 26
    assert [code for code in CODES if not code.startswith("01")] == ["0980"]


def test_the_names_on_the_map_are_those_of_the_register() -> None:
    path = Path(maps.__file__).parents[1] / "register/organisations/data/municipalities.csv"
    with path.open(encoding="utf-8") as file:
        register = {row["municipality_code"]: row["name"] for row in csv.DictReader(file)}
    assert {code: maps._outlines()[code]["name"] for code in CODES} == {
        code: register[code] for code in CODES
    }


def test_the_map_is_at_most_14_kilobytes_and_names_its_source() -> None:
    assert maps.SHAPES.stat().st_size <= 14_000
    assert "Statistics Sweden" in json.loads(maps.SHAPES.read_text(encoding="utf-8"))["source"]


@pytest.mark.parametrize("code", CODES)
def test_an_outline_is_closed_rings_of_whole_units_within_the_drawing(code: str) -> None:
    d = maps._outlines()[code]["d"]
    assert re.fullmatch(r"(M\d+ \d+l-?\d+([ -]\d+)+z)+", d.replace(" -", "-"))
    _left, _top, width, height = map(int, maps._stored()["view_box"].split())
    assert all(0 <= x <= width and 0 <= y <= height for x, y in points(d))


def test_neighbours_share_their_border_so_that_no_gap_shows() -> None:
    shared = {
        (one, other): set(points(maps._outlines()[one]["d"]))
        & set(points(maps._outlines()[other]["d"]))
        for one, other in (("0180", "0183"), ("0114", "0191"), ("0117", "0115"), ("0140", "0181"))
    }
    assert all(len(corners) >= 3 for corners in shared.values()), shared


def test_gotland_lies_in_its_frame_and_nothing_else_does() -> None:
    x, y, width, height = maps._stored()["frame"]
    for code in CODES:
        inside = {
            x <= left <= x + width and y <= top <= y + height
            for left, top in points(maps._outlines()[code]["d"])
        }
        assert inside == {code == maps.INSET}


def test_the_drawing_is_well_formed_and_has_a_link_with_a_name_for_each(
    every_status: maps.Drawing,
) -> None:
    links = parsed(every_status).findall(f"{SVG}a")
    assert [link.get("href") for link in links] == [f"/desk/kommuner/{code}/" for code in CODES]
    titles = [link.findtext(f"{SVG}title") for link in links]
    assert titles[CODES.index("0180")].startswith("Stockholm: ")
    assert len(set(titles)) == 27


def test_links_follow_the_order_of_the_statuses() -> None:
    given = {code: area("draft", code) for code in ("0980", "0114", "0180")}
    links = parsed(drawn(given)).findall(f"{SVG}a")
    assert [link.get("href")[-5:-1] for link in links] == ["0980", "0114", "0180"]


def test_a_picture_with_links_is_a_group_with_a_name_and_a_description(
    every_status: maps.Drawing,
) -> None:
    root = parsed(every_status)
    assert root.get("role") == "group"
    assert root.findtext(f"{SVG}title") == "Kommunerna efter avtalets läge"
    assert root.findtext(f"{SVG}desc") == "Fyra avtal är i kraft."
    ids = {element.get("id") for element in root.iter() if element.get("id")}
    assert {root.get("aria-labelledby"), root.get("aria-describedby")} <= ids


def test_nothing_is_styled_in_place_and_nothing_is_fetched(every_status: maps.Drawing) -> None:
    text = html(every_status)
    assert "style" not in text
    assert "<script" not in text
    assert "://" not in text
    assert set(re.findall(r"url\(([^)]*)\)", text)) == {
        f"#hamn-map-{name}" for name in ("under-notice", "signed-by-one", "draft", "ended")
    }


def test_every_status_has_a_pattern_or_a_plain_colour_of_its_own(
    every_status: maps.Drawing,
) -> None:
    css = Path(str(finders.find("ui/map.css"))).read_text(encoding="utf-8")
    ids = {element.get("id") for element in parsed(every_status).iter(f"{SVG}pattern")}
    for status in maps.STATUSES:
        name = status.replace("_", "-")
        patterned = f"hamn-map-{name}" in ids
        assert patterned != (f".hamn-map__area--{name} .hamn-map__shape {{ fill:" in css)
        assert patterned == (status not in maps.PLAIN)


def test_the_legend_holds_the_statuses_that_occur_with_their_numbers() -> None:
    drawing = drawn({"0114": area("draft"), "0115": area("in_force"), "0117": area("in_force")})
    assert [(row.name, row.count) for row in drawing.legend] == [
        ("Avtal i kraft", 2),
        ("Utkast", 1),
    ]


def test_a_municipality_that_the_page_does_not_name_is_bare_ground_without_a_link() -> None:
    drawing = drawn({"0114": area("draft")})
    assert len(drawing.shapes) == 27
    bare = [shape for shape in drawing.shapes if shape.code != "0114"]
    assert {(shape.href, shape.css_class) for shape in bare} == {("", "hamn-map__area")}


def test_an_area_without_an_address_is_a_picture_with_a_name() -> None:
    root = parsed(drawn({"0114": replace(area("draft"), href="")}))
    assert not root.findall(f"{SVG}a")
    assert "Upplands Väsby: utkast" in [g.get("aria-label") for g in root.findall(f"{SVG}g")]


def test_a_municipality_outside_the_map_is_left_to_the_table() -> None:
    assert maps.covers(["0114", "0980"])
    assert not maps.covers(["0114", "1480"])
    assert "1480" not in {shape.code for shape in drawn({"1480": area("draft")}).shapes}


def test_a_status_that_the_map_cannot_show_is_refused() -> None:
    with pytest.raises(ValueError, match="paused"):
        drawn({"0114": maps.MapArea("paused", "vilande")})


def test_what_is_said_of_a_municipality_cannot_become_markup() -> None:
    text = html(drawn({"0114": maps.MapArea("draft", '<script>"x"</script>', '/x"onload="y')}))
    assert "<script" not in text
    assert 'onload="' not in text


def test_a_link_past_the_map_leads_to_the_table(every_status: maps.Drawing) -> None:
    assert 'href="#tabell">Hoppa över kartan' in html(every_status)
    assert "Hoppa över" not in html(replace(every_status, skip_to=""))
