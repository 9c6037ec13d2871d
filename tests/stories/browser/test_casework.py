"""A day at Mika: a contact by keyboard alone, a case from its first note to its end, a child."""

import time
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.stories.browser.casework import (
    DAY,
    choose,
    entry,
    follow,
    heading_of_case,
    in_days,
    is_told,
    number_of,
    open_case,
    part,
    press,
    text_of,
    write_note,
)
from tests.stories.browser.test_by_keyboard import name_of_focus
from tests.stories.browser.visiting import Desk, heading, violations

pytestmark = [pytest.mark.slow, pytest.mark.once]

MOST_S = 60  # a robot's, and far less than a person's minute in keys
MOST_KEYS = 40  # pressed beside what is written
MOST_FIELDS = 3
ON_THE_PHONE = "Exempel: ringer från ett påhittat nummer och undrar vad vi gör."
FIRST = "Exempel: vi talade om att segla."
LATER = "Exempel: personen ringde och lade till en sak."
GOAL = "Exempel: jag vill sova om nätterna."


class Keyboard:
    """The page by its keyboard alone, with a count of the keys."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.keys = 0
        self.fields = 0

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.keys += 1

    def to(self, name: str) -> None:
        """Tab until the focus is on what begins with that name."""
        for _stop in range(MOST_KEYS):
            self.press("Tab")
            if name_of_focus(self.page).startswith(name):
                return
        raise AssertionError(f"{name} is not reached")

    def write(self, name: str, text: str) -> None:
        """Tab to a field and type; in a list the first letters choose."""
        self.to(name)
        self.page.keyboard.type(text)
        self.fields += 1

    def past_the_menu(self) -> None:
        """To what the page is about."""
        self.press("Tab")
        assert name_of_focus(self.page) == "Hoppa till innehållet"
        self.press("Enter")


@pytest.fixture
def worker(site: Desk) -> Page:
    return site.as_role("worker")


def test_a_contact_is_noted_by_keyboard_in_under_a_minute(worker: Page) -> None:
    worker.goto(DAY)
    keyboard, began = Keyboard(worker), time.perf_counter()
    keyboard.past_the_menu()
    keyboard.to("Ny kontakt")
    keyboard.press("Enter")
    heading(worker, "Ny kontakt")
    keyboard.past_the_menu()
    keyboard.write("Hur?", "tel")
    keyboard.write("Minuter", "20")
    keyboard.write("Anteckning", ON_THE_PHONE)
    keyboard.to("Spara kontakten")
    keyboard.press("Enter")
    is_told(worker, "Kontakten är antecknad")
    assert time.perf_counter() - began < MOST_S
    assert keyboard.keys < MOST_KEYS
    assert keyboard.fields <= MOST_FIELDS
    assert ON_THE_PHONE in worker.locator("main").inner_text()


def test_enter_in_a_field_of_the_contact_saves_it(worker: Page) -> None:
    worker.goto(DAY)
    follow(worker, "Ny kontakt")
    worker.get_by_label("Hur?").select_option(label="besök")
    worker.get_by_label("Minuter").fill("30")
    with worker.expect_navigation():
        worker.keyboard.press("Enter")
    is_told(worker, "Kontakten är antecknad")


def test_a_case_goes_from_its_first_contact_to_its_end_and_is_opened_again(worker: Page) -> None:
    case = case_from_contact(worker)
    keeps_a_draft(worker, case)
    draws_up(worker, case)
    plans(worker, case)
    refers(worker, case)
    closes(worker, case)
    opens_again(worker, case)


def case_from_contact(page: Page) -> str:
    """A contact becomes a case of somebody who chooses a name."""
    page.goto(DAY)
    follow(page, "Ny kontakt")
    page.get_by_label("Hur?").select_option(label="besök")
    page.get_by_label("Anteckning").fill(ON_THE_PHONE)
    page.get_by_label("Öppna ett ärende", exact=True).check()
    press(page, "Spara kontakten")
    heading(page, "Öppna ett ärende")
    page.get_by_label("kallar sig något annat", exact=True).check()
    page.get_by_label("Vad personen vill kallas").fill("Påhittad Hägg")
    press(page, "Öppna ärendet")
    heading(page, "Påhittad Hägg")
    expect(entry(page, ON_THE_PHONE)).to_be_visible()
    assert "Påhittad" not in page.title()
    return page.url


def keeps_a_draft(page: Page, case: str) -> None:
    """What is typed is there after the page was left without saving."""
    page.goto(case)
    follow(page, "Skriv en anteckning")
    page.get_by_label("Anteckning", exact=True).fill(FIRST)
    expect(page.locator(".hamn-draft__status")).to_contain_text("Utkast sparat")
    page.goto(case)
    follow(page, "Skriv en anteckning")
    is_told(page, "Du har ett utkast från")
    follow(page, "Fortsätt med det")
    is_told(page, "Ett utkast från")
    assert page.get_by_label("Anteckning", exact=True).input_value() == FIRST
    press(page, "Spara")
    heading_of_case(page)
    expect(entry(page, FIRST)).to_contain_text("arbetsanteckning")


def draws_up(page: Page, case: str) -> None:
    """A note that is drawn up is locked; what comes later is an addition."""
    page.goto(case)
    follow(page, "Upprätta", entry(page, FIRST))
    page.locator("main form button.govuk-button").last.click()
    heading_of_case(page)
    note = entry(page, FIRST)
    expect(note).to_contain_text("upprättad")
    expect(note.get_by_role("link", name="Ändra")).to_have_count(0)
    follow(page, "Skriv ett tillägg", note)
    page.get_by_label("Tillägg", exact=True).fill(LATER)
    press(page, "Spara")
    heading_of_case(page)
    expect(entry(page, FIRST)).to_contain_text(LATER)


def plans(page: Page, case: str) -> None:
    """A goal in her own words, what is agreed on, and practical support."""
    part(page, case, "Plan och stöd")
    follow(page, "Nytt mål")
    page.get_by_label("Målet med personens egna ord").fill(GOAL)
    press(page, "Spara")
    follow(page, "Något som ska göras")
    page.get_by_label("Vad ska göras?").fill("Exempel: köpa en väckarklocka")
    page.get_by_label("personen själv", exact=True).check()
    in_days(page, "Klart senast", 5)
    page.get_by_label("Mål som det hör till").select_option(label=GOAL)
    press(page, "Spara")
    goal = page.get_by_role("region", name=GOAL)
    expect(goal).to_contain_text("Exempel: köpa en väckarklocka")
    follow(page, "Nytt praktiskt stöd")
    page.get_by_label("Vad ska vi hjälpa till med?").fill("Exempel: följa med till en tid")
    page.get_by_label("Gentemot").select_option(index=1)
    in_days(page, "Klart senast", 6)
    press(page, "Spara")
    is_told(page, "Exempel: följa med till en tid")
    page.goto(DAY)
    expect(page.get_by_role("region", name="Att göra inom en vecka")).to_contain_text(
        "Påhittad Hägg"
    )


def refers(page: Page, case: str) -> None:
    """A consent, and a referral that takes along what was chosen and nothing else."""
    part(page, case, "Remisser och samtycken")
    follow(page, "Nytt samtycke")
    page.get_by_label("Vem får uppgifterna?").select_option(label="traumabehandling")
    page.get_by_label("Vilken mottagning, myndighet eller förening").fill("Påhittsmottagningen")
    page.get_by_label("Vad ska uppgifterna användas till?").select_option(
        label="att få hjälp hos mottagaren"
    )
    page.get_by_label("Vilka uppgifter omfattar samtycket?").fill("Exempel: att hen söker hjälp")
    in_days(page, "Gäller till och med", 60)
    page.get_by_label("muntligt").first.check()
    press(page, "Fortsätt")
    heading(page, "Läs upp för personen")
    press(page, "Personen har sagt ja")
    is_told(page, "Samtycket är antecknat.")
    follow(page, "Ny remiss")
    page.get_by_label("Till vem?").select_option(label="traumabehandling")
    page.get_by_label("Vilken mottagning, myndighet eller förening").fill("Påhittsmottagningen")
    page.get_by_label("Det vi vill säga i remissen").fill("Exempel: söker behandling.")
    press(page, "Spara")
    follow(page, "Välj vad som ska med och skicka")
    page.get_by_label("Samtycke eller beslut som låter det gå").select_option(index=1)
    press(page, "Fortsätt")
    is_told(page, "Det här stannar")
    assert GOAL not in page.get_by_role("definition").all_inner_texts()
    press(page, "Skicka")
    is_told(page, "Remissen är skickad.")
    with page.expect_download() as got:
        follow(page, "Hämta brevet (PDF)")
    letter = text_of(got.value)
    assert "Exempel: söker behandling." in letter
    assert FIRST not in letter and GOAL not in letter
    follow(page, "Anteckna utfallet")
    page.get_by_label("personen fick hjälp där", exact=True).check()
    press(page, "Spara")


def closes(page: Page, case: str) -> None:
    """The end, with why and how it went; nothing is written in a closed case."""
    page.goto(case)
    follow(page, "Avsluta")
    is_told(page, "Innan ärendet avslutas")
    page.get_by_label("målen är nådda", exact=True).check()
    page.get_by_label("livssituationen är bättre", exact=True).check()
    press(page, "Avsluta ärendet")
    is_told(page, "Ärendet avslutades den")
    expect(page.get_by_role("link", name="Skriv en anteckning")).to_have_count(0)
    assert not violations(page)


def opens_again(page: Page, case: str) -> None:
    page.goto(case)
    follow(page, "Öppna igen")
    page.get_by_label("personen har hört av sig", exact=True).check()
    page.locator("main form button.govuk-button").last.click()
    heading_of_case(page)
    expect(page.get_by_role("link", name="Skriv en anteckning")).to_have_count(1)
    expect(entry(page, FIRST)).to_contain_text(LATER)


def test_two_workers_who_save_the_same_note_see_both_texts_and_lose_nothing(
    site: Desk, worker: Page
) -> None:
    case = open_case(worker, "Påhittad Lärk")
    take_along(worker, case, "Socionom B")
    write_note(worker, case, "Exempel: det vi började med.")
    colleague = site.as_role("colleague")
    for page, text in ((worker, "Exempel: hennes rad."), (colleague, "Exempel: min rad.")):
        page.goto(case)
        follow(page, "Ändra", entry(page, "det vi började med"))
        page.get_by_label("Anteckning", exact=True).fill(text)
    press(worker, "Spara")
    heading_of_case(worker)
    press(colleague, "Spara")
    both = colleague.locator(".hamn-notice--warning")
    expect(both).to_contain_text("Exempel: hennes rad.")
    expect(both).to_contain_text("Exempel: min rad.")
    assert colleague.get_by_label("Anteckning", exact=True).input_value() == "Exempel: min rad."
    assert not violations(colleague)
    press(colleague, "Spara båda, min text sist")
    heading_of_case(colleague)
    worker.goto(case)
    expect(entry(worker, "Exempel: hennes rad.")).to_contain_text("Exempel: min rad.")


def take_along(page: Page, case: str, name: str) -> None:
    """A colleague takes part in the case."""
    part(page, case, "Åtkomst")
    follow(page, "Lägg till deltagare")
    choose(page, "Vem ska delta?", name)
    page.locator("main form button.govuk-button").last.click()
    heading_of_case(page)


def test_a_child_is_never_turned_away(site: Desk) -> None:
    page = site.as_role("kast")
    page.goto("/desk/verksamheter/vem/")
    page.get_by_label("KAST", exact=True).check()
    page.get_by_label("Hemkommun").select_option(label="Göteborg")
    page.get_by_label("barn, under 18 år", exact=True).check()
    press(page, "Visa svaret")
    is_told(page, "koordinatorn för barn och unga")
    expect(page.get_by_role("button", name="Registrera hänvisningen")).to_have_count(0)


def test_a_childs_intake_shows_the_duty_and_reminds_until_the_report_is_sent(
    worker: Page,
) -> None:
    contact_with_child(worker)
    press(worker, "Öppna ett ärende och gör en orosanmälan")
    number = reports(worker)
    is_reminded(worker, number, True)
    with worker.expect_download() as got:
        follow(worker, "Hämta som PDF", report_of(worker, number))
    paper = text_of(got.value)
    assert "Exempel: vi är oroliga." in paper
    assert number not in got.value.suggested_filename
    follow(worker, "Anteckna att den är lämnad")
    worker.get_by_label("Vem tog emot den?").fill("Exempel: mottagningsenheten i Påhittsby")
    worker.get_by_role("group", name="Hur").get_by_role("radio").first.check()
    press(worker, "Spara")
    is_told(worker, "Det är antecknat att anmälan är lämnad.")
    is_reminded(worker, number, False)


def contact_with_child(page: Page) -> None:
    """A contact with somebody under 18, who stays anonymous."""
    page.goto(DAY)
    follow(page, "Ny kontakt")
    page.get_by_label("Hur?").select_option(label="telefon")
    page.get_by_label("Ålder").select_option(label="barn, under 18 år")
    press(page, "Visa vad du kan säga")
    is_told(page, "Personen är under 18")
    press(page, "Spara kontakten")
    is_told(page, "Kontakten är antecknad")
    is_told(page, "anmäla oro")
    assert not violations(page)


def reports(page: Page) -> str:
    """The report of concern, prefilled; the number of its case."""
    heading(page, "Orosanmälan")
    page.get_by_label("Vad är du orolig för?").fill("Exempel: vi är oroliga.")
    page.get_by_label("Kommun där barnet bor, eller vistas").select_option(label="Huddinge")
    press(page, "Spara anmälan")
    heading_of_case(page)
    return number_of(page)


def is_reminded(page: Page, number: str, wanted: bool) -> None:
    """Whether the page of the day still says that a report waits."""
    page.goto(DAY)
    waiting = page.get_by_role("region", name="Orosanmälningar som inte är skickade")
    expect(waiting.get_by_text(number)).to_have_count(int(wanted))


def report_of(page: Page, number: str) -> Any:
    """The report in its case, reached from the page of the day."""
    page.goto(DAY)
    page.get_by_role("link", name=number).first.click()
    return page.locator("main section").filter(has_text="Exempel: vi är oroliga.")
