"""What `to_xml` writes, field by field; whether it is valid is asked in test_peppol_validate."""

import time
from dataclasses import fields, is_dataclass, replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.etree import _Element, fromstring

from hamn.agreement.invoicing.document import (
    DocumentLine,
    InvoiceDocument,
    PaymentDetails,
    PrecedingInvoice,
)
from hamn.agreement.invoicing.peppol.write import CAC, CBC, to_xml
from hamn.agreement.invoicing.tests.peppol_documents import (
    CITY,
    EXEMPT,
    MUNICIPALITY,
    OUTSIDE_VAT,
    OUTSIDE_VAT_BY_CODE,
    SHAPES,
    credit_note,
    invoice,
)
from hamn.core.errors import BadInput

NAMES = {"cac": CAC, "cbc": CBC}
SELLER = "cac:AccountingSupplierParty/cac:Party/"
BUYER = "cac:AccountingCustomerParty/cac:Party/"
ACCOUNT = "cac:PaymentMeans/cac:PayeeFinancialAccount/"


def written(document: InvoiceDocument) -> _Element:
    return fromstring(to_xml(document))


def texts(document: InvoiceDocument, path: str) -> list[str]:
    return [element.text for element in written(document).findall(path, NAMES)]


def is_empty(element: _Element) -> bool:
    return not len(element) and not (element.text or "").strip()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("cbc:InvoiceTypeCode", "380"),
        ("cbc:DueDate", "2025-02-14"),
        ("cbc:BuyerReference", "BJ-4711"),
        ("cac:InvoicePeriod/cbc:StartDate", "2025-01-01"),
        ("cac:InvoicePeriod/cbc:EndDate", "2025-12-31"),
        ("cac:ContractDocumentReference/cbc:ID", "SOC 2024/117"),
        (SELLER + "cbc:EndpointID", "2120000142"),
        (SELLER + "cac:PartyLegalEntity/cbc:CompanyID", "2120000142"),
        (BUYER + "cbc:EndpointID", "4400000008"),
        (BUYER + "cac:PostalAddress/cbc:AdditionalStreetName", "Socialnämnden"),
        (BUYER + "cac:Contact/cbc:Name", "Fakturagruppen"),
        ("cac:PaymentMeans/cbc:PaymentMeansCode", "30"),
        ("cac:PaymentMeans/cbc:PaymentID", "2025000114"),
        (ACCOUNT + "cbc:ID", "99999997"),
        (ACCOUNT + "cac:FinancialInstitutionBranch/cbc:ID", "SE:BANKGIRO"),
        (
            "cac:PaymentTerms/cbc:Note",
            "Betalas inom 30 dagar efter mottagen faktura (avtalet § 6).",
        ),
        ("cac:LegalMonetaryTotal/cbc:PayableAmount", "44831.00"),
        ("cac:InvoiceLine/cac:Item/cbc:Name", "Avgift för anslutning 2025"),
    ],
)
def test_an_invoice_says(path: str, expected: str) -> None:
    assert texts(invoice(), path) == [expected]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("cbc:CreditNoteTypeCode", ["381"]),
        ("cbc:Note", ["Kommunen fakturerades för fel år."]),
        ("cbc:DueDate", []),
        ("cac:PaymentMeans/cbc:PaymentDueDate", ["2025-02-14"]),
        ("cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID", ["2025-0001"]),
        ("cac:BillingReference/cac:InvoiceDocumentReference/cbc:IssueDate", ["2025-01-15"]),
        ("cac:LegalMonetaryTotal/cbc:PayableAmount", ["44831.00"]),
        ("cac:CreditNoteLine/cbc:CreditedQuantity", ["1"]),
        ("cac:PaymentTerms", []),
    ],
)
def test_a_credit_note_says(path: str, expected: list[str]) -> None:
    assert texts(credit_note(), path) == expected


def test_an_invoice_carries_no_note() -> None:
    assert texts(invoice(reason="Ska inte med"), "cbc:Note") == []


