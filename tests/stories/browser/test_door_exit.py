"""Leaving in a hurry, in a real browser: by button, by keyboard, by Shift, with and without script;
and what a first view weighs.

Where it leads to is played by the test, so that nobody outside is asked for a page.
"""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, Route, ViewportSize, expect

from tests.stories.browser.visiting import Desk

PHONE: ViewportSize = {"width": 360, "height": 640}
AWAY = "https://www.smhi.se/"
ELSEWHERE = "<!doctype html><title>Väder</title><h1>Väder</h1>"
PAGES = ("/", "/kontakt/", "/svar/", "/dolj-spar/", "/tillganglighet/", "/en/", "/finns-inte/")

FIRST_VIEWS = ("/", "/mika/", "/kontakt/", "/svar/", "/yrkesverksam/", "/en/", "/ar/")
MOST_BYTES = 100_000
pytestmark = [pytest.mark.slow, pytest.mark.once]


@pytest.fixture(scope="module")
def site(untouched: Desk) -> Desk:
    return untouched


Visit = Callable[..., Page]


def some_of(paths: tuple[str, ...]) -> list[Any]:
    """The first, the third and the last; the others, which are built alike, in the soak."""
    kept = {paths[0], paths[2], paths[-1]}
    return [one if one in kept else pytest.param(one, marks=pytest.mark.soak) for one in paths]


