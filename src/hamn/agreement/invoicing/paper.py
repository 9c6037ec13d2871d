"""The invoice as a page a controller is glad to receive (faktura, kreditfaktura).

Page one states what the law and the agreement want stated; page two answers "why this amount?".
Says in Swedish what `InvoiceDocument` holds and adds nothing to it: the e-invoice, written from
the same document, rides inside the PDF.
Source: agreement template 2021 § 6; requirements H6-H13, Z8-Z13.
"""

import re
from pathlib import Path

from hamn.agreement.invoicing.document import (
    Address,
    ExplanationStep,
    InvoiceDocument,
    InvoiceParty,
    Kind,
    PrecedingInvoice,
)
from hamn.core.dates import swedish_date
from hamn.core.identifiers import hyphenated, shown_phone
from hamn.core.money import NO_BREAK_SPACE, kronor
from hamn.papers.pdf import Attachment, render

TEMPLATE = Path(__file__).parent / "templates" / "invoicing" / "invoice.typ"
PAYMENT_TERMS = (
    f"Betalas inom 30 dagar efter mottagen faktura, avtalet §{NO_BREAK_SPACE}6. Ange OCR-numret."
)
CREDIT_TERMS = "Beloppet dras av från den krediterade fakturan eller betalas tillbaka till er."
STEPS_INTRO = "Så har vi räknat, steg för steg ur avtalet. Varje steg går att räkna efter."
E_INVOICE_ATTACHED = "Samma faktura finns som e-faktura, bifogad i den här pdf-filen."
MOST_FOOTER_LINES = 6  # what the foot of the page holds in its usual size
FOOTER_LINE = 28  # characters in the narrowest column
_YEAR_AND_TWELFTHS = re.compile(r"(\d{4},) (?=\d+/12)")


def invoice_pdf(document: InvoiceDocument, ubl: bytes) -> bytes:
    """The invoice or credit note as PDF/A-3a and PDF/UA-1; same input, same bytes.

    ubl: the e-invoice of the same document, embedded byte for byte.
    Raises UnprintableText for a character that no page can show.
    """
    return render(
        TEMPLATE, page_data(document), dated=document.issued_on, attachments=[_e_invoice(ubl)]
    )


def page_data(document: InvoiceDocument) -> dict[str, object]:
    """Everything the template prints, in Swedish and formatted; the template computes nothing."""
    is_credit = document.kind is Kind.CREDIT
    footer = _footer(document)
    return {
        "is_credit": is_credit,
        "is_example": document.is_example,
        "is_ordinary": is_ordinary(document),
        "title": _title(document),
        "heading": "Kreditfaktura" if is_credit else "Faktura",
        "number": document.number,
        "seller": _party(document.seller),
        "buyer": _party(document.buyer),
        "facts": _facts(document),
        "lines": [
            {"text": _unbroken(line.text), "amount": kronor(line.amount_kr)}
            for line in document.lines
        ],
        "sums": _sums(document),
        "payable_label": "Att få tillbaka" if is_credit else "Att betala",
        "payable": kronor(document.payable_kr),
        "notes": _notes(document),
        "payment": _credit_terms() if is_credit else _payment(document),
        "footer": footer,
        "footer_is_long": any(_footer_lines(column) > MOST_FOOTER_LINES for column in footer),
        "steps_intro": STEPS_INTRO,
        "steps_end": _steps_end(document.seller),
        "steps": [_step(number, step) for number, step in enumerate(document.steps, start=1)],
    }


def is_ordinary(document: InvoiceDocument) -> bool:
    """Whether the invoice is sure to fill exactly two pages: few rows and steps, short texts."""
    parties = (document.seller, document.buyer)
    texts = [
        *(text for p in parties for text in (p.name, p.department, *_address_lines(p.address))),
        *(line.text for line in document.lines),
        document.reason,
        document.vat.reason,
        *(text for step in document.steps for text in (step.label, step.value)),
    ]
    is_short = max(map(len, texts)) <= 160 and sum(map(len, texts)) <= 1_500
    return is_short and len(document.lines) <= 4 and 1 <= len(document.steps) <= 9


def postal_code(digits: str) -> str:
    """Five digits as they are written: "123 45"."""
    return f"{digits[:3]}{NO_BREAK_SPACE}{digits[3:]}"


def bankgiro(digits: str) -> str:
    """Seven or eight digits as they are written: "123-4567", "1234-5674"."""
    return f"{digits[:-4]}-{digits[-4:]}" if digits else ""


def plusgiro(digits: str) -> str:
    """Two to eight digits as they are written, in pairs from the right: "12 34 56-6"."""
    body = digits[:-1].rjust(8)
    pairs = [body[start : start + 2].strip() for start in range(0, 8, 2)]
    return f"{NO_BREAK_SPACE.join(filter(None, pairs))}-{digits[-1]}" if digits else ""


def phone(number: str) -> str:
    """A number in E.164 as it is dialled in Sweden: "08-508 250 00"."""
    return shown_phone(number).replace(" ", NO_BREAK_SPACE)


def _e_invoice(ubl: bytes) -> Attachment:
    return Attachment(
        name="e-faktura.xml",
        content=ubl,
        mime_type="text/xml",
        description="Samma faktura som e-faktura, Peppol BIS Billing 3 (UBL 2.1)",
    )


