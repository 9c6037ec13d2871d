"""The controller's January: from the overview to the credit note, with a head of unit beside her.

Sums are counted here from the agreement's annex, not read from the code that is tested.
"""

import re
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from lxml import etree
from playwright.sync_api import Page, expect

from tests.stories.browser.visiting import (
    Desk,
    card,
    fact,
    fill_day,
    heading,
    paused_worker,
    row_of,
    violations,
    words,
)

pytestmark = [pytest.mark.slow, pytest.mark.once]

# The annex: Sigtuna's and Sundbyberg's part of 4 000 000 kr; 2 percent a year from 2021.
INDEX = Fraction(102, 100) ** 5
SIGTUNA_KR = int(82_129 * INDEX + Fraction(1, 2))
SUNDBYBERG_KR = int(86_282 * INDEX / 12 + Fraction(1, 2))  # 1/12: the agreement ends in January
PAID_KR, CREDITED_KR = 10_000, 1_000
NEWCOMERS = ("0125", "0128", "0140", "0162", "0187", "0980")  # without an agreement in the demo
ACTS = [
    "Uppgifter om en part sparades.",
    "Beslut fattades om ett uppsagt avtals år.",
    "En faktureringskörning förbereddes.",
    "En förberedd körning godkändes av en annan person.",
    "En faktureringskörning började.",
    "En faktura utfärdades.",
    "En faktura utfärdades.",
    "En faktureringskörning slutade.",
    "Mottagandet av en faktura antecknades.",
    "En betalning antecknades.",
    "En kreditfaktura utfärdades.",
]
# The worker as it is, with batches of three and documents that take their time.
SLOW_WORKER = """
import os, time
os.environ["DJANGO_SETTINGS_MODULE"] = "hamn.site.desk.settings"
import django
django.setup()
from hamn.agreement.invoicing import queries, tasks
from hamn.agreement.invoicing.actions.press import Press, configured
from hamn.site import worker

def slowly(folder):
    press = configured(folder)
    def draw(document, xml):
        time.sleep(3)
        return press.draw(document, xml)
    return Press(judge=press.judge, draw=draw)

queries.in_batches.__defaults__ = (3,)
tasks.configured = slowly
worker.work(once=True)
"""
CBC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"


def kr(amount: int) -> str:
    """An amount as pages tell it, thousands apart."""
    return f"{amount:,} kr".replace(",", " ")


def today() -> date:
    """The day in the centre's own time zone."""
    return datetime.now(ZoneInfo("Europe/Stockholm")).date()


def to_preview(page: Page) -> None:
    """By the menu to the preview of 2026."""
    page.get_by_role("link", name="Årets fakturering", exact=True).click()
    page.get_by_role("navigation", name="Välj år").get_by_role("link", name="2026").click()
    page.get_by_role("link", name="Se kommun för kommun vilka som får faktura").click()
    heading(page, "Förhandsgranska 2026")


def mend(page: Page) -> None:
    """Sigtuna is not invoiced; why stands there, and the way to mend it."""
    page.goto("/desk/")
    heading(page, "Översikt")
    assert "er referens" in words(row_of(page, "Sigtuna"))
    to_preview(page)
    assert card(page, "fakturor att utfärda") == "0"
    sigtuna = row_of(page, "Sigtuna")
    assert "uppgifter saknas" in words(sigtuna)
    assert "er referens (beställarreferens)" in words(sigtuna)
    sigtuna.get_by_role("link", name="Komplettera uppgifterna").click()
    heading(page, "Uppgifter om Sigtuna")
    page.get_by_label("Er referens").fill("SIG-4711")
    page.get_by_role("button", name="Spara").click()
    expect(page.get_by_text("Uppgifterna är sparade.")).to_be_visible()
    to_preview(page)
    assert card(page, "fakturor att utfärda") == "1"
    assert card(page, "summa") == kr(SIGTUNA_KR)