class Elsewhere:
    """The neutral page, and what it was asked with."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []

    def answer(self, route: Route) -> None:
        """The page; what came along is kept."""
        self.asked.append(route.request.all_headers())
        route.fulfill(body=ELSEWHERE, content_type="text/html; charset=utf-8")


@pytest.fixture
def elsewhere() -> Elsewhere:
    return Elsewhere()


@pytest.fixture
def visit(site: Desk, elsewhere: Elsewhere) -> Iterator[Visit]:
    """A function that gives a page in a browser of its own: `visit("/", "/kontakt/")`."""
    contexts: list[BrowserContext] = []

    def go(*paths: str, script: bool = True) -> Page:
        context = site.browser.new_context(
            viewport=PHONE, java_script_enabled=script, base_url=site.address, locale="sv-SE"
        )
        contexts.append(context)
        context.route(f"{AWAY}**", elsewhere.answer)
        page = context.new_page()
        for path in paths:
            page.goto(path)
        return page

    yield go
    for context in contexts:
        context.close()


def is_away(page: Page) -> None:
    """The page is the neutral one, and nothing of ours is left in its window."""
    expect(page).to_have_url(AWAY)
    expect(page.get_by_role("heading", name="Väder")).to_be_visible()


@pytest.mark.parametrize("path", some_of(PAGES))
def test_every_page_has_the_button_and_it_leaves(visit: Visit, path: str) -> None:
    page = visit(path)
    page.locator(".door-exit a").click()
    is_away(page)


def test_the_neutral_page_is_told_nothing_of_where_she_came_from(
    visit: Visit, elsewhere: Elsewhere
) -> None:
    page = visit("/kontakt/")
    page.locator(".door-exit a").click()
    is_away(page)
    assert [one.get("referer") for one in elsewhere.asked] == [None]


def test_going_back_does_not_return_not_even_to_an_earlier_page(visit: Visit) -> None:
    page = visit("/", "/kontakt/", "/svar/")
    page.locator(".door-exit a").click()
    is_away(page)
    for _press in range(2):  # one for each page that stood before
        page.evaluate("setTimeout(() => history.back(), 0)")
        page.wait_for_timeout(600)
        is_away(page)


def test_whoever_comes_again_on_purpose_is_let_in(visit: Visit, site: Desk) -> None:
    page = visit("/kontakt/")
    page.locator(".door-exit a").click()
    is_away(page)
    page.goto(site.address + "/kontakt/")
    expect(page.locator("main")).to_be_visible()
    page.reload()
    expect(page.locator("main")).to_be_visible()


def test_shift_three_times_leaves_and_says_how_many_are_left(visit: Visit) -> None:
    page = visit("/")
    told = page.locator("#lamna-sagt")
    page.keyboard.press("Shift")
    expect(told).to_contain_text("två gånger till")
    page.keyboard.press("Shift")
    expect(told).to_contain_text("en gång till")
    page.keyboard.press("Shift")
    is_away(page)


def test_shift_while_writing_a_capital_letter_leaves_nobody(visit: Visit, site: Desk) -> None:
    page = visit("/")
    for letter in "ABCD":
        page.keyboard.press(f"Shift+{letter}")
    page.wait_for_timeout(200)
    assert page.url == site.address + "/"
    expect(page.locator("main")).to_be_visible()


def test_the_first_stop_of_the_tab_key_leaves(visit: Visit) -> None:
    page = visit("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "lamna-direkt"
    expect(page.locator("#lamna-direkt")).to_be_in_viewport()
    page.keyboard.press("Enter")
    is_away(page)


def test_what_stands_on_the_page_is_hidden_before_the_neutral_page_has_come(visit: Visit) -> None:
    page = visit("/")
    # In the same turn of the page as the press: nothing from outside has come by then.
    shown = page.evaluate(
        "() => { document.querySelector('.door-exit a').click();"
        " return [getComputedStyle(document.documentElement).display, document.title]; }"
    )
    assert shown == ["none", "…"]
    is_away(page)


def test_what_opens_a_dialogue_is_put_out_on_the_way(visit: Visit, site: Desk) -> None:
    page = visit("/")
    context = page.context
    context.add_cookies([{"name": "visit", "value": "something", "url": site.address}])
    page.locator(".door-exit a").click()
    is_away(page)
    for _attempt in range(200):
        if not context.cookies(site.address):
            break
        page.wait_for_timeout(100)
    assert context.cookies(site.address) == []


@pytest.mark.parametrize("link", [".door-exit a", "#lamna-direkt"])
def test_without_script_the_links_leave(visit: Visit, elsewhere: Elsewhere, link: str) -> None:
    page = visit("/kontakt/", script=False)
    page.locator(link).focus()
    page.keyboard.press("Enter")
    is_away(page)
    assert [one.get("referer") for one in elsewhere.asked] == [None]


def test_titles_and_favicon_say_nothing_of_what_the_page_is_about(visit: Visit) -> None:
    page = visit()
    seen = set()
    for path in PAGES:
        page.goto(path)
        seen.add((page.title(), page.locator("link[rel=icon]").get_attribute("href")))
    # One title in each language, one picture of a sheet of paper in all.
    assert {title for title, _icon in seen} == {"Information"}
    assert len({icon for _title, icon in seen}) == 1


def test_a_page_is_whole_on_a_narrow_phone_with_twice_the_text(visit: Visit) -> None:
    for path in PAGES:
        page = visit(path)
        page.set_viewport_size({"width": 320, "height": 640})
        assert _is_as_wide_as_the_screen(page), path
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert _is_as_wide_as_the_screen(page), path


def _is_as_wide_as_the_screen(page: Page) -> bool:
    width: Any = page.evaluate("document.documentElement.scrollWidth")
    return int(width) <= 320


@pytest.mark.parametrize("path", some_of(FIRST_VIEWS))
def test_a_first_view_is_light_and_loads_nothing_from_elsewhere(
    visit: Visit, site: Desk, path: str
) -> None:
    page = visit()
    weights: list[int] = []
    addresses: list[str] = []
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.on("Network.loadingFinished", lambda one: weights.append(one["encodedDataLength"]))
    page.on("request", lambda one: addresses.append(one.url))
    answer = page.goto(path, wait_until="networkidle")
    assert answer is not None and answer.status == 200
    assert len(weights) >= 3
    assert sum(weights) < MOST_BYTES
    assert {urlsplit(one).netloc for one in addresses} == {urlsplit(site.address).netloc}
    assert page.context.cookies() == []
