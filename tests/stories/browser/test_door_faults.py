"""What somebody meets at the door when something is amiss: accessible, whole on a phone, hers."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from hamn.support.door.rules.codes import new_code
from tests.stories.browser.at_the_door import Visit
from tests.stories.browser.test_door_pages import (
    PROFESSIONALS,
    THEIRS,
    come_in,
    sends,
    told,
    write,
    wrong_with,
)
from tests.stories.browser.visiting import Desk, watched

pytestmark = [pytest.mark.slow, pytest.mark.once]
SHOWN = ("sv", "ar")


@pytest.fixture(scope="module")
def site(untouched: Desk) -> Desk:
    return untouched


@pytest.fixture
def visit(site: Desk, request: pytest.FixtureRequest) -> Iterator[Visit]:
    made = Visit(site, request.param)
    yield made
    made.close()


@pytest.fixture
def amiss(site: Desk, visit: Visit) -> dict[str, Any]:
    """The pages that the door answers with in her language, and a code that was read out."""
    command = ("-m", "tests.stories.browser.door_faults", visit.language)
    found: dict[str, Any] = json.loads(site.centre.run(*command))
    return found


def is_refused(page: Page) -> None:
    expect(page.locator(".govuk-error-summary")).to_be_visible()


@pytest.mark.parametrize("visit", SHOWN, indirect=True)
def test_every_page_of_a_fault_is_accessible_and_fits(visit: Visit, amiss: dict[str, Any]) -> None:
    pages = amiss["pages"]
    met = {name: one["status"] for name, one in pages.items()}
    kept = [name for name in met if name.startswith("kept, ")]
    assert len(kept) == (5 if visit.language in THEIRS else 4)
    assert met == {**dict.fromkeys(kept, 503), "503": 503, "403": 403, "404": 404, "413": 413}
    page = visit.browser()
    wrong = {name: looked_at_as_answered(visit, page, one) for name, one in pages.items()}
    assert not any(wrong.values()), told({name: one for name, one in wrong.items() if one})


def looked_at_as_answered(visit: Visit, page: Page, one: dict[str, Any]) -> list[str]:
    """What is wrong with the page where the door answers it, with the door's own style."""
    address = visit.site.url(one["path"])

    def answer(route: Route) -> None:
        kind = "text/html; charset=utf-8"
        route.fulfill(status=one["status"], body=one["text"], content_type=kind)

    page.route(address, answer)
    with watched(page, visit.site.address) as complaints:
        page.goto(address)
    found = [*complaints, *wrong_with(visit, page)]
    page.unroute(address)
    return found


@pytest.mark.parametrize("visit", SHOWN, indirect=True)
def test_every_form_that_is_not_taken_is_accessible_and_fits(visit: Visit) -> None:
    page = visit.browser()
    forms = {"/kontakt/1/": "[name=text]", "/kontakt/3/": "[name=text]", "/svar/": "[name=code]"}
    if visit.language in THEIRS:
        forms[f"{PROFESSIONALS}fraga/"] = "[name=text]"
    wrong = {}
    for path, holds in forms.items():
        page.goto(visit.path(path))
        sends(page, holds)
        is_refused(page)
        wrong[f"{path}, empty"] = wrong_with(visit, page)
    come_in(visit, page, new_code())
    is_refused(page)
    wrong["a code that opens nothing"] = wrong_with(visit, page)
    come_in(visit, page, write(visit, page, "Hej. مرحبا"))
    for path, holds in {"": "[name=text]", "meddelande/": "[name=address]"}.items():
        page.goto(visit.path(f"/svar/dialog/{path}"))
        sends(page, holds)
        is_refused(page)
        wrong[f"/svar/dialog/{path}, empty"] = wrong_with(visit, page)
    page.goto(visit.path("/svar/dialog/ring/"))
    page.locator("[name=phone]").fill("tolv")
    sends(page, "[name=phone]")
    is_refused(page)
    wrong["no number"] = wrong_with(visit, page)
    assert not any(wrong.values()), told({name: one for name, one in wrong.items() if one})


@pytest.mark.parametrize("visit", SHOWN, indirect=True)
def test_a_code_that_was_read_out_its_change_and_the_end_are_accessible_and_fit(
    visit: Visit, amiss: dict[str, Any]
) -> None:
    page = visit.browser()
    come_in(visit, page, amiss["one_time"])
    expect(page).to_have_url(visit.site.url(visit.path("/svar/dialog/kod/")))
    wrong = {"a code that was read out": wrong_with(visit, page)}
    sends(page, "[name=token]")
    code = visit.code_on(page)
    wrong["another code"] = wrong_with(visit, page)
    page.locator("[name=again]").fill(new_code())
    sends(page, "[name=again]")
    is_refused(page)
    wrong["not the same code"] = wrong_with(visit, page)
    come_in(visit, page, code)
    page.goto(visit.path("/svar/dialog/avsluta/"))
    sends(page, "[name=wants_erased]")
    expect(page.locator("main form")).to_have_count(0)
    wrong["ended"] = wrong_with(visit, page)
    come_in(visit, page, code)
    is_refused(page)
    wrong["a code that was ended"] = wrong_with(visit, page)
    assert not any(wrong.values()), told({name: one for name, one in wrong.items() if one})
