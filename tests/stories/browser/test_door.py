"""A person's whole way through the door, in a real browser of a phone's size.

In English with script, in Swedish without; the answer in between is written at the desk. Buttons
and labels are looked up by their Swedish sentence in the catalogue, as the page itself does.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from secrets import token_hex

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.stories.browser.at_the_door import AWAY, Visit, Visitor
from tests.stories.browser.casework import is_told, press
from tests.stories.browser.visiting import Desk, fill_day

pytestmark = pytest.mark.slow

ASKS = f"Hello. I am not sure I can say no any more. Can I talk to somebody? {token_hex(4)}"
ANSWERS = "Hello, and thank you for writing. We can meet, or talk by phone."
ASKS_AGAIN = "Thank you. I would rather talk by phone."
NAME = "Robin"


@pytest.fixture
def visitor(site: Desk) -> Iterator[Visitor]:
    """A function that gives somebody at the door: `visitor(language="en")`."""
    made: list[Visit] = []

    def come(**more: object) -> Visit:
        made.append(Visit(site, **more))  # type: ignore[arg-type]
        return made[-1]

    yield come
    for one in made:
        one.close()


def next_working_day() -> date:
    """A day on which somebody may be met, well ahead: never one of the year's end."""
    day = timezone.localdate() + timedelta(days=8)
    while day.isoweekday() > 5:
        day += timedelta(days=1)
    return day


def publish_times(site: Desk) -> None:
    """A worker offers three times by telephone."""
    page = site.as_role("worker")
    page.goto("/desk/inkorg/tider/nya/")
    page.get_by_label("telefon", exact=False).first.check()
    fill_day(page, "Dag", next_working_day())
    page.get_by_label("Klockslag").fill("9.30")
    page.get_by_label("Hur många tider efter varandra?").fill("3")
    press(page, "Publicera")
    is_told(page, "Publicerade tider: 3.")


def answer_at_the_desk(site: Desk, asked: str, told: str) -> None:
    """A worker of the unit reads what was asked, which stands folded up, and answers."""
    page = site.as_role("worker")
    page.goto("/desk/inkorg/")
    # The subjects of the list are not told: she opens one after the other.
    links = page.locator("table tbody a").evaluate_all("all => all.map(one => one.href)")
    for address in dict.fromkeys(links):
        page.goto(address)
        if asked in page.content():
            break
    folded = page.locator("details", has_text="Visa det personen skrev").first
    expect(page.get_by_text(asked)).to_be_hidden()
    folded.locator("summary").click()
    expect(page.get_by_text(asked)).to_be_visible()
    page.locator("section.hamn-write textarea").fill(told)
    press(page, "Skicka till personen")
    is_told(page, "Svaret är skickat.")


def come_back(visit: Visit, page: Page, code: str) -> None:
    page.goto(visit.path("/svar/"))
    visit.label(page, "Din kod").fill(code)
    visit.press(page, "Öppna")


def write_first(visit: Visit, page: Page, text: str) -> str:
    """From the start page to the page with the code, which is given back."""
    page.goto(visit.path("/"))
    visit.fits(page)
    visit.follow(page, "Jag har sex mot ersättning")
    visit.fits(page)
    with page.expect_navigation():
        page.locator("main .govuk-button", has_text=visit.words("Skriv till oss")).click()
    visit.heading(page, "Skriv till oss")
    visit.label(page, "Vad vill du berätta eller fråga?").fill(text)
    visit.label(page, "18 år eller äldre").check()
    visit.press(page, "Skicka")
    visit.heading(page, "Ditt meddelande är skickat")
    return visit.code_on(page)


def test_somebody_writes_leaves_comes_back_reads_books_and_ends(
    site: Desk, visitor: Visitor
) -> None:
    visit = visitor(language="en")
    page = visit.browser()
    with visit.uncomplaining(page):
        page.goto("/")
        page.get_by_role("link", name="English").click()
        expect(page).to_have_url(re.compile("/en/$"))
        code = write_first(visit, page, ASKS)
        leave_in_a_hurry(page)
    publish_times(site)
    answer_at_the_desk(site, ASKS, ANSWERS)

    page = visit.browser()
    with visit.uncomplaining(page):
        # As somebody types who reads from a paper.
        come_back(visit, page, code.lower().replace("0", "o"))
        visit.heading(page, "Din dialog")
        expect(page.locator(".door-message--mine")).to_contain_text(ASKS)
        theirs = page.locator(".door-message--theirs")
        expect(theirs).to_contain_text(ANSWERS)
        # She sees the role of who wrote, and no name.
        expect(theirs).not_to_contain_text("Socionom")
        visit.label(page, "Skriv").fill(ASKS_AGAIN)
        visit.press(page, "Skicka")
        expect(page.locator(".door-message--mine").last).to_contain_text(ASKS_AGAIN)
        book(visit, page)
        end(visit, page, code)