def test_outside_vat_no_rate_and_no_vat_number_is_written() -> None:
    root = written(invoice(vat=OUTSIDE_VAT_BY_CODE, seller_vat_number="SE212000014201"))
    assert root.findall(".//cbc:Percent", NAMES) == []
    assert root.findall(".//cac:PartyTaxScheme", NAMES) == []
    assert root.findtext(".//cbc:TaxExemptionReasonCode", None, NAMES) == "VATEX-EU-O"


def test_an_exempt_fee_has_rate_zero_and_the_sellers_vat_number() -> None:
    document = invoice(vat=EXEMPT, seller_vat_number="SE212000014201")
    assert [one.text for one in written(document).findall(".//cbc:Percent", NAMES)] == ["0", "0"]
    assert texts(document, SELLER + "cac:PartyTaxScheme/cbc:CompanyID") == ["SE212000014201"]


@pytest.mark.parametrize(
    ("is_approved", "expected"), [(True, ["Godkänd för F-skatt"]), (False, [])]
)
def test_f_skatt_is_named_only_when_approved(is_approved: bool, expected: list[str]) -> None:
    document = invoice(is_f_skatt_approved=is_approved)
    assert texts(document, SELLER + "cac:PartyTaxScheme/cbc:CompanyID") == expected


def test_a_buyer_without_a_participant_id_gets_no_endpoint() -> None:
    document = invoice(buyer=replace(MUNICIPALITY, participant_id=""))
    assert texts(document, BUYER + "cbc:EndpointID") == []


def test_a_buyer_may_be_reached_by_gln() -> None:
    document = invoice(buyer=replace(MUNICIPALITY, participant_id="0088:7300010000001"))
    endpoint = written(document).find(BUYER + "cbc:EndpointID", NAMES)
    assert (endpoint.get("schemeID"), endpoint.text) == ("0088", "7300010000001")


@given(st.integers(1, 10**9), st.integers(0, 10**6))
@settings(max_examples=50, deadline=None)
def test_what_is_left_to_pay_is_the_total_less_what_is_paid(total_kr: int, paid_kr: int) -> None:
    line = DocumentLine(position=1, text="Avgift", amount_kr=total_kr)
    document = invoice(lines=(line,), paid_kr=paid_kr)
    totals = "cac:LegalMonetaryTotal/cbc:"
    assert texts(document, totals + "PayableAmount") == [f"{total_kr - paid_kr}.00"]
    assert texts(document, totals + "PrepaidAmount") == ([f"{paid_kr}.00"] if paid_kr else [])


def test_a_deduction_is_a_negative_quantity_at_a_positive_price() -> None:
    lines = (
        DocumentLine(position=1, text="Avgift", amount_kr=1000),
        DocumentLine(position=2, text="Avdrag", amount_kr=-400),
    )
    document = invoice(lines=lines)
    assert texts(document, "cac:InvoiceLine/cbc:InvoicedQuantity") == ["1", "-1"]
    assert texts(document, "cac:InvoiceLine/cac:Price/cbc:PriceAmount") == ["1000.00", "400.00"]


