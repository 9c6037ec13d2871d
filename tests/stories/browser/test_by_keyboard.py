"""The desk by keyboard alone: every stop on the way shows where one is."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.stories.browser.visiting import PASSWORD, PEOPLE, Desk, fact, heading, words

pytestmark = [pytest.mark.slow, pytest.mark.once]

MOST_STOPS = 120
AROUND = 6  # pixels round the element, where a focus ring is drawn
# What a screen reader would call the element that has the focus.
NAME = """() => {
    const one = document.activeElement;
    if (!one || one === document.body) return '';
    const label = one.labels && one.labels[0];
    const text = one.getAttribute('aria-label') || (label || one).textContent || '';
    return text.trim().replace(/\\s+/g, ' ');
}"""
PLACE = """() => {
    const box = document.activeElement.getBoundingClientRect();
    return {x: box.x, y: box.y, width: box.width, height: box.height};
}"""
LEAVE = "() => { window.left = document.activeElement; window.left.blur(); }"
RETURN = "() => window.left.focus({preventScroll: true})"


def name_of_focus(page: Page) -> str:
    name: str = page.evaluate(NAME)
    return name


def is_focus_seen(page: Page) -> bool:
    """Whether the place looks another way with the focus than without it."""
    box, window = page.evaluate(PLACE), page.viewport_size or {"width": 0, "height": 0}
    left, top = max(0, box["x"] - AROUND), max(0, box["y"] - AROUND)
    right = min(window["width"], box["x"] + box["width"] + AROUND)
    bottom = min(window["height"], box["y"] + box["height"] + AROUND)
    if right <= left or bottom <= top:
        return False  # it is not in the window at all
    clip: Any = {"x": left, "y": top, "width": right - left, "height": bottom - top}
    focused = page.screenshot(clip=clip, animations="disabled")
    page.evaluate(LEAVE)
    without = page.screenshot(clip=clip, animations="disabled")
    page.evaluate(RETURN)
    return focused != without


def tab_to(page: Page, name: str) -> None:
    """Tab until the focus is on what begins with that name; it is seen at every stop."""
    passed = []
    for _stop in range(MOST_STOPS):
        page.keyboard.press("Tab")
        here = name_of_focus(page)
        passed.append(here)
        if here:
            assert is_focus_seen(page), f"nobody sees that the focus is on {here}"
        if here.startswith(name):
            return
    raise AssertionError(f"{name} is not reached: {passed}")


def follow(page: Page, name: str) -> None:
    tab_to(page, name)
    page.keyboard.press("Enter")


def write(page: Page, name: str, text: str) -> None:
    """Tab to a field and type in it, instead of what stands there."""
    tab_to(page, name)
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def sign_in(page: Page) -> None:
    page.goto("/desk/")
    write(page, "E-postadress", PEOPLE["controller"])
    write(page, "Lösenord", PASSWORD)
    page.keyboard.press("Enter")
    heading(page, "Andra steget")
    write(page, "Kod", words(page.locator("#demokod")))
    page.keyboard.press("Enter")
    heading(page, "Översikt")


def skip_to_content(page: Page) -> None:
    """The first stop leads past the menu."""
    page.keyboard.press("Tab")
    assert name_of_focus(page) == "Hoppa till innehållet"
    assert is_focus_seen(page)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def open_from_the_map(page: Page) -> None:
    follow(page, "Haninge: gäller")
    heading(page, "Avtal med Haninge kommun")


def sort(page: Page) -> None:
    """A column's heading sorts, and says how."""
    follow(page, "Fakturor")
    heading(page, "Fakturor")
    column = page.get_by_role("columnheader", name="Faktura")
    expect(column).to_have_attribute("aria-sort", "descending")
    follow(page, "Faktura (fallande")
    expect(column).to_have_attribute("aria-sort", "ascending")
    assert words(page.locator("tbody tr").first).startswith("202600001")


def open_an_invoice(page: Page) -> None:
    follow(page, "202600002")
    heading(page, "Faktura 202600002")


def fill_in_a_date(page: Page) -> None:
    follow(page, "Rätta mottagandet")
    heading(page, "När tog kommunen emot fakturan?")
    for part, text in (("År", "2026"), ("Månad", "1"), ("Dag", "20")):
        write(page, part, text)
    follow(page, "Spara")
    expect(page.get_by_text("Mottagandet är antecknat.")).to_be_visible()
    assert fact(page, "Mottagen") == "20 januari 2026"


def test_a_controller_works_by_keyboard_alone_and_always_sees_where_she_is(site: Desk) -> None:
    page = site.visitor()
    sign_in(page)
    skip_to_content(page)
    open_from_the_map(page)
    sort(page)
    open_an_invoice(page)
    fill_in_a_date(page)
