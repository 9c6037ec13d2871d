"""The stored pages of issued invoices, with the register's longest texts and its worst ones."""

import io
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pikepdf
import pytest

from hamn.agreement.invoicing import actions, queries
from hamn.agreement.invoicing.actions.press import Press
from hamn.agreement.invoicing.document import (
    Address,
    DocumentLine,
    InvoiceDocument,
    InvoiceParty,
    from_data,
)
from hamn.agreement.invoicing.models import Invoice, InvoiceFile
from hamn.agreement.invoicing.paper import invoice_pdf
from hamn.register.organisations.models import ContactPerson, Party

POINTS_PER_MM = 72 / 25.4
PRINTED = Press(judge=lambda xml: [])


def page(pdf: bytes, number: int) -> str:
    """The page's text as another program reads it, on one line, with plain spaces."""
    span = ["-f", str(number), "-l", str(number)]
    out = subprocess.run(["pdftotext", *span, "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(out.stdout.decode().split())


def joined(pdf: bytes, number: int) -> str:
    """The page's text without any blanks, so that broken words can be looked for."""
    return re.sub(r"[\s\u200b]", "", page(pdf, number))


def lowest_mm(pdf: bytes) -> float:
    """How far down the lowest word of any page reaches; a page is 297 mm."""
    out = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True
    )
    ends = re.findall(r'xMax="([\d.]+)" yMax="([\d.]+)"', out.stdout.decode())
    assert max(float(right) for right, _low in ends) / POINTS_PER_MM <= 191
    return max(float(low) for _right, low in ends) / POINTS_PER_MM


def pages(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as paper:
        return len(paper.pages)


@pytest.fixture
def invoice(
    cast: SimpleNamespace, in_force: Callable[..., Any], run_year: Callable[..., Any]
) -> Invoice:
    in_force("0117", date(2024, 6, 1))
    run_year(2026, press=PRINTED)
    return queries.invoice(cast.controller, "202600001")


def stored(invoice: Invoice, form: str = "pdf") -> bytes:
    return bytes(InvoiceFile.objects.get(invoice=invoice, format=form).content)


def test_page_one_states_the_amount_and_how_to_pay_it(invoice: Invoice) -> None:
    text = page(stored(invoice), 1)
    for words in (
        "Faktura",
        "202600001",
        "2026-01-15",
        "2026-02-14",
        "Österåkers kommun",
        "402011-7026",
        "EX0117-SOC",
        "84 461 kr",
        "9999-9997",
        "Exempel ur Hamns demonstration",
        "2026-01-01 – 2026-12-31",
    ):
        assert words in text, words


def test_page_two_shows_every_step_with_its_numbers_and_clause(invoice: Invoice) -> None:
    text = page(stored(invoice), 2)
    for step in invoice.explanation:
        for words in (step["label"], step["value"], step["clause"]):
            assert " ".join(words.split()) in text, words
    assert "Varför detta belopp?" in text
    assert "44 831 / 2 344 124 = 1,91248 %" in text
    assert "avtalet § 6" in text


def test_the_e_invoice_rides_inside_byte_for_byte(invoice: Invoice) -> None:
    with pikepdf.open(io.BytesIO(stored(invoice))) as paper:
        (name,) = paper.attachments
        carried = paper.attachments[name]
        assert carried.get_file().read_bytes() == stored(invoice, "xml")
        assert carried.relationship == "/Alternative"
        assert str(paper.Root.Lang) == "sv-SE" or str(paper.Root.Lang) == "sv"
        assert bool(paper.Root.MarkInfo.Marked)
        with paper.open_metadata() as xmp:
            assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"]) == ("3", "A")
            assert xmp["pdfuaid:part"] == "1"


def test_another_program_finds_no_fault_in_the_file(invoice: Invoice, tmp_path: Path) -> None:
    path = tmp_path / "invoice.pdf"
    path.write_bytes(stored(invoice))
    checked = subprocess.run(["qpdf", "--check", path], capture_output=True, check=False, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "No syntax or stream encoding errors found" in checked.stdout


def test_the_stored_pages_can_be_drawn_again_to_the_byte(invoice: Invoice) -> None:
    assert invoice.document is not None
    again = from_data(invoice.document, invoice.explanation)
    assert invoice_pdf(again, stored(invoice, "xml")) == stored(invoice)


def test_a_credit_note_says_what_it_reverses_and_why(
    invoice: Invoice, cast: SimpleNamespace
) -> None:
    note = actions.credit(
        number="202600001",
        reason="Mottagningen stängd en tid (avtalet § 10)",
        amount_kr=5_000,
        today=date(2026, 3, 1),
        by=cast.controller,
        press=PRINTED,
    )
    first, second = page(stored(note), 1), page(stored(note), 2)
    for words in (
        "Kreditfaktura",
        "202600002",
        "Krediterar faktura 202600001 från den 15 januari 2026.",
        "Mottagningen stängd en tid (avtalet § 10)",
        "5 000 kr",
        "Betala inte den här fakturan",
    ):
        assert words in first, words
    assert "Förfallodatum" not in first
    assert "Del av faktura 202600001 som krediteras" in second


HOSTILE = (
    '#import "@preview/cetz:0.1.0"',
    '#read("/etc/passwd")',
    "$ x^2 $ \\ \" ' ` _a_ *b* <label> @ref",
    "<img src=file:///etc/passwd>",
    "]) #panic() // /* */ = - +",
    "{{ 7*7 }} %s {0} ${HOME}",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_stands_in_the_register_is_shown_and_never_run(
    text: str, in_force: Callable[..., Any], run_year: Callable[..., Any], cast: SimpleNamespace
) -> None:
    in_force("0117", date(2024, 6, 1))
    text = text[:60]
    Party.objects.filter(municipality="0117").update(
        name=text, department=text, billing_street=text, billing_city=text, buyer_reference=text
    )
    ContactPerson.objects.update(title=text)
    assert run_year(2026, press=PRINTED).issued == 1
    pdf = stored(queries.invoice(cast.controller, "202600001"))
    assert joined(pdf, 1).count(re.sub(r"\s", "", text)) >= 4
    assert "root:" not in page(pdf, 1)
    assert pages(pdf) == 2


def longest(field: Any) -> str:
    """The longest text that a field of the register holds, in words no line can hold."""
    return ("Samverkansnämndskanslietsförvaltningsenhet i Väst " * 9)[: field.max_length].strip()


def longest_party() -> InvoiceParty:
    of, person = Party._meta.get_field, ContactPerson._meta.get_field
    return InvoiceParty(
        name=longest(of("name")),
        department=longest(of("department")),
        organisation_number="4020117026",
        participant_id="0007:" + "9" * 55,
        address=Address(
            street=longest(of("billing_street")),
            postal_code="12345",
            city=longest(of("billing_city")),
        ),
        contact=longest(person("title")),
        phone="+46850800000",
        email="registrator." * 9 + "@kommun.example",
    )


def document_of(invoice: Invoice, **changes: Any) -> InvoiceDocument:
    assert invoice.document is not None
    return replace(from_data(invoice.document, invoice.explanation), **changes)


@pytest.mark.parametrize("sides", [("buyer",), ("seller",), ("buyer", "seller")])
def test_the_longest_texts_of_the_register_all_stand_on_two_pages(
    sides: tuple[str, ...], invoice: Invoice
) -> None:
    long = longest_party()
    changes: dict[str, Any] = dict.fromkeys(sides, long)
    document = document_of(
        invoice,
        **changes,
        buyer_reference="Å" * 60,
        lines=(DocumentLine(position=1, text="Radtext " * 24, amount_kr=2_000_000_000),),
    )
    pdf = invoice_pdf(document, b"<a/>")
    assert pages(pdf) == 2
    assert lowest_mm(pdf) <= 292
    text = joined(pdf, 1)
    shown = [long.name, long.department, long.address.street, long.address.city]
    shown += [long.participant_id, long.email, long.contact] if "seller" in sides else []
    for words in (*shown, "Å" * 60, "2000000000kr"):
        assert re.sub(r"\s", "", words) in text, words


def test_the_longest_receiver_ends_above_the_rows(invoice: Invoice) -> None:
    document = document_of(invoice, buyer=longest_party(), agreement_reference="")
    out = subprocess.run(
        ["pdftotext", "-l", "1", "-bbox", "-", "-"],
        input=invoice_pdf(document, b"<a/>"),
        capture_output=True,
        check=True,
    ).stdout.decode()
    words = re.findall(r'yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)">([^<]*)<', out)
    rows = next(float(top) for top, _low, word in words if word == "Avser")
    receiver = max(float(low) for top, low, word in words if word == "Väst" and float(top) < 400)
    assert receiver < rows


def test_neither_e_faktura_nor_year_and_twelfths_is_broken_over_two_lines(
    invoice: Invoice,
) -> None:
    out = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=stored(invoice), capture_output=True, check=True
    )
    text = out.stdout.decode()
    assert re.search(r"2026,[ \u00a0]12/12", text)
    assert "som e-faktura, bifogad" in text


@pytest.mark.parametrize("amount_kr", [1, 999, 1_641_814, 2_147_483_647])
def test_every_amount_stands_on_one_line(amount_kr: int, invoice: Invoice) -> None:
    line = DocumentLine(position=1, text="Avgift", amount_kr=amount_kr)
    out = subprocess.run(
        ["pdftotext", "-layout", "-", "-"],
        input=invoice_pdf(document_of(invoice, lines=(line,)), b"<a/>"),
        capture_output=True,
        check=True,
    )
    shown = f"{amount_kr:,} kr".replace(",", " ")
    assert out.stdout.decode().replace("\u00a0", " ").count(shown) >= 4
