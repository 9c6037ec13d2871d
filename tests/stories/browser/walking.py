"""Walks through the desk that keep the words of every page, and take pictures on the way."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from io import BytesIO

from playwright.sync_api import FloatRect, Page

from tests.stories.browser.visiting import row_of

WINDOW = {"width": 1180, "height": 800}  # the widest page with its margins
MARGIN = 24  # around a part of a page
ABOVE = 10  # a heading's own space is mostly above it
COLOURS = 96
# What a person can point at: where to press and what stands beside it, without its hidden parts.
POINTED_AT = """() => [...document.querySelectorAll(
    'a, button, summary, h1, h2, h3, label, legend, caption, th, td, dt, .govuk-tag, option')]
    .map(one => {
        const copy = one.cloneNode(true);
        copy.querySelectorAll('.govuk-visually-hidden, [aria-hidden="true"]')
            .forEach(part => part.remove());
        return copy.textContent;
    })"""


@dataclass
class Walk:
    """What a walk has seen: by role the words that can be pointed at and all text; pictures."""

    words: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    texts: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    pictures: dict[str, bytes] = field(default_factory=dict)


@dataclass
class Walker:
    """Somebody on the way through the desk, in one browser."""

    page: Page
    role: str
    walk: Walk

    def look(self) -> None:
        """Keep the words of the page as it stands."""
        found = {spaced(one) for one in self.page.evaluate(POINTED_AT)}
        self.walk.words[self.role] |= found | {without_aside(one) for one in found}
        self.walk.texts[self.role].append(spaced(self.page.inner_text("body")))

    def go(self, path: str) -> None:
        """To the page of an address."""
        self.page.goto(path)
        self.look()

    def press(self, name: str, *, row: str = "") -> None:
        """The link or button of that name, within the first row that tells of `row`."""
        place = row_of(self.page, row) if row else self.page.locator("body")
        found = place.get_by_role("link", name=name).or_(place.get_by_role("button", name=name))
        with self.page.expect_navigation():
            found.first.click()
        self.look()

    def menu(self, name: str) -> None:
        """The page of that name in the menu."""
        with self.page.expect_navigation():
            self.page.locator(".hamn-menu").get_by_role("link", name=name, exact=True).click()
        self.look()

    def fill(self, **fields: str) -> None:
        """Fields by their names in the form."""
        for name, text in fields.items():
            self.page.locator(f"[name='{name}']").fill(text)

    def take(self, name: str, *, last: str, margin: int = MARGIN) -> None:
        """A picture of the page from its top to the end of what `last` names."""
        box = self._box(last)
        self._shoot(name, 0, 0, WINDOW["width"], box["y"] + box["height"] + margin)

    def take_part(self, name: str, *, first: str, last: str) -> None:
        """A picture of a part of the page: from where `first` begins, as wide as `last`."""
        top, box = self._box(first)["y"], self._box(last)
        self._shoot(
            name,
            max(0, box["x"] - MARGIN),
            top - ABOVE,
            box["width"] + 2 * MARGIN,
            box["y"] + box["height"] - top + ABOVE + MARGIN,
        )

    def _box(self, selector: str) -> FloatRect:
        """Where the first place that the selector names stands on the whole page."""
        self.page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
        box = self.page.locator(selector).first.bounding_box()
        assert box is not None, selector
        return box

    def _shoot(self, name: str, x: float, y: float, width: float, height: float) -> None:
        clip: FloatRect = {"x": x, "y": y, "width": width, "height": height}
        taken = self.page.screenshot(clip=clip, full_page=True, animations="disabled")
        self.walk.pictures[name] = light(taken)


def spaced(text: str) -> str:
    """The text with single ordinary spaces."""
    return " ".join(text.split())


def without_aside(text: str) -> str:
    """`Alla (27)` is called Alla, and `Skäl (frivilligt)` Skäl."""
    return re.sub(r" \([^()]*\)$", "", text)


def light(png: bytes) -> bytes:
    """The same picture in fewer bytes, where Pillow is at hand."""
    try:
        from PIL import Image
    except ImportError:
        return png
    found = BytesIO()
    picture = Image.open(BytesIO(png)).convert("RGB")
    reduced = picture.quantize(COLOURS, dither=Image.Dither.NONE)
    reduced.save(found, "PNG", optimize=True)
    return found.getvalue()
