"""The invoice on paper: what a controller reads, and what a program finds inside."""

import io
import re
import subprocess
from dataclasses import replace
from datetime import date

import pikepdf
import pytest

from hamn.agreement.invoicing import paper
from hamn.agreement.invoicing.document import (
    Address,
    DocumentLine,
    ExplanationStep,
    InvoiceDocument,
    InvoiceParty,
    Kind,
    PaymentDetails,
    PrecedingInvoice,
    VatTreatment,
)
from hamn.agreement.invoicing.paper import invoice_pdf
from hamn.papers.pdf import UnprintableText

UBL = ("<Invoice>" + "<Name>Österåkers kommun</Name>\n" * 170 + "</Invoice>\n").encode()
EXAMPLE = "Exempel ur Hamns demonstration. Inte en riktig faktura."
POINTS_PER_MM = 72 / 25.4
STEPS = (
    ("population", "Kommunens folkmängd 31 december 2018", "44 831 invånare", "bilagan"),
    ("share", "Kommunens andel av länets invånare", "1,91 %", "bilagan"),
    ("annex_amount", "Kommunens del av 4 000 000 kr", "76 499 kr", "bilagan"),
    ("no_index", "Ingen uppräkning: 2024 är basåret", "76 499 kr", "avtalet § 6"),
    ("twelfths", "Återstående tolftedelar av 2024", "7/12", "avtalet § 6"),
    ("amount", "Belopp att betala, i hela kronor", "44 624 kr", "avtalet § 6"),
)


def step(code: str, label: str, value: str, clause: str) -> ExplanationStep:
    return ExplanationStep(code=code, label=label, value=value, clause=clause)


def line(position: int, text: str, amount_kr: int) -> DocumentLine:
    return DocumentLine(position=position, text=text, amount_kr=amount_kr)


SELLER = InvoiceParty(
    name="Stockholms stad",
    department="Socialförvaltningen, Mikamottagningen",
    organisation_number="2120000142",
    participant_id="0007:2120000142",
    address=Address(street="Exempelgatan 1", postal_code="12345", city="Stockholm"),
    contact="Avtalsansvarig",
    phone="+46850800000",
    email="avtal@stockholm.example",
)
BUYER = InvoiceParty(
    name="Österåkers kommun",
    department="Socialförvaltningen",
    organisation_number="4120000008",
    participant_id="",
    address=Address(street="Fakturavägen 2", postal_code="18486", city="Åkersberga"),
    contact="",
    phone="",
    email="",
)
INVOICE = InvoiceDocument(
    kind=Kind.FIRST,
    number="2024-0001",
    issued_on=date(2024, 6, 3),
    due_on=date(2024, 7, 3),
    year=2024,
    period_from=date(2024, 6, 1),
    period_to=date(2024, 12, 31),
    seller=SELLER,
    seller_vat_number="",
    is_f_skatt_approved=False,
    buyer=BUYER,
    buyer_reference="REF-4711",
    agreement_reference="Avtal 2024-17",
    lines=(line(1, "Kommunens andel juni–december 2024 (7/12)", 44624),),
    vat=VatTreatment(category="O", reason="Ingen moms: myndighetsutövning."),
    payment=PaymentDetails(bankgiro="12345674", plusgiro="", ocr="20240001177"),
    paid_kr=0,
    steps=tuple(step(*parts) for parts in STEPS),
)
CREDIT = replace(
    INVOICE,
    kind=Kind.CREDIT,
    number="2024-0007",
    lines=(line(1, "Nedsättning för juli och augusti 2024", 12750),),
    preceding=PrecedingInvoice(number="2024-0001", issued_on=date(2024, 6, 3)),
    reason="Mottagningen var stängd i två månader (avtalet § 10).",
)


def told(command: list[str], content: bytes) -> str:
    done = subprocess.run(command, input=content, capture_output=True, check=True)
    return done.stdout.decode()


def pages(document: InvoiceDocument) -> list[str]:
    """The text of each page as another program reads it, on one line, with plain spaces."""
    text = told(["pdftotext", "-layout", "-", "-"], invoice_pdf(document, UBL))
    return [" ".join(page.split()) for page in text.split("\f")[:-1]]


def boxes(document: InvoiceDocument) -> list[tuple[float, float, float, float, str]]:
    """Every word with its place in millimetres: left, top, right, bottom."""
    text = told(["pdftotext", "-bbox", "-", "-"], invoice_pdf(document, UBL))
    pattern = r'xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.*?)</word>'
    return [
        (*(float(part) / POINTS_PER_MM for part in found[:4]), found[4])
        for found in re.findall(pattern, text)
    ]


