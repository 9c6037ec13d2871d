"""Every public page, in Swedish, English and Arabic: accessible, whole on a phone, and its own."""

from collections.abc import Iterator
from secrets import token_hex

import pytest
from playwright.sync_api import Page, expect

from tests.stories.browser.at_the_door import PHONE, Visit
from tests.stories.browser.test_door import answer_at_the_desk
from tests.stories.browser.visiting import Desk, runs_over, violations, watched

pytestmark = [pytest.mark.slow, pytest.mark.once]


@pytest.fixture(scope="module")
def site(untouched: Desk) -> Desk:
    return untouched


LANGUAGES = {"sv": "ltr", "en": "ltr", "ar": "rtl"}
# English lies between the two in every way: it is looked at in the soak.
SHOWN = ("sv", pytest.param("en", marks=pytest.mark.soak), "ar")
# Addresses with a part that is chosen: one of each kind, and for the first steps all of them.
CHOSEN = (
    *(f"/vag/{number}/" for number in range(1, 6)),
    *("/kontakt/1/", "/kontakt/3/", "/kontakt/5/", "/finns-inte/"),
)
# Sent to only by a form.
NO_PAGES = {"/lamna/", "/kontakt/kvitto/"}
WITH_A_CODE = "/svar/dialog/"
# Professionals are met in Swedish and English: from another language their address leads there.
PROFESSIONALS, THEIRS = "/yrkesverksam/", ("sv", "en")


def plain_addresses() -> set[str]:
    """Every address of the door that has no part to choose."""
    from hamn.insight.consultations.urls import public as professionals
    from hamn.support.door.urls import public

    every = (*public.urlpatterns, *professionals.urlpatterns)
    routes = {str(one.pattern) for one in every}
    return {f"/{route}" for route in routes if "<" not in route} - NO_PAGES


@pytest.fixture
def visit(site: Desk, request: pytest.FixtureRequest) -> Iterator[Visit]:
    made = Visit(site, request.param)
    yield made
    made.close()


def wrong_with(visit: Visit, page: Page) -> list[str]:
    """What is wrong with the page that is open, narrow and wide."""
    found = [] if page.locator("h1").count() == 1 else ["not one h1"]
    if page.locator(".door-exit a").count() != 1:
        found.append("no way out")
    if page.locator("html").get_attribute("lang") != visit.language:
        found.append("in another language")
    if page.locator("html").get_attribute("dir") != LANGUAGES[visit.language]:
        found.append("in another direction")
    for width in (320, PHONE["width"], 1024):
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"runs over at {width}: {one}" for one in runs_over(page)]
        found += [f"number in two at {width}: {one}" for one in broken_numbers(page)]
    page.set_viewport_size(PHONE)
    return found + with_twice_the_text(page) + violations(page)


def broken_numbers(page: Page) -> list[str]:
    """Telephone numbers to press that stand on more than one line."""
    script = """() => [...document.querySelectorAll('[href^="tel:"]')]
        .flatMap(link => [...link.querySelectorAll('*'), link])
        .flatMap(place => [...place.childNodes])
        .filter(node => node.nodeType === Node.TEXT_NODE && /^[+0-9 -]{3,}$/.test(node.data.trim()))
        .filter(node => {
            const range = document.createRange();
            range.selectNodeContents(node);
            return new Set([...range.getClientRects()].map(one => Math.round(one.top))).size > 1;
        })
        .map(node => node.data)"""
    broken: list[str] = page.evaluate(script)
    return broken


def with_twice_the_text(page: Page) -> list[str]:
    """What is wider than the narrowest phone when its text is twice as large."""
    page.set_viewport_size({"width": 320, "height": 900})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    found = [f"runs over with twice the text: {one}" for one in runs_over(page)]
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.set_viewport_size(PHONE)
    return found


