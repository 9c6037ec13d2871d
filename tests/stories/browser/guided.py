"""What the guides tell each role to do, done in the guides' order: the parts of the walk."""

from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from django.utils import timezone
from playwright.sync_api import expect

from hamn.site.demo.build import LAST_YEAR
from tests.stories.browser.visiting import PASSWORD, PEOPLE, fill_day, heading
from tests.stories.browser.walking import Walker

LONGEST_RUN_MS = 60_000


def enters(walker: Walker) -> None:
    """Whoever signs in: the two pages before the desk."""
    page = walker.page
    walker.go("/desk/konto/glomt/")
    walker.go("/desk/")
    page.get_by_label("E-postadress").fill(PEOPLE["controller"])
    page.get_by_label("Lösenord", exact=True).fill(PASSWORD)
    walker.press("Logga in")
    walker.take("inloggning", last="main form button")


def gives_roles(walker: Walker) -> None:
    """The administrator: invites, changes, proposes to a unit."""
    walker.menu("Personer")
    walker.take("systemadministrator-personer", last="main table")
    walker.press("Bjud in en person")
    walker.fill(email="ekonom@centrum.example", title="Ekonom, avdelning stöd")
    walker.page.get_by_label("controller").check()
    walker.take("systemadministrator-inbjudan", last="main form")
    walker.press("Skicka inbjudan")
    walker.menu("Personer")
    walker.press("Demonstrationens administratör")
    for act in ("Ändra roller", "Återställ andra faktorn", "Personen har slutat"):
        walker.menu("Personer")
        walker.press("Läsare", row=PEOPLE["reader"])
        walker.press(act)


def proposes(walker: Walker, title: str, role: str, *, as_what: str, unit: str) -> None:
    """The administrator: proposes somebody to a unit."""
    walker.menu("Personer")
    walker.press(title, row=PEOPLE[role])
    walker.press("Föreslå till en enhet")
    walker.page.get_by_label("Enhet", exact=True).select_option(label=unit)
    walker.page.get_by_label(as_what, exact=True).check()
    walker.press("Föreslå")


def verifies(walker: Walker) -> None:
    """The administrator: reads the trail and verifies it."""
    walker.menu("Spåret")
    walker.press("Kontrollera att inget är ändrat")
    walker.press("Starta kontrollen")
    expect(walker.page.get_by_text("Kedjan är hel")).to_be_visible(timeout=LONGEST_RUN_MS)
    walker.look()
    walker.take("systemadministrator-kontroll", last="main form")


def drafts(walker: Walker) -> str:
    """The agreement administrator: a draft for Vaxholm; the path of its page."""
    walker.go("/desk/kommuner/")
    walker.press("Läs in folkmängd")
    walker.go("/desk/kommuner/")
    walker.press("Läs in kommuner från en fil")
    walker.menu("Kommuner")
    walker.press("Vaxholm")
    walker.press("Lägg till kontaktperson")
    walker.menu("Avtal")
    walker.press("Lägg upp ett avtal")
    walker.page.get_by_label("Kommun").select_option("0187")
    walker.press("Fortsätt")
    walker.fill(reference="EXEMPEL 0187")
    walker.take("avtalshandlaggare-utkast", last="main table")
    walker.press("Lägg upp utkastet")
    return urlsplit(walker.page.url).path


def signs(walker: Walker, agreement: str, side: str, day: date, *, picture: str = "") -> None:
    """The agreement administrator: one party's signature, and what it leads to."""
    walker.go(agreement)
    walker.press("Anteckna underskrift")
    walker.page.get_by_label(side, exact=True).check()
    fill_day(walker.page, "Undertecknat", day)
    walker.fill(title="Socialdirektör")
    walker.press("Fortsätt")
    if picture:
        walker.take(picture, last="main form")
    walker.press("Bekräfta underskriften")


