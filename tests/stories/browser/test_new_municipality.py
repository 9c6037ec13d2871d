"""The administrator's new municipality: registered, drafted, signed by both, invoiced 7/12.

The sum is counted here from the agreement's annex: Danderyd's part of 4 000 000 kr is 56 630 kr in
the prices of 2021, 2 percent more each year.
"""

import re
from datetime import date
from fractions import Fraction

import pytest
from playwright.sync_api import Page, expect

from tests.stories.browser.visiting import (
    Desk,
    card,
    fact,
    fill_day,
    heading,
    row_of,
    violations,
    words,
)

pytestmark = [pytest.mark.slow, pytest.mark.once]

DANDERYD, NAME = "0162", "Danderyds kommun"
INDEX = Fraction(102, 100)
FIRST_KR = int(56_630 * INDEX**5 * Fraction(7, 12) + Fraction(1, 2))
NEXT_KR = int(56_630 * INDEX**6 + Fraction(1, 2))
OTHER_KR = int(56_630 * INDEX + Fraction(1, 2))  # the other reading: counted from the start
assert (FIRST_KR, NEXT_KR, OTHER_KR) == (36_472, 63_775, 57_763)
FIRST, NEXT, OTHER = "36 472 kr", "63 775 kr", "57 763 kr"
# Nobody knows anything about the municipality yet, as before its first letter.
FORGET = f"""
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "hamn.site.desk.settings"
import django
django.setup()
from hamn.register.organisations.models import Party
Party.objects.get(municipality="{DANDERYD}").contacts.all().delete()
Party.objects.get(municipality="{DANDERYD}").delete()
"""
PARTY = {
    "Kommunens namn som part": NAME,
    "Organisationsnummer": "402016-2147",
    "Avdelning eller enhet": "Socialkontoret",
    "Postadress: gata eller box": "Exempelvägen 4",
    "Postadress: postnummer": "182 05",
    "Postadress: ort": "Danderyd",
    "Faktureringsadress: gata eller box": "Box 162",
    "Faktureringsadress: postnummer": "182 05",
    "Faktureringsadress: ort": "Danderyd",
    "Peppol-id": "0007:4020162147",
    "Er referens": "DAN-162",
}


def register(page: Page) -> None:
    """From the map to the municipality, its data and its contact person."""
    page.goto("/desk/")
    page.get_by_role("link", name="Danderyd: inget avtal").click()
    heading(page, "Danderyd")
    expect(page.get_by_text("Kommunen har inga partsuppgifter än.")).to_be_visible()
    page.get_by_role("button", name="Lägg upp uppgifter").click()
    heading(page, "Uppgifter om Danderyd")
    for label, text in PARTY.items():
        page.get_by_label(label).fill(text)
    page.get_by_label("Organisationsnummer").fill("402016-2148")
    page.get_by_role("button", name="Spara").click()
    expect(page.get_by_role("alert")).to_contain_text("402016-2148")
    assert page.get_by_label("Er referens").input_value() == "DAN-162"
    page.get_by_label("Organisationsnummer").fill("402016-2147")
    page.get_by_role("button", name="Spara").click()
    expect(page.get_by_text("Uppgifterna är sparade.")).to_be_visible()
    page.get_by_role("link", name="Lägg till kontaktperson").click()
    heading(page, f"Ny kontaktperson för {NAME}")
    page.get_by_label("avtalet").check()
    page.get_by_label("Titel eller namn").fill("Socialchef")
    page.get_by_label("E-post").fill("socialchef@danderyd.example")
    page.get_by_label("Telefon").fill("08-465 001 62")
    page.get_by_role("button", name="Lägg till", exact=True).click()
    expect(page.get_by_text("Kontaktpersonen är tillagd.")).to_be_visible()
    expect(page.get_by_text("Alla uppgifter som avtal och faktura behöver finns.")).to_be_visible()


def draft(page: Page) -> None:
    page.get_by_role("link", name="Lägg upp ett avtal").click()
    heading(page, f"Nytt avtal med {NAME}")
    expect(page.get_by_text("Kommunens del är 56 630 kr om året i prisnivå 2021")).to_be_visible()
    page.get_by_label("Diarienummer").fill("SN 2026/0162")
    page.get_by_role("button", name="Lägg upp utkastet").click()
    expect(page.get_by_text("Utkastet är upplagt.")).to_be_visible()
    heading(page, f"Avtal med {NAME}")


def sign(page: Page, side: str, day: date, title: str) -> list[str]:
    """One side's signature, up to the page that says what it leads to; its sentences."""
    page.get_by_role("button", name="Anteckna underskrift").click()
    heading(page, "Anteckna underskrift")
    page.get_by_label(side).check()
    fill_day(page, "Undertecknat", day)
    page.get_by_label("Undertecknarens titel").fill(title)
    page.get_by_label("digitalt").check()
    page.get_by_role("button", name="Fortsätt").click()
    heading(page, "Anteckna underskrift: bekräfta")
    assert not violations(page)
    return [words(one) for one in page.locator("#foljd li").all()]


def confirm(page: Page, told: str) -> None:
    page.get_by_role("button", name="Bekräfta underskriften").click()
    expect(page.get_by_text(told)).to_be_visible()