def leave_in_a_hurry(page: Page) -> None:
    """She is elsewhere, and going back does not return."""
    page.locator(".door-exit a").click()
    expect(page).to_have_url(AWAY)
    page.evaluate("history.back()")
    page.wait_for_timeout(400)
    expect(page).to_have_url(AWAY)


def book(visit: Visit, page: Page) -> None:
    """The first free time taken, and seen in the dialogue's own list; then moved."""
    visit.follow(page, "Boka en tid")
    visit.heading(page, "Dina tider")
    times = page.locator(".door-times input[type=radio]")
    expect(times.nth(2)).to_be_visible()
    free = times.count()  # the demonstration has some of its own
    times.first.check()
    visit.press(page, "Boka tiden")
    expect(page.locator(".door-time")).to_have_count(1)
    expect(times).to_have_count(free - 1)
    first = page.locator(".door-time").inner_text()
    visit.follow(page, "Byt till en annan tid")
    times.last.check()
    with page.expect_navigation():
        page.locator("main button[type=submit]").first.click()
    visit.heading(page, "Dina tider")
    expect(page.locator(".door-time")).to_have_count(1)
    assert page.locator(".door-time").inner_text() != first
    page.goto(visit.path("/svar/dialog/"))


def end(visit: Visit, page: Page, code: str) -> None:
    """The dialogue ended; nothing of it is left in the browser, and the code opens nothing."""
    visit.follow(page, "Avsluta dialogen")
    visit.heading(page, "Avsluta dialogen")
    visit.press(page, "Avsluta dialogen")
    visit.heading(page, "Dialogen är avslutad")
    assert page.context.cookies() == []
    come_back(visit, page, code)
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    visit.heading(page, "Kom tillbaka med din kod")


@pytest.mark.once
def test_without_script_somebody_writes_reads_is_named_changes_her_code_and_leaves(
    site: Desk, visitor: Visitor
) -> None:
    visit = visitor(has_script=False)
    page = visit.browser()
    code = write_first(visit, page, "Hej. Jag vill bara fråga en sak.")
    visit.label(page, "Skriv koden från ditt papper").fill(code.replace(" ", ""))
    visit.press(page, "Kontrollera")
    expect(page.locator("main")).to_contain_text("Koden på ditt papper är rätt.")
    visit.follow(page, "Gå vidare: öppna dialogen med koden")
    come_back(visit, page, code)
    visit.heading(page, "Din dialog")
    visit.follow(page, "Säg vad du vill kallas")
    visit.label(page, "Vad vill du kallas?").fill(NAME)
    visit.press(page, "Spara")
    expect(page.locator("main")).to_contain_text(NAME)
    visit.follow(page, "Byt namn, eller bli anonym igen")
    visit.label(page, "Vad vill du kallas?").fill("")
    visit.press(page, "Spara")
    expect(page.locator("main")).not_to_contain_text(NAME)
    visit.follow(page, "Byt kod")
    visit.press(page, "Visa en ny kod")
    visit.heading(page, "Du har en ny kod")
    new = visit.code_on(page)
    leave_for_good(visit, page)
    come_back(visit, page, code)
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    come_back(visit, page, new)
    visit.heading(page, "Din dialog")
    page.locator(".door-exit a").click()
    expect(page).to_have_url(AWAY)


def leave_for_good(visit: Visit, page: Page) -> None:
    """The button that ends the visit: no cookie stays."""
    page.goto(visit.path("/svar/dialog/"))
    visit.press(page, "Stäng dialogen")
    assert page.context.cookies() == []
    page.goto(visit.path("/svar/dialog/"))
    visit.heading(page, "Kom tillbaka med din kod")


@pytest.mark.once
def test_somebody_under_eighteen_is_told_of_the_duty_before_anything_is_sent(
    visitor: Visitor,
) -> None:
    visit = visitor()
    page = visit.browser()
    page.goto("/kontakt/1/")
    visit.label(page, "Vad vill du berätta eller fråga?").fill("Jag är fjorton.")
    visit.label(page, "Under 18 år").check()
    visit.press(page, "Skicka")
    # Nothing was sent: what she wrote stands there, and what she has to know stands before it.
    expect(page.locator("#skydd")).to_be_visible()
    expect(visit.label(page, "Vad vill du berätta eller fråga?")).to_have_value("Jag är fjorton.")
    assert page.locator(".door-code").count() == 0
    visit.press(page, "Skicka")
    visit.heading(page, "Ditt meddelande är skickat")
