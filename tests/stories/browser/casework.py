"""How stories of casework move about: a case's pages, its forms, and what stands in it."""

import io
from datetime import timedelta
from typing import Any

import pypdf
from django.utils import timezone
from playwright.sync_api import Download, Page, expect

from tests.stories.browser.visiting import fill_day, heading, words

DAY = "/desk/arenden/"
OPEN_AS = "kallar sig något annat"


def follow(page: Page, name: str, place: Any = None) -> None:
    """The first link of that name, in the place or on the whole page."""
    (place or page.locator("main")).get_by_role("link", name=name).first.click()


def press(page: Page, name: str) -> None:
    """The button of that name; a button is not pressed twice within a second by mistake."""
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name=name, exact=True).first.click()


def is_told(page: Page, sentence: str) -> None:
    """Wait until the page says so."""
    expect(page.get_by_text(sentence).first).to_be_visible()


def choose(page: Page, label: str, says: str) -> None:
    """The choice of a list whose text says that."""
    found = page.get_by_label(label).locator("option").filter(has_text=says).first
    page.get_by_label(label).select_option(value=found.get_attribute("value"))


def open_case(page: Page, called: str, *, age: str = "vuxen, 21 år eller äldre") -> str:
    """A new case under the name that the person chose; the address of its page."""
    page.goto(DAY)
    follow(page, "Öppna ett ärende")
    page.get_by_label(OPEN_AS, exact=True).check()
    page.get_by_label("Vad personen vill kallas").fill(called)
    page.get_by_label(age, exact=True).check()
    press(page, "Öppna ärendet")
    is_told(page, "Ärendet är öppnat.")
    heading(page, called)
    return page.url.split("#")[0]


def part(page: Page, case: str, name: str) -> None:
    """One of the case's parts."""
    page.goto(case)
    page.get_by_role("navigation", name="Ärendets delar").get_by_role("link", name=name).click()


def entry(page: Page, text: str) -> Any:
    """What stands in the timeline and says that."""
    return page.locator(".moj-timeline__item").filter(has_text=text).first


def number_of(page: Page) -> str:
    """The number of the case whose page it is."""
    return words(page.locator(".govuk-caption-l").first).rsplit(" ", 1)[-1]


def write_note(page: Page, case: str, text: str) -> None:
    """A working note."""
    page.goto(case)
    follow(page, "Skriv en anteckning")
    page.get_by_label("Anteckning", exact=True).fill(text)
    press(page, "Spara")
    heading_of_case(page)


def heading_of_case(page: Page) -> None:
    """Wait until the page is one of a case."""
    expect(page.get_by_role("navigation", name="Ärendets delar")).to_be_visible()


def in_days(page: Page, name: str, days: int) -> None:
    """A date so many days ahead."""
    fill_day(page, name, timezone.localdate() + timedelta(days=days))


def text_of(download: Download) -> str:
    """The words of a downloaded PDF."""
    pdf = pypdf.PdfReader(io.BytesIO(download.path().read_bytes()))
    return " ".join(" ".join(page.extract_text().split()) for page in pdf.pages)