def blanked(value: Any, blank: str) -> Any:
    """The same value with every text in it replaced by a blank one."""
    if isinstance(value, str) and type(value) is str:
        return blank
    if isinstance(value, tuple):
        return tuple(blanked(part, blank) for part in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    parts = {field.name: getattr(value, field.name) for field in fields(value)}
    return replace(value, **{name: blanked(part, blank) for name, part in parts.items()})


@pytest.mark.parametrize("blank", ["", " ", "\t\n", "\u00a0"])
@pytest.mark.parametrize("shape", SHAPES)
def test_all_fields_blank_gives_no_empty_element(shape: str, blank: str) -> None:
    root = written(blanked(SHAPES[shape], blank))
    assert [element.tag for element in root.iter() if is_empty(element)] == []


def one_field_blank(document: Any) -> list[tuple[str, Any]]:
    """The document once for each text field in it, with that field empty."""
    found: list[tuple[str, Any]] = []
    for field in fields(document):
        value = getattr(document, field.name)
        if type(value) is str:
            found.append((field.name, replace(document, **{field.name: ""})))
        elif is_dataclass(value):
            inner = one_field_blank(value)
            found += [
                (f"{field.name}.{name}", replace(document, **{field.name: one}))
                for name, one in inner
            ]
    return found


@pytest.mark.parametrize(
    "document",
    [pytest.param(one, id=name) for name, one in one_field_blank(credit_note())],
)
def test_one_field_empty_gives_no_empty_element(document: InvoiceDocument) -> None:
    assert not any(is_empty(element) for element in written(document).iter())


def with_text(text: str) -> InvoiceDocument:
    return credit_note(
        reason=text,
        buyer=replace(MUNICIPALITY, name=text, department=text),
        vat=replace(OUTSIDE_VAT, reason=text),
        lines=(DocumentLine(position=1, text=text, amount_kr=1),),
        payment=PaymentDetails(bankgiro="99999997", plusgiro="", ocr="2025000114"),
    )


PLACES = (
    "cbc:Note",
    BUYER + "cac:PartyLegalEntity/cbc:RegistrationName",
    BUYER + "cac:PostalAddress/cbc:AdditionalStreetName",
    "cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory/cbc:TaxExemptionReason",
    "cac:CreditNoteLine/cac:Item/cbc:Name",
)


def accepted_by_xml(code: int) -> bool:
    return (
        code in (9, 10, 13) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code > 0xFFFF
    )


@given(st.text(st.characters(exclude_categories=())))
@settings(max_examples=300, deadline=None)
def test_any_text_comes_back_whole_or_is_refused(text: str) -> None:
    # What Python counts as blank is left out like any empty field, whatever it consists of.
    if text.strip() and not all(accepted_by_xml(ord(character)) for character in text):
        with pytest.raises(BadInput, match=r"U\+"):
            to_xml(with_text(text))
        return
    root = written(with_text(text))
    expected = [text] if text.strip() else []
    for path in PLACES:
        assert [element.text for element in root.findall(path, NAMES)] == expected


def test_markup_in_a_name_is_only_text() -> None:
    name = """<b>&amp; "A" & 'B' ]]> <!-- x --> <?php ?>"""
    document = invoice(buyer=replace(MUNICIPALITY, name=name))
    assert texts(document, BUYER + "cac:PartyLegalEntity/cbc:RegistrationName") == [name]


def test_every_character_that_xml_cannot_hold_is_refused() -> None:
    for code in [*range(0x100), 0xD7FF, 0xD800, 0xDFFF, 0xE000, 0xFFFD, 0xFFFE, 0xFFFF]:
        document = invoice(buyer_reference=f"x{chr(code)}x")
        if accepted_by_xml(code):
            assert to_xml(document)
            continue
        with pytest.raises(BadInput, match=f"U\\+{code:04X}"):
            to_xml(document)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"number": "1\x00"}, "fakturanumret"),
        ({"buyer": replace(MUNICIPALITY, department="\x01")}, "köparens uppgifter"),
        ({"seller": replace(CITY, contact="a\x02")}, "säljarens uppgifter"),
        ({"agreement_reference": "\x03"}, "avtalets beteckning"),
        ({"lines": (DocumentLine(position=1, text="\x04", amount_kr=1),)}, "fakturaradens text"),
        ({"payment": PaymentDetails(bankgiro="", plusgiro="", ocr="\x05")}, "betalningsuppgift"),
        ({"reason": "\x06"}, "skälet till krediteringen"),
        (
            {"preceding": PrecedingInvoice(number="\x07", issued_on=date(2025, 1, 1))},
            "numret på fakturan som krediteras",
        ),
    ],
)
def test_a_refusal_names_the_field(changes: dict[str, Any], named: str) -> None:
    with pytest.raises(BadInput, match=named):
        to_xml(credit_note(**changes))


def test_at_least_four_hundred_documents_are_written_a_second() -> None:
    document = invoice()
    started = time.perf_counter()
    for _time in range(200):
        to_xml(document)
    assert 200 / (time.perf_counter() - started) > 400
