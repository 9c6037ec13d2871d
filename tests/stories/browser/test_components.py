"""Every component looks as in its stored picture, on a wide window and on a phone's.

`HAMN_COMPONENTS=1` stores the pictures anew (run `tools/assets` first); look at them, then commit.
Pictures are compared as coarse mosaics: another machine's letters are let through, a component
that lost its frame, its colour or its place is not.
"""

import io
import os
from itertools import product
from pathlib import Path

import pytest
from PIL import Image
from PIL.Image import Resampling
from playwright.sync_api import Page

from hamn.site.desk.components import TITLES
from tests.stories.browser.visiting import Desk, heading

pytestmark = [pytest.mark.slow, pytest.mark.once]


@pytest.fixture(scope="module")
def site(untouched: Desk) -> Desk:
    return untouched


STORED = Path(__file__).parent / "components"
WIDTHS = (1280, 320)
COLOURS = 48  # in a stored picture; keeps it small
MOST_BYTES = 500_000  # all stored pictures together

CELL = 16  # pixels: a letter is smaller, a frame or a coloured field is not
REACH = 2, 1  # rows and columns that a cell may have moved: a line that broke elsewhere, a letter
SLACK = 0.15, 30  # how much higher a picture may be: a share of it, or a line in pixels
WHITE = 243  # a cell lighter than this is the empty page
SEEN = 14  # of 255: mean colours of cells further apart than this look different
MOST_UNLIKE = 0.2  # the share of the drawn cells that may look different

ALL_STYLES = "**/*.css"
OWN_STYLE = "**/hamn*.css"
# Sections that are drawn by hamn.css, not by GOV.UK Frontend or MOJ alone.
OWN = {"knappar", "notiser", "filter", "tabell", "tomt", "tidslinje", "kedja", "siffror"}
# What another machine may do: a typeface a tenth narrower, where there is room for any;
# on a phone, where such a typeface breaks lines elsewhere, another version of the same.
OTHER_LETTERS = {
    1280: "body * { font-family: 'DejaVu Sans Condensed', 'Liberation Sans' !important; }",
    320: "body * { letter-spacing: .006em; text-rendering: geometricPrecision; }",
}
# Components that lose their colours, but neither their size nor their place.
PALE = {
    "etiketter": ".govuk-tag { background: none; }",
    "knappar": ".govuk-button { background: none; color: inherit; }",
    "notiser": ".hamn-notice { background: none; border-color: transparent; }",
    "filter": ".hamn-filter { background: none; }",
}

# Without the headings and the code around; and the focus, which the error summary takes when
# the page has come, is on nothing.
COMPONENTS_ALONE = """() => {
    const around = 'main section > h2, main section > details:last-child';
    document.querySelectorAll(around).forEach(one => one.remove());
    document.activeElement.blur();
}"""

Pictures = dict[str, Image.Image]
Mosaic = dict[tuple[int, int], bytes]


def components_page(site: Desk, width: int, *, without: str = "", css: str = "") -> Page:
    """The components alone; without some style sheets, or with rules of style added."""
    window = {"width": width, "height": 900}
    page = site.as_role("reader", viewport=window, bypass_csp=bool(css))
    if without:
        page.route(without, lambda route: route.abort())
    page.goto("/desk/komponenter/")
    heading(page, "Komponenter")
    if css:
        page.add_style_tag(content=css)
    page.evaluate(COMPONENTS_ALONE)
    return page


def pictures(page: Page) -> Pictures:
    """One picture of each section, by the section's anchor."""
    taken = {}
    for section in page.locator("main section.hamn-figure[aria-labelledby]").all():
        anchor = section.get_attribute("aria-labelledby") or ""
        image = section.screenshot(animations="disabled", caret="hide")
        taken[anchor] = Image.open(io.BytesIO(image)).convert("RGB")
    return taken


def place_of(anchor: str, width: int) -> Path:
    return STORED / f"{anchor}-{width}.png"


def store(taken: Pictures, width: int) -> None:
    """Replace what is stored for that width."""
    STORED.mkdir(exist_ok=True)
    for old in STORED.glob(f"*-{width}.png"):
        old.unlink()
    for anchor, picture in taken.items():
        small = picture.quantize(COLOURS, dither=Image.Dither.NONE)
        small.save(place_of(anchor, width), optimize=True)