def keeps_agreements(walker: Walker) -> str:
    """The agreement administrator: from draft to a prepared first invoice; the path of its run."""
    today = timezone.localdate()
    agreement = drafts(walker)
    walker.press("Återkalla utkastet")
    day = min(today, date(today.year, 5, 4))
    signs(walker, agreement, "kommunen", day)
    signs(walker, agreement, "anordnaren", day, picture="avtalshandlaggare-bekrafta")
    walker.take("avtalshandlaggare-avtal", last="section[aria-labelledby='villkor']")
    walker.press("Förbered första fakturan")
    walker.press("Förbered körningen")
    run = urlsplit(walker.page.url).path
    walker.go("/desk/kommuner/0191/")
    walker.go(agreement)
    walker.press("Säg upp avtalet")
    fill_day(walker.page, "Uppsägningen kom fram", today)
    walker.page.get_by_label("kommunen", exact=True).check()
    walker.press("Fortsätt")
    walker.go("/desk/avtal/?sok=Sigtuna")
    walker.press("Sigtuna kommun")
    return run


def releases(walker: Walker, run: str) -> None:
    """Whoever did not prepare the run: lets it go and waits for its result."""
    walker.go(run)
    walker.press("Granska och godkänn")
    walker.press("Godkänn och utfärda")
    sees_result(walker, run)


def sees_result(walker: Walker, run: str) -> None:
    """The run's page once everything is issued."""
    walker.go(run)
    result = walker.page.get_by_role("heading", name="Resultat per kommun")
    expect(result).to_be_visible(timeout=LONGEST_RUN_MS)
    walker.look()


def mends(walker: Walker) -> str:
    """The controller: completes, decides and prepares the year; the path of the run."""
    walker.go("/desk/oversikt/")
    walker.take("oversikt", last=".hamn-map")
    walker.menu("Årets fakturering")
    preview = f"/desk/fakturering/{LAST_YEAR}/"
    walker.go(f"/desk/fakturering/{LAST_YEAR + 1}/")
    walker.take("controller-forhandsgranska", last="main tbody tr:nth-child(8)", margin=0)
    walker.go(preview)
    walker.press("Komplettera uppgifterna", row="Sigtuna")
    walker.fill(buyer_reference="SIG-4711")
    walker.press("Spara")
    walker.go(preview)
    walker.press("Besluta", row="Sundbyberg")
    walker.press("Spara beslutet")
    walker.page.get_by_label("Till och med sista dagen").check()
    walker.page.get_by_label("Skäl").fill("Avtalet upphör i januari")
    walker.press("Spara beslutet")
    walker.press("Förbered körningen")
    walker.press("Förbered körningen")
    run = urlsplit(walker.page.url).path
    walker.go(f"{run}avbryt/")
    return run


def keeps_invoices(walker: Walker, run: str) -> None:
    """The controller: the result, why the amount, receipt, payment and credit."""
    sees_result(walker, run)
    walker.go(f"{run}?utfall=issued")
    walker.take("controller-resultat", last="main table")
    walker.press("20", row="Sigtuna")
    invoice = urlsplit(walker.page.url).path
    walker.take_part("controller-belopp", first="#varfor", last=".hamn-steps")
    for act in ("mottagen", "betalning"):
        walker.go(f"{invoice}{act}/")
    walker.go(invoice)
    walker.press("Kreditera")
    walker.page.get_by_label("Allt som är kvar av fakturan").check()
    walker.page.get_by_label("Skäl").fill("Fel referens")
    walker.press("Fortsätt")
    walker.press("Utfärda kreditfakturan")
    walker.go(invoice)
    walker.menu("Fakturor")
    walker.press("20", row="förfallen")


def looks_ahead(walker: Walker) -> None:
    """The controller: what if, a new tariff as far as its fees, published totals, the trail."""
    walker.menu("Taxor")
    walker.press("Jämför: vad händer om?")
    walker.go("/desk/taxor/ny/")
    walker.fill(name="Taxa, folkmängd 2024", total_kr="4 000 000", population_year="2024")
    walker.page.get_by_label("Stockholms län").check()
    walker.fill(mika="2", kast="1", coordinator_adult="1", coordinator_child="1")
    walker.fill(index_percent="2", price_level_year=str(LAST_YEAR + 1))
    fill_day(walker.page, "Gäller från och med", date(timezone.localdate().year + 1, 1, 1))
    walker.press("Visa avgifterna")
    walker.menu("Uppföljning")
    walker.press("Klienter under året")
    walker.menu("Spåret")
    walker.press("Kontrollera att inget är ändrat")