def decide(page: Page) -> None:
    """Sundbyberg's agreement ends in January: both readings of § 6 are shown, one is chosen."""
    sundbyberg = row_of(page, "Sundbyberg")
    assert "hålls för beslut" in words(sundbyberg)
    sundbyberg.get_by_role("link", name="Besluta").click()
    heading(page, "Besluta om 2026 för Sundbybergs stad")
    choices = words(page.get_by_role("group", name="Vad ska faktureras?"))
    assert f"Hela året {kr(95_262)}" in choices
    assert f"Till och med sista dagen 1/12 = {kr(SUNDBYBERG_KR)}" in choices
    page.get_by_role("button", name="Spara beslutet").click()
    expect(page.get_by_role("alert")).to_contain_text("Skäl")
    assert not violations(page)
    page.get_by_label("Till och med sista dagen").check()
    page.get_by_label("Skäl").fill("Avtalet upphör den 22 januari")
    page.get_by_role("button", name="Spara beslutet").click()
    heading(page, "Förhandsgranska 2026")
    assert card(page, "fakturor att utfärda") == "2"
    assert card(page, "summa") == kr(SIGTUNA_KR + SUNDBYBERG_KR)


def prepare(page: Page) -> str:
    """The year's run, prepared; the path of its page. Who prepares does not release."""
    total = kr(SIGTUNA_KR + SUNDBYBERG_KR)
    page.get_by_role("button", name="Förbered körningen").click()
    heading(page, "Förbered fakturering av 2026")
    assert (fact(page, "Fakturor"), fact(page, "Summa")) == ("2", total)
    page.get_by_role("button", name="Förbered körningen").click()
    expect(page.get_by_text("Körningen är förberedd.")).to_be_visible()
    expect(page.get_by_text("Du har själv förberett körningen.")).to_be_visible()
    expect(page.get_by_text("En annan controller eller enhetschefen kan")).to_be_visible()
    assert page.get_by_role("button", name="Granska och godkänn").count() == 0
    run = page.url
    page.goto(f"{run}godkann/")
    heading(page, "Det går inte att göra nu")
    expect(page.get_by_text("Två personer ska se varje summa.")).to_be_visible()
    assert page.get_by_role("button", name="Godkänn och utfärda").count() == 0
    page.goto("/desk/")
    heading(page, "Översikt")
    assert page.get_by_role("link", name="Granska och godkänn").count() == 0
    return run


def release(page: Page) -> None:
    """The head of unit sees what was prepared, by whom and for how much, and lets it go."""
    total = kr(SIGTUNA_KR + SUNDBYBERG_KR)
    page.goto("/desk/")
    page.get_by_role("link", name="Granska och godkänn faktureringen för 2026").click()
    heading(page, "Godkänn fakturering av 2026")
    assert fact(page, "Förberett underlag") == f"{total} (antal fakturor: 2)"
    assert fact(page, "Underlag just nu") == f"{total} (antal fakturor: 2)"
    assert fact(page, "Förberedd").endswith("av Controller")
    expect(page.get_by_text("kan inte ändras, bara krediteras")).to_be_visible()
    assert not violations(page)
    page.get_by_role("button", name="Godkänn och utfärda").click()
    expect(page.get_by_text("Körningen är godkänd. Fakturorna utfärdas nu.")).to_be_visible()


def watch(site: Desk, head: Page, controller: Page, run: str) -> None:
    """Progress is there after a reload too, and both pages turn into the result by themselves."""
    with paused_worker(site):
        release(head)
        expect(head.get_by_role("progressbar")).to_be_visible()
        head.reload()
        expect(head.get_by_text("Körningen är godkänd och börjar strax.")).to_be_visible()
        controller.goto(run)
        expect(controller.get_by_role("progressbar")).to_be_visible()
        assert not violations(controller)
    for page in (head, controller):
        expect(page.get_by_text("Utfärdade fakturor: 2.")).to_be_visible()
        heading(page, "klar")


def explain(page: Page) -> str:
    """From the result to the invoice and the six steps behind its amount; the invoice's number."""
    result = row_of(page, "Sigtuna")
    assert kr(SIGTUNA_KR) in words(result)
    number = words(result.get_by_role("link", name=re.compile(r"^\d+$")))
    result.get_by_role("link", name=number).click()
    heading(page, f"Faktura {number}")
    assert card(page, "Belopp") == kr(SIGTUNA_KR)
    steps = page.locator(".hamn-steps > li")
    assert steps.count() == 6
    told = [words(step) for step in steps.all()]
    assert "48 130 invånare" in told[0]
    assert "48 130 / 2 344 124" in told[1]
    assert kr(82_129) in told[2]
    assert kr(SIGTUNA_KR) in told[5]
    steps.nth(5).get_by_role("link", name="avtalet § 6").click()
    expect(page.get_by_role("heading", name="§ 6 Kostnad och betalning")).to_be_in_viewport()
    page.go_back()
    heading(page, f"Faktura {number}")
    return number


