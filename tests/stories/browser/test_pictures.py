"""The guides' pictures, taken from the demonstration; and that the guides say what pages say.

One walk through the desk does what the guides tell each role to do. On the way it takes their
pictures and keeps the words of every page. `HAMN_PICTURES` names the folder for the pictures.
"""

import os
import re
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from tools import catalogues

from hamn.site.demo.build import LAST_YEAR
from tests.stories.browser.visiting import PASSWORD, PEOPLE, Desk, fill_day, heading
from tests.stories.browser.walking import WINDOW, Walk, Walker, spaced

pytestmark = pytest.mark.slow

GUIDES = Path(__file__).parents[3] / "docs" / "guide"
NOBODY = "nobody"  # who is about to sign in
# Each guide's readers. What the index tells of is everybody's, so the one who sees least has it.
READERS = {
    "README": (NOBODY, "reader"),
    "controller": ("controller",),
    "avtalshandlaggare": ("steward",),
    "enhetschef": ("head",),
    "lasare": ("reader",),
    "systemadministrator": ("administrator",),
    "../aret": ("controller", "steward"),
}
MOST_BYTES = {"oversikt": 150_000}
MOST_BYTES_ELSE = 90_000
FEWEST_BYTES = 5_000  # fewer is a page with nothing on it
LONGEST_RUN_MS = 60_000

PICTURE = re.compile(r"!\[([^\]]*)\]\(bilder/([a-z-]+)\.png\)")
LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)#]+)(?:#[^)]*)?\)")
BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
QUOTED = re.compile(r"”([^”]+)”")


def guide(name: str) -> str:
    """The text of a guide."""
    return (GUIDES / f"{name}.md").read_text(encoding="utf-8")


# The walk. Each part does what a guide tells its role to do, in the guide's order.


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


def proposes(walker: Walker, title: str, role: str, *, as_what: str) -> None:
    """The administrator: proposes somebody to Mikamottagningen."""
    walker.menu("Personer")
    walker.press(title, row=PEOPLE[role])
    walker.press("Föreslå till en enhet")
    walker.page.get_by_label("Enhet", exact=True).select_option(label="Mikamottagningen")
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
    """The controller: what if, a new tariff as far as its fees, and the trail."""
    walker.menu("Taxor")
    walker.press("Jämför: vad händer om?")
    walker.go("/desk/taxor/ny/")
    walker.fill(name="Taxa, folkmängd 2024", total_kr="4 000 000", population_year="2024")
    walker.page.get_by_label("Stockholms län").check()
    walker.fill(mika="2", kast="1", coordinator_adult="1", coordinator_child="1")
    walker.fill(index_percent="2", price_level_year=str(LAST_YEAR + 1))
    fill_day(walker.page, "Gäller från och med", date(timezone.localdate().year + 1, 1, 1))
    walker.press("Visa avgifterna")
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


def takes_over(walker: Walker) -> None:
    """The head of unit: takes over a unit that has no head."""
    walker.menu("Min enhet")
    walker.press("Ta över enheten")
    walker.press("Ta över enheten")


def decides(walker: Walker) -> None:
    """The head of unit: decides who belongs to it."""
    walker.menu("Min enhet")
    walker.take("enhetschef-enhet", last="main dl:last-of-type")
    walker.press("Besluta")
    walker.press("Besluta")


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
    walker.go("/desk/hjalp/")
    walker.take_part("lasare-hjalp", first="#paragraf-6", last="[aria-labelledby='paragraf-6']")
    walker.go("/desk/personer/")
    heading(walker.page, "Sidan finns inte")
    walker.go("/desk/konto/")


@pytest.fixture(scope="module")
def walk(site: Desk, tmp_path_factory: pytest.TempPathFactory) -> Walk:
    """What everyone saw who did what the guides say; their pictures lie in the folder."""
    found = Walk()

    def someone(role: str) -> Walker:
        walker = Walker(site.as_role(role, viewport=WINDOW), role, found)
        walker.go("/desk/oversikt/")
        return walker

    people = {role: someone(role) for role in PEOPLE}
    enters(Walker(site.visitor(viewport=WINDOW), NOBODY, found))
    gives_roles(people["administrator"])
    proposes(people["administrator"], "Enhetschef", "head", as_what="Chef för enheten")
    takes_over(people["head"])
    proposes(people["administrator"], "Avtalshandläggare", "steward", as_what="Medarbetare")
    decides(people["head"])
    first = keeps_agreements(people["steward"])
    releases(people["controller"], first)
    run = mends(people["controller"])
    heads(people["head"], run)
    keeps_invoices(people["controller"], run)
    looks_ahead(people["controller"])
    reads(people["reader"])
    verifies(people["administrator"])
    folder = Path(os.environ.get("HAMN_PICTURES") or tmp_path_factory.mktemp("bilder"))
    folder.mkdir(parents=True, exist_ok=True)
    for name, png in found.pictures.items():
        (folder / f"{name}.png").write_bytes(png)
    return found


def test_the_guides_show_the_pictures_that_are_taken_and_no_others(walk: Walk) -> None:
    shown = [found for name in READERS for found in PICTURE.findall(guide(name))]
    assert sorted(name for _told, name in shown) == sorted(walk.pictures)
    assert all(told for told, _name in shown), "a picture says in words what it shows"
    kept = {path.stem for path in (GUIDES / "bilder").iterdir()}
    assert kept == set(walk.pictures), "run `make pictures`, and remove what nobody shows"


@pytest.mark.parametrize("name", READERS)
def test_what_a_guide_sets_in_bold_stands_on_a_page_of_its_reader(walk: Walk, name: str) -> None:
    words = set().union(*(walk.words[role] for role in READERS[name]))
    bold = {spaced(one) for one in BOLD.findall(guide(name))}
    assert bold
    assert sorted(bold - words) == []


@pytest.mark.parametrize("name", READERS)
def test_what_a_guide_quotes_is_something_that_hamn_says(walk: Walk, name: str) -> None:
    said = [text for role in READERS[name] for text in walk.texts[role]]
    said += [sentence for sentence, _place in catalogues.sentences()]
    quoted = {spaced(one) for one in QUOTED.findall(guide(name))}
    assert sorted(one for one in quoted if not any(one in text for text in said)) == []


@pytest.mark.parametrize("name", READERS)
def test_every_link_of_a_guide_leads_to_a_document(name: str) -> None:
    here = (GUIDES / f"{name}.md").parent
    links = set(LINK.findall(guide(name)))
    assert sorted(link for link in links if not (here / link).is_file()) == []


def test_each_picture_shows_something_and_is_light(walk: Walk) -> None:
    sizes = {name: len(png) for name, png in walk.pictures.items()}
    assert [name for name, size in sizes.items() if size < FEWEST_BYTES] == []
    most = {name: MOST_BYTES.get(name, MOST_BYTES_ELSE) for name in sizes}
    assert [name for name, size in sizes.items() if size > most[name]] == []