def heads(walker: Walker, run: str) -> None:
    """The head of unit: finds the run on the overview, reviews and releases it."""
    walker.go("/desk/oversikt/")
    walker.go(f"/desk/fakturering/?ar={LAST_YEAR}")
    walker.take("enhetschef-nasta-steg", last="main table")
    walker.press("Granska körningen")
    walker.take("enhetschef-godkann", last="main form")
    walker.go(f"/desk/fakturering/{LAST_YEAR}/")
    releases(walker, run)
    walker.menu("Uppföljning")


def decides(walker: Walker) -> None:
    """The head of unit: decides who belongs to it."""
    walker.menu("Min enhet")
    walker.take("enhetschef-enhet", last="main dl")
    walker.press("Besluta")
    walker.press("Besluta")


def keeps_watch(walker: Walker, home: Path) -> None:
    """The head of unit: opens the vault, reviews who has read, and sees what is to be disposed of.

    A unit that she is asked to head waits for her, too.
    """
    walker.menu("Min enhet")
    walker.menu("Valvet")
    walker.press("Stäng")
    walker.press("Stäng valvet")
    walker.menu("Min dag")
    walker.menu("Valvet")
    walker.press("Öppna")
    found = next(home.rglob("demo-passphrase"))
    walker.page.get_by_label("Lösenfras", exact=True).fill(found.read_text(encoding="ascii"))
    walker.press("Öppna valvet")
    walker.menu("Min dag")
    walker.press("Nödöppningar att granska")
    walker.take("enhetschef-loggkontroll", last="section[aria-labelledby='manader']")
    walker.press("M-")
    walker.go("/desk/arenden/loggkontroll/")
    walker.press("2026-")
    walker.menu("Gallring")


def works(walker: Walker) -> None:
    """The worker: her day, a new contact, a case, a child, a search, a colleague's case."""
    page = walker.page
    walker.menu("Min dag")
    walker.take("handlaggare-min-dag", last="section[aria-labelledby='waiting']")
    walker.press("Ny kontakt")
    walker.take("handlaggare-ny-kontakt", last="main form > .hamn-two")
    walker.menu("Verksamheter")
    walker.press("Vem får hjälp?")
    walker.menu("Min dag")
    walker.press("M-", row="Påhittad Ek")
    walker.take("handlaggare-arende", last=".moj-timeline__item:nth-child(3)")
    for part in ("Plan och stöd", "Remisser och samtycken", "Uppgifter", "Åtkomst"):
        walker.press(part)
    walker.press("Barn och anhöriga")
    walker.press("Gör en orosanmälan")
    walker.fill(concern="Exempel: vi är oroliga för ett barn i närheten.")
    page.locator("[name='municipality']").select_option("0126")
    walker.press("Spara anmälan")
    walker.take("handlaggare-orosanmalan", last="main section.hamn-next")
    walker.menu("Min dag")
    walker.press("Sök ärende")
    walker.go("/desk/arenden/enheten/")
    walker.press("M-", row="Socionom B, Mika")
    walker.take("handlaggare-inte-ditt", last="main .govuk-button")


def coordinates(walker: Walker) -> None:
    """The coordinator: who covers for her, absence, the vault, and whom she helps."""
    walker.menu("Min dag")
    walker.menu("Personal")
    walker.press("regionkoordinator vuxna", row="regionkoordinator vuxna")
    walker.take_part(
        "regionkoordinator-ersattare",
        first="#ersattare",
        last="section[aria-labelledby='ersattare']",
    )
    walker.menu("Valvet")
    walker.menu("Verksamheter")
    walker.press("Vem får hjälp?")


def reads(walker: Walker) -> None:
    """The reader: the questions of the guide, and a page of somebody else."""
    walker.go("/desk/oversikt/")
    walker.take_part("lasare-karta", first="#karta", last=".hamn-map")
    walker.menu("Kommuner")
    walker.press("Vallentuna")
    walker.menu("Avtal")
    walker.press("Vallentuna kommun")
    walker.take_part("lasare-villkor", first="#villkor", last="section[aria-labelledby='villkor']")
    walker.menu("Fakturor")
    walker.press("20", row="Vallentuna kommun")
    walker.menu("Taxor")
    walker.press("Jämför: vad händer om?")
    walker.menu("Uppföljning")
    walker.go("/desk/hjalp/")
    walker.take_part("lasare-hjalp", first="#paragraf-6", last="[aria-labelledby='paragraf-6']")
    walker.go("/desk/personer/")
    heading(walker.page, "Sidan finns inte")
    walker.go("/desk/konto/")