def sign_both(page: Page) -> None:
    """Each signature's consequence is told before it is noted; the second makes it hold."""
    told = sign(page, "kommunen", date(2026, 5, 28), "Socialchef")
    assert told == [
        "Avtalet börjar inte gälla än. Det gör det när anordnaren också har undertecknat."
    ]
    confirm(page, "Underskriften är antecknad. Nu fattas den andra partens.")
    told = sign(page, "anordnaren", date(2026, 6, 1), "Socialdirektör")
    assert told == [
        "Avtalet gäller från 1 juni 2026 (§ 11).",
        "Kommunens invånare omfattas från samma dag (§ 4).",
        f"Första avgiften: 7/12 av 2026 = {FIRST} (§ 6).",
        f"Därefter hela år. Avgiften för 2027 blir {NEXT}.",
        f"Index räknas från 2021. Räknades det från 2026 skulle avgiften för 2027 bli {OTHER}.",
    ]
    confirm(page, "Avtalet gäller från 1 juni 2026. Nästa steg är den första fakturan.")


def prepare(page: Page) -> str:
    """The first invoice alone, prepared; the path of its run. She cannot let it go herself."""
    page.get_by_role("button", name="Förbered första fakturan").click()
    heading(page, "Förbered fakturering av 2026")
    shown = [fact(page, name) for name in ("Omfattning", "Fakturor", "Summa")]
    assert shown == ["Danderyd", "1", FIRST]
    page.get_by_role("button", name="Förbered körningen").click()
    expect(page.get_by_text("Körningen är förberedd.")).to_be_visible()
    assert page.get_by_role("button", name="Granska och godkänn").count() == 0
    return page.url


def invoice(page: Page, run: str) -> None:
    """Another person releases it; the invoice says 7/12 and the sum."""
    page.goto(run)
    page.get_by_role("button", name="Granska och godkänn").click()
    assert fact(page, "Underlag just nu") == f"{FIRST} (antal fakturor: 1)"
    page.get_by_role("button", name="Godkänn och utfärda").click()
    expect(page.get_by_text("Utfärdade fakturor: 1.")).to_be_visible()
    row_of(page, NAME).get_by_role("link", name=re.compile(r"^\d{9}$")).click()
    heading(page, "Faktura")
    assert fact(page, "Avser").startswith("2026, 7/12 (första)")
    assert card(page, "Belopp") == FIRST
    assert "7/12" in words(page.locator(".hamn-steps > li").nth(4))
    assert fact(page, "Mottagare") == f"{NAME}, Socialkontoret, Box 162, 182 05 Danderyd"


def test_a_new_municipality_is_registered_signed_and_invoiced_7_of_12_for_its_first_year(
    site: Desk,
) -> None:
    site.centre.run("-c", FORGET)
    steward, controller, reader = (
        site.as_role(role) for role in ("steward", "controller", "reader")
    )
    register(steward)
    draft(steward)
    sign_both(steward)
    invoice(controller, prepare(steward))
    reader.goto("/desk/")
    standing = row_of(reader, "Danderyd")
    assert "gäller 2026-06-01" in words(standing).replace("Gäller från ", "")
    reader.get_by_role("link", name="Danderyd: gäller").click()
    heading(reader, f"Avtal med {NAME}")


def test_of_two_who_change_a_municipality_at_once_the_second_is_told_and_keeps_her_text(
    site: Desk,
) -> None:
    first, second = site.as_role("steward"), site.as_role("controller")
    for page in (first, second):
        page.goto("/desk/kommuner/0187/uppgifter/")
    first.get_by_label("Avdelning eller enhet").fill("Omsorgsenheten")
    first.get_by_role("button", name="Spara").click()
    expect(first.get_by_text("Uppgifterna är sparade.")).to_be_visible()
    second.get_by_label("Avdelning eller enhet").fill("Individ och familj")
    second.get_by_label("Er referens").fill("VAX-1")
    second.get_by_role("button", name="Spara").click()
    expect(second.get_by_role("alert")).to_be_visible()
    meanwhile = words(second.get_by_role("region", name="Det här är sparat nu"))
    assert "Avdelning eller enhet Omsorgsenheten" in meanwhile
    assert not violations(second)
    assert second.get_by_label("Avdelning eller enhet").input_value() == "Individ och familj"
    assert second.get_by_label("Er referens").input_value() == "VAX-1"
    first.reload()
    assert fact(first, "Avdelning eller enhet") == "Omsorgsenheten"
    second.get_by_role("button", name="Spara").click()
    expect(second.get_by_text("Uppgifterna är sparade.")).to_be_visible()
    assert fact(second, "Avdelning eller enhet") == "Individ och familj"


def test_of_two_who_sign_for_the_same_side_at_once_the_second_is_told_and_nothing_is_doubled(
    site: Desk,
) -> None:
    page = site.as_role("steward")
    page.goto("/desk/avtal/nytt/0140/")
    page.get_by_role("button", name="Lägg upp utkastet").click()
    expect(page.get_by_text("Utkastet är upplagt.")).to_be_visible()
    other = site.as_role("steward")
    other.goto(page.url)
    for one in (page, other):
        sign(one, "kommunen", date(2026, 5, 28), "Socialchef")
    confirm(page, "Underskriften är antecknad.")
    other.get_by_role("button", name="Bekräfta underskriften").click()
    expect(other.get_by_role("alert")).to_be_visible()
    assert other.get_by_label("Undertecknarens titel").input_value() == "Socialchef"
    page.reload()
    signed = page.get_by_role("region", name="Handlingar").get_by_role("row")
    assert signed.count() == 2  # the heading and one signature