def download(page: Page, number: str) -> None:
    """The PDF is one, and the e-invoice tells the same amount."""
    with page.expect_download() as pdf:
        page.get_by_role("link", name="Ladda ner PDF").click()
    assert number in pdf.value.suggested_filename
    assert Path(pdf.value.path()).read_bytes().startswith(b"%PDF-")
    with page.expect_download() as xml:
        page.get_by_role("link", name="Ladda ner e-faktura (XML)").click()
    document = etree.parse(str(xml.value.path()))
    assert document.findtext(f"{CBC}ID") == number
    assert Fraction(document.findtext(f".//{CBC}PayableAmount") or "0") == SIGTUNA_KR


def get_paid(page: Page, number: str) -> None:
    """Receipt and a part payment; the form sent twice is one payment."""
    day = today()
    page.get_by_role("link", name="Anteckna mottagandet").click()
    fill_day(page, "Mottagen", day)
    page.get_by_role("button", name="Spara").click()
    expect(page.get_by_text("Mottagandet är antecknat.")).to_be_visible()
    due = day + timedelta(days=30)
    assert f"{due.day} " in fact(page, "Förfaller") and str(due.year) in fact(page, "Förfaller")
    page.get_by_role("link", name="Anteckna betalning").click()
    heading(page, "Anteckna betalning")
    assert page.get_by_label("Belopp").input_value() == str(SIGTUNA_KR)
    fill_day(page, "Betald", day)
    page.get_by_label("Belopp").fill(str(PAID_KR))
    page.get_by_role("button", name="Anteckna betalningen").click()
    expect(page.get_by_text(f"{kr(SIGTUNA_KR - PAID_KR)} är kvar att betala")).to_be_visible()
    page.go_back()
    expect(page.get_by_label("Belopp")).to_have_value(str(PAID_KR))
    page.get_by_role("button", name="Anteckna betalningen").click()
    heading(page, "Redan skickat")
    assert not violations(page)
    page.goto(f"/desk/fakturor/{number}/")
    assert card(page, "Betalt") == kr(PAID_KR)
    assert card(page, "Kvar") == kr(SIGTUNA_KR - PAID_KR)
    assert page.get_by_role("table", name="Betalningar").get_by_role("row").count() == 2


def credit(page: Page, number: str) -> None:
    """A part is credited after confirmation, and the two documents lead to each other."""
    page.get_by_role("link", name="Kreditera", exact=True).click()
    page.get_by_label("En del av fakturan").check()
    page.get_by_label("Belopp att kreditera").fill(str(CREDITED_KR))
    page.get_by_label("Skäl").fill("Mottagningen stängd en vecka")
    page.get_by_role("button", name="Fortsätt").click()
    heading(page, "Kontrollera krediteringen")
    left = kr(SIGTUNA_KR - PAID_KR - CREDITED_KR)
    assert fact(page, "Krediteras") == kr(CREDITED_KR)
    assert fact(page, "Kvar att betala") == left
    expect(page.get_by_text("Den kan inte ändras eller tas bort efteråt.")).to_be_visible()
    assert not violations(page)
    page.get_by_role("button", name="Utfärda kreditfakturan").click()
    heading(page, "Kreditfaktura")
    note = words(page.get_by_role("heading", level=1)).removeprefix("Kreditfaktura ")
    expect(
        page.get_by_text(f"Kreditfaktura {note} på {kr(CREDITED_KR)} är utfärdad")
    ).to_be_visible()
    page.get_by_role("link", name=number, exact=True).click()
    heading(page, f"Faktura {number}")
    assert (card(page, "Krediterat"), card(page, "Kvar")) == (kr(CREDITED_KR), left)
    page.get_by_role("link", name=note, exact=True).click()
    heading(page, f"Kreditfaktura {note}")


def read_trail(page: Page) -> None:
    """What was done stands in the trail in its order, newest first, and the trail is sound."""
    page.get_by_role("link", name="Spåret", exact=True).click()
    heading(page, "Spåret")
    told = page.get_by_role("table").locator("tbody tr td:nth-child(3)").all()
    acts = [words(cell).removeprefix("Vad hände ") for cell in told]
    newest = [act for act in acts if act in ACTS][: len(ACTS)]
    assert newest == ACTS[::-1]
    page.get_by_role("link", name="Kontrollera att inget är ändrat").click()
    page.get_by_role("button", name="Starta kontrollen").click()
    expect(page.get_by_text("Kedjan är hel")).to_be_visible()
    assert not violations(page)