def test_page_one_states_what_a_controller_looks_for() -> None:
    page, _why = pages(INVOICE)
    for fact in (
        "Faktura",
        "2024-0001",
        "2024-06-03",
        "2024-07-03",
        "20240001177",
        "REF-4711",
        "Avtal 2024-17",
        "2024-06-01 – 2024-12-31",
        "Org.nr 212000-0142",
        "412000-0008",
        "184 86 Åkersberga",
        "1234-5674",
        "08-508 000 00",
        "avtal@stockholm.example",
        "Summa 44 624 kr",
        "Moms 0 kr",
        "Att betala 44 624 kr",
        "Ingen moms: myndighetsutövning.",
        "inom 30 dagar efter mottagen faktura, avtalet § 6",
        "Sida 1 (2)",
    ):
        assert fact in page


def test_page_two_explains_the_amount_step_by_step() -> None:
    _first, why = pages(INVOICE)
    assert "Varför detta belopp?" in why
    places = [why.index(label) for _code, label, _value, _clause in STEPS]
    assert places == sorted(places)
    assert all(value in why for _code, _label, value, _clause in STEPS)
    assert why.count("avtalet § 6") == 3
    assert "Att betala 44 624 kr" in why
    assert "Sida 2 (2)" in why


def test_a_credit_note_says_what_it_takes_back_and_asks_for_no_payment() -> None:
    page, why = pages(CREDIT)
    assert "Kreditfaktura" in page
    assert "Krediterar faktura 2024-0001 från den 3 juni 2024." in page
    assert "stängd i två månader (avtalet § 10)" in page
    assert "Att få tillbaka 12 750 kr" in page
    assert "Betala inte" in page
    assert "Att betala" not in page + why
    assert "Bankgiro" not in page
    assert "20240001177" not in page
    assert "Förfallodatum" not in page


def test_an_example_says_so_on_every_page_and_in_its_title() -> None:
    example = replace(INVOICE, is_example=True)
    assert all(EXAMPLE in page for page in pages(example))
    assert not any("Exempel ur" in page for page in pages(INVOICE))
    with pikepdf.open(io.BytesIO(invoice_pdf(example, UBL))) as read:
        assert str(read.docinfo["/Title"]).startswith("Exempel: Faktura 2024-0001")


@pytest.mark.parametrize("is_approved", [True, False])
def test_f_skatt_is_claimed_only_when_approved(is_approved: bool) -> None:
    page = pages(replace(INVOICE, is_f_skatt_approved=is_approved))[0]
    assert ("Godkänd för F-skatt" in page) is is_approved


def test_the_vat_number_stands_only_where_there_is_one() -> None:
    assert "Momsreg.nr" not in pages(INVOICE)[0]
    assert (
        "Momsreg.nr SE212000014201"
        in pages(replace(INVOICE, seller_vat_number="SE212000014201"))[0]
    )


def test_plusgiro_and_what_is_already_paid_are_shown() -> None:
    payment = PaymentDetails(bankgiro="", plusgiro="1234566", ocr="20240001177")
    page = pages(replace(INVOICE, payment=payment, paid_kr=1000))[0]
    assert "12 34 56-6" in page
    assert "Bankgiro" not in page
    assert "Redan betalt −1 000 kr" in page
    assert "Att betala 43 624 kr" in page


def test_without_steps_there_is_one_page() -> None:
    assert len(pages(replace(INVOICE, steps=()))) == 1


def test_the_e_invoice_inside_is_the_very_bytes_given() -> None:
    with pikepdf.open(io.BytesIO(invoice_pdf(INVOICE, UBL))) as read:
        spec = read.attachments["e-faktura.xml"]
        assert spec.get_file().read_bytes() == UBL
        assert spec.get_file().mime_type == "text/xml"
        assert str(spec.obj.AFRelationship) == "/Alternative"


def test_a_screen_reader_finds_language_title_headings_and_table_heads() -> None:
    content = invoice_pdf(INVOICE, UBL)
    with pikepdf.open(io.BytesIO(content)) as read:
        assert str(read.Root.Lang) == "sv-SE"
        assert bool(read.Root.MarkInfo.Marked)
        assert bool(read.Root.ViewerPreferences.DisplayDocTitle)
        assert str(read.docinfo["/Title"]) == "Faktura 2024-0001, Österåkers kommun"
        tags = [
            str(obj.S)
            for obj in read.objects
            if isinstance(obj, pikepdf.Dictionary) and "/S" in obj
        ]
    assert tags.count("/H1") == 1
    assert tags.count("/H2") == 2
    assert tags.count("/Table") == 2
    assert tags.count("/TH") == 5