def stored(width: int) -> Pictures:
    paths = STORED.glob(f"*-{width}.png")
    return {path.name.removesuffix(f"-{width}.png"): _opened(path) for path in paths}


def _opened(path: Path) -> Image.Image:
    with Image.open(path) as picture:
        return picture.convert("RGB")


def unlikeness(one: Image.Image, other: Image.Image) -> float:
    """The share of what is drawn that looks different, 0-1; 1 if the sizes are too far apart."""
    share, pixels = SLACK
    lengths = zip(one.size, other.size, strict=True)
    if any(abs(a - b) > max(a * share, pixels) for a, b in lengths):
        return 1.0
    grid = (max(1, one.width // CELL), max(1, one.height // CELL))
    mosaics = _mosaic(one, grid), _mosaic(other, grid)
    return max(_share_missing(*mosaics), _share_missing(*reversed(mosaics)))


def _mosaic(picture: Image.Image, grid: tuple[int, int]) -> Mosaic:
    """The mean colour of each cell, by row and column."""
    columns, _rows = grid
    colours = picture.resize(grid, Resampling.BOX).tobytes()
    return {
        divmod(place // 3, columns): colours[place : place + 3]
        for place in range(0, len(colours), 3)
    }


def _share_missing(one: Mosaic, other: Mosaic) -> float:
    """The share of what is drawn in one that is not in the other, there or within reach."""
    drawn = {place: colour for place, colour in one.items() if min(colour) < WHITE}
    missing = [
        place
        for place, colour in drawn.items()
        if all(_distance(colour, near) > SEEN for near in _around(other, *place))
    ]
    return len(missing) / max(1, len(drawn))


def _around(mosaic: Mosaic, row: int, column: int) -> list[bytes]:
    rows = range(row - REACH[0], row + REACH[0] + 1)
    columns = range(column - REACH[1], column + REACH[1] + 1)
    places = product(rows, columns)
    return [mosaic[place] for place in places if place in mosaic]


def _distance(one: bytes, other: bytes) -> int:
    return max(abs(a - b) for a, b in zip(one, other, strict=True))


def unlike(taken: Pictures, width: int) -> dict[str, float]:
    """The components that do not look as they are stored, and how much differs."""
    right = stored(width)
    shares = {name: unlikeness(right[name], taken[name]) for name in right}
    return {name: round(share, 2) for name, share in shares.items() if share > MOST_UNLIKE}


@pytest.mark.parametrize("width", WIDTHS)
def test_every_component_looks_as_in_its_stored_picture(
    site: Desk, width: int, tmp_path: Path
) -> None:
    taken = pictures(components_page(site, width))
    if os.environ.get("HAMN_COMPONENTS") == "1":
        store(taken, width)
    assert set(taken) == set(TITLES) == set(stored(width))
    for name, picture in taken.items():
        picture.save(tmp_path / f"{name}-{width}.png")
    assert not unlike(taken, width), f"compare {tmp_path} with {STORED}"


@pytest.mark.soak
@pytest.mark.parametrize("width", WIDTHS)
def test_another_machines_letters_are_let_through(site: Desk, width: int) -> None:
    assert not unlike(pictures(components_page(site, width, css=OTHER_LETTERS[width])), width)


@pytest.mark.soak
@pytest.mark.parametrize("width", WIDTHS)
def test_no_component_that_lost_its_colours_is_let_through(site: Desk, width: int) -> None:
    pale = pictures(components_page(site, width, css="\n".join(PALE.values())))
    assert set(unlike(pale, width)) >= set(PALE)


@pytest.mark.soak
@pytest.mark.parametrize("width", WIDTHS)
def test_no_component_that_lost_all_style_is_let_through(site: Desk, width: int) -> None:
    bare = pictures(components_page(site, width, without=ALL_STYLES))
    assert set(bare) == set(unlike(bare, width))


@pytest.mark.soak
@pytest.mark.parametrize("width", WIDTHS)
def test_no_component_that_lost_the_houses_own_style_is_let_through(site: Desk, width: int) -> None:
    bare = pictures(components_page(site, width, without=OWN_STYLE))
    assert set(unlike(bare, width)) >= OWN


def test_the_stored_pictures_are_small() -> None:
    assert sum(path.stat().st_size for path in STORED.glob("*.png")) < MOST_BYTES