def test_what_a_controller_prepares_is_issued_when_a_head_releases_it_and_can_be_explained(
    site: Desk,
) -> None:
    controller, head = site.as_role("controller"), site.as_role("head")
    mend(controller)
    decide(controller)
    run = prepare(controller)
    watch(site, head, controller, run)
    number = explain(controller)
    download(controller, number)
    get_paid(controller, number)
    credit(controller, number)
    read_trail(controller)


def read_in_agreements(page: Page) -> None:
    """Six agreements that began elsewhere, read in from a file."""
    rows = "".join(f"{code},2021-02-01\n" for code in NEWCOMERS)
    page.goto("/desk/avtal/las-in/")
    page.locator("input[type=file]").set_input_files(
        {
            "name": "avtal.csv",
            "mimeType": "text/csv",
            "buffer": f"municipality_code,signed_on\n{rows}".encode(),
        }
    )
    page.get_by_role("button", name="Läs in", exact=True).click()
    expect(page.get_by_text("6 avtal lästes in.")).to_be_visible()


def prepare_again(page: Page, count: int) -> str:
    """A run of what is left of 2026, with so many invoices; the path of its page."""
    page.goto("/desk/fakturering/2026/")
    assert card(page, "fakturor att utfärda") == str(count)
    page.get_by_role("button", name="Förbered körningen").click()
    page.get_by_role("button", name="Förbered körningen").click()
    expect(page.get_by_text("Körningen är förberedd.")).to_be_visible()
    return page.url


def let_go(page: Page, run: str) -> None:
    page.goto(run)
    page.get_by_role("button", name="Granska och godkänn").click()
    page.get_by_role("button", name="Godkänn och utfärda").click()
    expect(page.get_by_role("progressbar")).to_be_visible()


def cancel(page: Page) -> None:
    page.get_by_role("button", name="Avbryt körningen").click()
    expect(page.get_by_text("Det som redan är utfärdat står kvar")).to_be_visible()
    page.get_by_role("button", name="Avbryt körningen").click()
    heading(page, "avbruten")


def issued_in(page: Page, year: int) -> int:
    """How many invoices the year has."""
    page.goto(f"/desk/fakturering/?ar={year}")
    return int(card(page, f"utfärdade fakturor för {year}"))


def issued_to(page: Page, code: str) -> list[str]:
    """The numbers of the municipality's invoices for 2026."""
    page.goto(f"/desk/fakturor/?ar=2026&kommun={code}")
    return [words(link) for link in page.get_by_role("link", name=re.compile(r"^\d{9}$")).all()]


def test_a_cancelled_run_stops_where_it_is_and_the_next_one_issues_the_rest_once(
    site: Desk,
) -> None:
    controller, head = site.as_role("controller"), site.as_role("head")
    read_in_agreements(site.as_role("steward"))
    before = issued_in(controller, 2026)
    with paused_worker(site):
        # Before anyone works on it: it ends at once, and nothing is issued.
        let_go(head, prepare_again(controller, 6))
        cancel(head)
        expect(head.get_by_text("Körningen togs bort innan något utfärdades.")).to_be_visible()
        # At work: it ends after the batch at hand.
        let_go(head, prepare_again(controller, 6))
        worker = site.centre.start("-c", SLOW_WORKER)
        expect(head.get_by_text(re.compile(r"Utfärdade fakturor: [1-5]\."))).to_be_visible()
        cancel(head)
        _out, err = worker.communicate(timeout=60)
        assert worker.returncode == 0, err
        told = words(head.get_by_text(re.compile(r"^Utfärdade fakturor: \d\.$")))
        issued = int(told.strip(".")[-1])
    assert 0 < issued < len(NEWCOMERS)
    assert issued_in(controller, 2026) == before + issued
    let_go(head, prepare_again(controller, len(NEWCOMERS) - issued))
    heading(head, "klar")
    assert issued_in(controller, 2026) == before + len(NEWCOMERS)
    numbers = [issued_to(controller, code) for code in NEWCOMERS]
    assert [len(found) for found in numbers] == [1] * len(NEWCOMERS)
    places = sorted(int(found[0]) for found in numbers)
    assert places == list(range(places[0], places[0] + len(NEWCOMERS)))