def test_the_pdf_declares_both_standards_and_another_reader_finds_no_fault(tmp_path) -> None:
    path = tmp_path / "faktura.pdf"
    path.write_bytes(invoice_pdf(INVOICE, UBL))
    with pikepdf.open(path) as read, read.open_metadata() as xmp:
        assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"]) == ("3", "A")
        assert xmp["pdfuaid:part"] == "1"
    subprocess.run(["qpdf", "--check", path], check=True, capture_output=True)


def test_the_same_invoice_is_the_same_bytes() -> None:
    first = invoice_pdf(INVOICE, UBL)
    assert invoice_pdf(CREDIT, UBL) != first
    assert invoice_pdf(INVOICE, UBL) == first


def test_hostile_text_is_only_text() -> None:
    hostile = '#import "x" #read("/etc/passwd") $x$ \\ "q" <img src=file:///etc/passwd> *a* _b_'
    document = replace(
        INVOICE,
        lines=(line(1, hostile, 44624),),
        buyer=replace(BUYER, name=hostile),
        steps=(step("amount", hostile, "1 kr", "avtalet § 6"),),
    )
    page, why = pages(document)
    assert hostile in page
    assert "root:" not in page
    assert '#read("/etc/passwd")' in why


def test_a_name_that_cannot_be_printed_is_refused_in_swedish() -> None:
    with pytest.raises(UnprintableText, match="går inte att skriva i ett dokument"):
        invoice_pdf(replace(INVOICE, buyer=replace(BUYER, name="Kommun 😀")), UBL)


def test_the_receiver_stands_in_the_window_of_a_c5_envelope() -> None:
    words = [box for box in boxes(INVOICE) if box[4] in ("Fakturavägen", "Åkersberga")][:2]
    assert len(words) == 2
    for left, top, right, bottom, _word in words:
        assert left >= 105
        assert right <= 200
        assert top >= 44
        assert bottom <= 79


def longest() -> InvoiceDocument:
    """As much text as an invoice could ever have to hold, with words that no line holds."""
    party = {"name": "Kommunalförbundet för socialtjänst " * 3, "department": "Förvaltningen " * 9}
    return replace(
        INVOICE,
        is_example=True,
        seller=replace(SELLER, **party, email="registrator." * 6 + "@stockholm.example"),
        buyer=replace(BUYER, **party),
        buyer_reference="ÅÄÖ" * 30,
        agreement_reference="W" * 90,
        lines=tuple(line(n, f"Rad {n} " + "kommunens andel " * 9, 10**8) for n in range(1, 41)),
        steps=tuple(step("x", "M" * 120, "1 641 814 kr " * 6, "§ 6 " * 40) for _ in range(12)),
    )


def test_nothing_reaches_outside_the_page_however_long_the_texts() -> None:
    for left, top, right, bottom, word in boxes(longest()):
        assert left >= 19, word
        assert right <= 191, word
        assert top >= 8, word
        assert bottom <= 292, word


def test_a_long_receiver_does_not_run_into_the_rows() -> None:
    name = "Kommunalförbundet för gemensam socialtjänst " * 3
    few_facts = replace(
        INVOICE,
        agreement_reference="",
        seller=replace(SELLER, department="", contact=""),
        buyer=replace(BUYER, name=name, department=name),
    )
    words = boxes(few_facts)
    rows = next(top for _left, top, _right, _bottom, word in words if word == "Avser")
    receiver = next(bottom for *_rest, bottom, word in words if word == "Åkersberga")
    assert receiver < rows


@pytest.mark.parametrize("count", [4, 8, 12])
def test_the_explanation_fits_on_one_page(count: int) -> None:
    steps = (INVOICE.steps * 2)[:count]
    assert len(pages(replace(INVOICE, steps=steps))) == 2


@pytest.mark.parametrize(
    ("digits", "shown"),
    [("1234566", "12 34 56-6"), ("12", "1-2"), ("12345674", "1 23 45 67-4"), ("", "")],
)
def test_plusgiro_is_written_in_pairs_from_the_right(digits: str, shown: str) -> None:
    assert paper.plusgiro(digits).replace("\N{NO-BREAK SPACE}", " ") == shown


@pytest.mark.parametrize(
    ("digits", "shown"), [("1234567", "123-4567"), ("12345674", "1234-5674"), ("", "")]
)
def test_bankgiro_has_its_last_four_digits_apart(digits: str, shown: str) -> None:
    assert paper.bankgiro(digits) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [("+46850800000", "08-508 000 00"), ("+358401234567", "+358 40 1234567"), ("", "")],
)
def test_phone_numbers_are_written_as_they_are_dialled(number: str, shown: str) -> None:
    assert paper.phone(number).replace("\N{NO-BREAK SPACE}", " ") == shown


def test_amounts_are_kept_on_one_line() -> None:
    data = paper.page_data(INVOICE)
    assert data["payable"] == "44\N{NO-BREAK SPACE}624\N{NO-BREAK SPACE}kr"