def _title(document: InvoiceDocument) -> str:
    """What a reader's window, tab or screen reader says first; an example says so here too."""
    heading = "Kreditfaktura" if document.kind is Kind.CREDIT else "Faktura"
    title = f"{heading} {document.number}, {document.buyer.name}"
    return f"Exempel: {title}" if document.is_example else title


def _party(party: InvoiceParty) -> dict[str, object]:
    return {
        "name": party.name,
        "department": party.department,
        "address": _address_lines(party.address),
    }


def _address_lines(address: Address) -> list[str]:
    """Street and place, as on an envelope."""
    town = f"{postal_code(address.postal_code)}{NO_BREAK_SPACE} {address.city}"
    return [line for line in (address.street, town) if line.strip()]


def _facts(document: InvoiceDocument) -> list[dict[str, str]]:
    """What a controller looks for first; facts without a value are left out."""
    is_credit = document.kind is Kind.CREDIT
    period = f"{document.period_from.isoformat()} – {document.period_to.isoformat()}"
    return _filled(
        ("Kreditfakturanummer" if is_credit else "Fakturanummer", document.number),
        ("Fakturadatum", document.issued_on.isoformat()),
        ("Förfallodatum", "" if is_credit else document.due_on.isoformat()),
        ("OCR-nummer", "" if is_credit else document.payment.ocr),
        ("Krediterar faktura", document.preceding.number if document.preceding else ""),
        ("Er referens", document.buyer_reference),
        ("Vår referens", document.seller.contact),
        ("Ert org.nr", hyphenated(document.buyer.organisation_number)),
        ("Avtal", document.agreement_reference),
        ("Period", period),
    )


def _filled(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    """The labelled values that have something to say."""
    return [{"label": label, "value": value} for label, value in pairs if value]


def _notes(document: InvoiceDocument) -> list[str]:
    """Why no tax is charged and, on a credit note, which invoice is taken back and why."""
    return [
        _unbroken(note)
        for note in (_credits(document.preceding), document.reason, document.vat.reason)
        if note
    ]


def _credits(preceding: PrecedingInvoice | None) -> str:
    """Which invoice a credit note takes back, as a sentence; empty on an invoice."""
    if preceding is None:
        return ""
    return f"Krediterar faktura {preceding.number} från den {swedish_date(preceding.issued_on)}."


def _sums(document: InvoiceDocument) -> list[dict[str, str]]:
    """Between the rows and what is left to pay."""
    paid = kronor(-document.paid_kr) if document.paid_kr else ""
    return _filled(
        ("Summa", kronor(document.total_kr)), ("Moms", kronor(0)), ("Redan betalt", paid)
    )


def _payment(document: InvoiceDocument) -> dict[str, object]:
    """What the payer types; the agreement's thirty days run from receipt (§ 6, Z13)."""
    payment = document.payment
    facts = _filled(
        ("Bankgiro", bankgiro(payment.bankgiro)),
        ("Plusgiro", plusgiro(payment.plusgiro)),
        ("OCR-nummer", payment.ocr),
        ("Belopp", kronor(document.payable_kr)),
        ("Förfallodatum", document.due_on.isoformat()),
    )
    return {"heading": "Så betalar ni", "facts": facts, "terms": PAYMENT_TERMS}


def _credit_terms() -> dict[str, object]:
    return {"heading": "Betala inte den här fakturan", "facts": [], "terms": CREDIT_TERMS}


def _footer(document: InvoiceDocument) -> list[list[str]]:
    """Who sends it, where they are and how they are reached: three columns."""
    seller = document.seller
    return [
        [line for line in column if line]
        for column in (
            [
                seller.name,
                f"Org.nr {hyphenated(seller.organisation_number)}",
                f"Momsreg.nr {document.seller_vat_number}" if document.seller_vat_number else "",
                "Godkänd för F-skatt" if document.is_f_skatt_approved else "",
            ],
            [seller.department, *_address_lines(seller.address)],
            [
                seller.contact,
                phone(seller.phone),
                seller.email,
                f"Peppol-id {seller.participant_id}" if seller.participant_id else "",
            ],
        )
    ]


def _footer_lines(column: list[str]) -> int:
    return sum(1 + len(line) // FOOTER_LINE for line in column)


def _step(number: int, step: ExplanationStep) -> dict[str, str]:
    return {
        "number": str(number),
        "label": _unbroken(step.label),
        "value": step.value,
        "clause": _unbroken(step.clause),
    }


def _unbroken(text: str) -> str:
    """The text with every "§ 6" and "2026, 12/12" kept on one line."""
    return _YEAR_AND_TWELFTHS.sub(f"\\1{NO_BREAK_SPACE}", text.replace("§ ", f"§{NO_BREAK_SPACE}"))


def _steps_end(seller: InvoiceParty) -> list[str]:
    """Whom to ask, and where the e-invoice is; a line each, so that no word is broken."""
    reached = " eller ".join(filter(None, (phone(seller.phone), seller.email)))
    return [*([f"Frågor om beloppet? {reached}."] if reached else []), E_INVOICE_ATTACHED]