def looked_at(visit: Visit, page: Page, paths: list[str]) -> dict[str, list[str]]:
    """Each of the pages, and what is wrong with it or what the browser complained of."""
    wrong = {}
    for path in paths:
        with watched(page, visit.site.address) as complaints:
            answer = page.goto(visit.path(path))
        assert answer is not None
        found = [*complaints, *wrong_with(visit, page)]
        if answer.status != (404 if path == "/finns-inte/" else 200):
            found.append(f"answered {answer.status}")
        if found:
            wrong[visit.path(path)] = found
    return wrong


def told(wrong: dict[str, list[str]]) -> str:
    return "\n".join(f"{path}\n    " + "\n    ".join(found) for path, found in wrong.items())


@pytest.mark.parametrize("visit", SHOWN, indirect=True)
def test_every_page_before_the_code_is_accessible_and_fits(visit: Visit) -> None:
    paths = [path for path in plain_addresses() if not path.startswith((WITH_A_CODE, "/tider/"))]
    if visit.language not in THEIRS:
        paths = [path for path in paths if not path.startswith(PROFESSIONALS)]
    wrong = looked_at(visit, visit.browser(), sorted({*paths, *CHOSEN}))
    assert not wrong, told(wrong)


@pytest.mark.parametrize("visit", SHOWN, indirect=True)
def test_every_page_behind_the_code_is_accessible_and_fits(visit: Visit) -> None:
    page = visit.browser()
    code = write(visit, page, "Hej. مرحبا")
    wrong = {"the receipt": wrong_with(visit, page)}
    come_in(visit, page, "0000 0000")
    wrong["a code that is none"] = wrong_with(visit, page)
    come_in(visit, page, code)
    paths = [path for path in plain_addresses() if path.startswith((WITH_A_CODE, "/tider/"))]
    assert len(paths) >= 9
    wrong |= looked_at(visit, page, sorted(paths))
    assert not any(wrong.values()), told({path: one for path, one in wrong.items() if one})


@pytest.mark.parametrize("visit", SHOWN, indirect=True)
def test_an_answer_and_every_page_of_a_booked_time_are_accessible_and_fit(visit: Visit) -> None:
    page = visit.browser()
    asks = f"Hej. مرحبا {token_hex(4)}"
    code = write(visit, page, asks)
    answer_at_the_desk(visit.site, asks, "Hej.\n\nVälkommen. أهلًا وسهلًا. Ring 08-508 000 00.")
    come_in(visit, page, code)
    expect(page.locator(".door-message--theirs")).to_have_count(1)
    wrong = {"an answer": wrong_with(visit, page)}
    page.goto(visit.path("/tider/"))
    sends(page, ".door-times")
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    wrong["no time chosen"] = wrong_with(visit, page)
    page.locator(".door-times input[type=radio]").first.check()
    sends(page, ".door-times")
    expect(page.locator(".door-time")).to_have_count(1)
    wrong["a booked time"] = wrong_with(visit, page)
    links = page.locator(".door-time a").evaluate_all("all => all.map(one => one.pathname)")
    assert [address.split("/")[-2] for address in links] == ["flytta", "avboka"]
    paths = [path.removeprefix(visit.path("/")[:-1]) for path in links]
    wrong |= looked_at(visit, page, [*paths, WITH_A_CODE])
    assert not any(wrong.values()), told({path: one for path, one in wrong.items() if one})


def write(visit: Visit, page: Page, text: str) -> str:
    """Her first message; the code that she is shown."""
    page.goto(visit.path("/kontakt/1/"))
    page.locator("[name=text]").fill(text)
    page.locator("[name=age]").first.check()
    sends(page, "[name=text]")
    expect(page.locator(".door-code")).to_be_visible()
    return visit.code_on(page)


def come_in(visit: Visit, page: Page, code: str) -> None:
    """The page that comes when the code is typed."""
    page.goto(visit.path("/svar/"))
    page.locator("[name=code]").fill(code)
    sends(page, "[name=code]")


def sends(page: Page, holds: str) -> None:
    """The form that holds such a thing is sent."""
    form = page.locator("main form", has=page.locator(holds))
    with page.expect_navigation():
        form.locator("button[type=submit]").first.click()
