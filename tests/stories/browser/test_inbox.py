"""The inbox in a real browser: who reads what is told by colour, shape, sign and words."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.stories.browser.visiting import Desk, heading, runs_over, violations

pytestmark = [pytest.mark.slow, pytest.mark.once]
TEXT = "Påhittad fråga: kan man prata med någon utan att det syns?"
NOTES = {
    "person": ("svar", "Svara personen", "Skicka till personen"),
    "unit": ("till-enheten", "Skriv till enheten", "Spara för enheten"),
    "own": ("egen-anteckning", "Skriv en egen anteckning", "Spara för dig själv"),
}
# How a text is framed, coloured and marked, as the browser draws it.
LOOK = """(element) => {
    const frame = getComputedStyle(element);
    const label = element.querySelector('.hamn-said__label');
    return {
        colour: frame.borderLeftColor + frame.backgroundColor + getComputedStyle(label).color,
        shape: [frame.borderLeftStyle, frame.borderTopStyle, frame.borderTopLeftRadius].join(),
        sign: getComputedStyle(label, '::before').content,
        words: label.textContent,
    };
}"""


@pytest.fixture(scope="module")
def dialogue(site: Desk) -> str:
    """The address of what somebody wrote, with one text to each reader under it."""
    written = site.centre.run("-m", "tests.stories.door_writer", "mika", TEXT).strip()
    address, page = f"/desk/inkorg/{written}/", site.as_role("worker")
    for way, label, button in NOTES.values():
        page.goto(f"{address}{way}/")
        page.get_by_label(label, exact=True).fill(f"Påhittat: {label}")
        page.get_by_role("button", name=button).click()
        heading(page, "Anonym")
    return address


def test_the_three_readers_differ_in_colour_shape_sign_and_words(site: Desk, dialogue: str) -> None:
    page = site.as_role("worker")
    page.goto(dialogue)
    looks = [look(page, f".hamn-said--{kind}") for kind in NOTES]
    for aspect in ("colour", "shape", "sign", "words"):
        assert len({one[aspect] for one in looks}) == len(NOTES), aspect


@pytest.mark.parametrize("kind", NOTES)
def test_the_form_is_framed_as_the_text_will_be(kind: str, site: Desk, dialogue: str) -> None:
    page = site.as_role("worker")
    page.goto(dialogue)
    written = look(page, f".hamn-said--{kind}")
    page.goto(f"{dialogue}{NOTES[kind][0]}/")
    assert look(page, f".hamn-write--{kind}") == written


def test_what_the_person_wrote_is_out_of_sight_until_it_is_asked_for(
    site: Desk, dialogue: str
) -> None:
    """Without JavaScript too, and by the keyboard."""
    page = site.as_role("colleague", java_script_enabled=False)
    page.goto(dialogue)
    expect(page.get_by_text(TEXT)).to_be_hidden()
    page.locator("summary", has_text="Visa det personen skrev").press("Enter")
    expect(page.get_by_text(TEXT)).to_be_visible()
    page.goto(dialogue)
    page.get_by_role("link", name="Visa allt som personen skrev").click()
    expect(page.get_by_text(TEXT)).to_be_visible()


def test_a_colleague_sees_the_units_note_and_not_her_own(site: Desk, dialogue: str) -> None:
    page = site.as_role("colleague")
    page.goto(dialogue)
    expect(page.get_by_text("Påhittat: Skriv till enheten")).to_be_visible()
    expect(page.get_by_text("Påhittat: Skriv en egen anteckning")).to_have_count(0)


@pytest.mark.parametrize("role", ["kast", "administrator", "controller"])
def test_nobody_else_finds_the_dialogue(role: str, site: Desk, dialogue: str) -> None:
    page = site.as_role(role)
    answer = page.goto(dialogue)
    assert answer is not None
    assert answer.status == 404


@pytest.mark.soak
@pytest.mark.parametrize("width", [1280, 320])
def test_every_page_of_the_inbox_is_sound_at_any_width(
    width: int, site: Desk, dialogue: str
) -> None:
    page = site.as_role("worker", viewport={"width": width, "height": 800})
    ways = [way for way, _label, _button in NOTES.values()]
    acts = ["ansvarig", "sparra", "lamna-over", "arende", "arende/nytt"]
    lists = ["", "?visa=open", "oppna/", "mallar/", "mallar/ny/", "svarstider/"]
    addresses = [f"/desk/inkorg/{one}" for one in lists]
    addresses += [dialogue, f"{dialogue}?visa=alla"]
    addresses += [f"{dialogue}{one}/" for one in (*ways, *acts)]
    found = {}
    for address in addresses:
        page.goto(address)
        if wrong := violations(page) + runs_over(page):
            found[address] = wrong
    assert not found


def test_a_code_for_a_caller_is_shown_and_read_aloud_on_a_phone(site: Desk) -> None:
    page = site.as_role("worker", viewport={"width": 320, "height": 640})
    page.goto("/desk/inkorg/oppna/")
    page.get_by_label("telefon").check()
    page.get_by_label("Vad gäller det?").select_option("compensation")
    page.get_by_role("button", name="Öppna och visa koden").click()
    heading(page, "Engångskoden")
    expect(page.locator("p.hamn-secret")).to_have_text(
        re.compile(r"^([0-9A-Z]{4}-){4}[0-9A-Z]{4}$")
    )
    assert not violations(page) + runs_over(page)
    page.get_by_role("link", name="Jag har lämnat koden").click()
    expect(page.get_by_text("Engångskoden är inte använd ännu")).to_be_visible()


def look(page: Page, place: str) -> dict[str, Any]:
    """How the first such text is drawn."""
    drawn: dict[str, Any] = page.locator(place).first.evaluate(LOOK)
    return drawn
