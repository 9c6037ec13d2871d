"""What `validate` lets through, and the fault it names in everything else."""

from dataclasses import replace
from typing import Any

import pytest

from hamn.agreement.invoicing.document import DocumentLine, PaymentDetails
from hamn.agreement.invoicing.peppol.validate import is_sendable, validate
from hamn.agreement.invoicing.peppol.write import to_xml
from hamn.agreement.invoicing.tests.peppol_documents import (
    CITY,
    EXEMPT,
    MUNICIPALITY,
    OUTSIDE_VAT,
    SHAPES,
    invoice,
)
from hamn.agreement.invoicing.tests.peppol_edits import (
    ACCOUNT,
    BUYER,
    CATEGORY,
    CREDIT,
    EXEMPT_INVOICE,
    INVOICE,
    LINE_TAX,
    SELLER,
    Change,
    before,
    changed,
    emptied,
    rules,
    setting,
    twice,
    without,
)


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_we_send_breaks_no_rule(shape: str) -> None:
    assert validate(to_xml(SHAPES[shape])) == []


BY_FIELD: list[tuple[str, dict[str, Any], str]] = [
    (
        "no buyer endpoint",
        {"buyer": replace(MUNICIPALITY, participant_id="")},
        "PEPPOL-EN16931-R010",
    ),
    ("endpoint without scheme", {"buyer": replace(MUNICIPALITY, participant_id="44")}, "BR-63"),
    ("scheme unknown", {"buyer": replace(MUNICIPALITY, participant_id="9:1")}, "BR-CL-25"),
    (
        "hyphen in the seller's number",
        {"seller": replace(CITY, organisation_number="212000-0142")},
        "SE-R-003",
    ),
    (
        "century before the number",
        {"seller": replace(CITY, organisation_number="162120000142")},
        "SE-R-004",
    ),
    (
        "wrong check digit",
        {"seller": replace(CITY, organisation_number="2120000143")},
        "SE-R-013",
    ),
    (
        "buyer's check digit",
        {"buyer": replace(MUNICIPALITY, participant_id="0007:4400000007")},
        "PEPPOL-COMMON-R049",
    ),
    (
        "endpoint is another organisation",
        {"buyer": replace(MUNICIPALITY, participant_id="0007:2120000142")},
        "HAMN-PARTICIPANT",
    ),
    ("no buyer reference", {"buyer_reference": ""}, "PEPPOL-EN16931-R003"),
    ("no buyer reference, ours", {"buyer_reference": ""}, "HAMN-BUYER-REFERENCE"),
    ("outside VAT without reason", {"vat": replace(OUTSIDE_VAT, reason="")}, "BR-O-10"),
    ("exempt without VAT number", {"vat": EXEMPT}, "BR-E-02"),
    (
        "exempt without reason",
        {"vat": replace(EXEMPT, reason=""), "seller_vat_number": "SE212000014201"},
        "BR-E-10",
    ),
    ("short VAT number", {"vat": EXEMPT, "seller_vat_number": "SE2120000142"}, "SE-R-001"),
    ("letters in VAT number", {"vat": EXEMPT, "seller_vat_number": "SE2120X0014201"}, "SE-R-002"),
    (
        "wrong kind of code",
        {"vat": replace(EXEMPT, reason_code="VATEX-EU-O")},
        "PEPPOL-EN16931-P0105",
    ),
    ("no lines", {"lines": ()}, "HAMN-XSD"),
    ("line without text", {"lines": (DocumentLine(position=1, text="", amount_kr=1),)}, "BR-25"),
    ("declared paid", {"paid_kr": 44831}, "HAMN-PREPAID"),
    ("period ends first", {"period_to": invoice().period_from.replace(year=2024)}, "BR-29"),
    ("nameless buyer", {"buyer": replace(MUNICIPALITY, name="")}, "BR-07"),
]

BY_PAYMENT = [
    ("no account", ("", "", "2025000114"), "HAMN-PAYMENT-MEANS"),
    ("bankgiro check digit", ("99999998", "", "2025000114"), "HAMN-BANKGIRO"),
    ("bankgiro with hyphen", ("9999-9997", "", "2025000114"), "SE-R-008"),
    ("bankgiro too long", ("999999999", "", "2025000114"), "SE-R-009"),
    ("plusgiro check digit", ("", "9999997", "2025000114"), "HAMN-PLUSGIRO"),
    ("plusgiro with hyphen", ("", "999999-6", "2025000114"), "SE-R-007"),
    ("plusgiro too long", ("", "999999999", "2025000114"), "SE-R-010"),
    ("OCR check digit", ("99999997", "", "2025000115"), "HAMN-OCR"),
    ("OCR too long", ("99999997", "", "0" * 26), "HAMN-OCR"),
    ("OCR not digits", ("99999997", "", "2025-0001"), "HAMN-OCR"),
    ("OCR missing", ("99999997", "", ""), "HAMN-OCR"),
]


@pytest.mark.parametrize(
    ("changes", "rule"), [pytest.param(*case[1:], id=case[0]) for case in BY_FIELD]
)
def test_a_faulty_field_is_named_by_its_rule(changes: dict[str, Any], rule: str) -> None:
    found = validate(to_xml(invoice(**changes)))
    assert rule in rules(found)
    assert not is_sendable(found)


@pytest.mark.parametrize(
    ("payment", "rule"), [pytest.param(*case[1:], id=case[0]) for case in BY_PAYMENT]
)
def test_a_faulty_payment_is_fatal(payment: tuple[str, str, str], rule: str) -> None:
    bankgiro, plusgiro, ocr = payment
    details = PaymentDetails(bankgiro=bankgiro, plusgiro=plusgiro, ocr=ocr)
    found = validate(to_xml(invoice(payment=details)))
    assert any(violation.rule_id == rule and violation.is_fatal for violation in found)


BY_EDIT: list[tuple[str, bytes, Change, str]] = [
    (
        "rate outside VAT",
        INVOICE,
        before(LINE_TAX + "cac:TaxScheme", "<cbc:Percent>0</cbc:Percent>"),
        "BR-O-05",
    ),
    (
        "VAT number outside VAT",
        INVOICE,
        before(
            BUYER + "cac:PartyLegalEntity",
            "<cac:PartyTaxScheme><cbc:CompanyID>SE440000000801</cbc:CompanyID>"
            "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>",
        ),
        "BR-O-02",
    ),
    ("O beside another category", INVOICE, setting(LINE_TAX + "cbc:ID", "Z"), "BR-O-12"),
    (
        "F-skatt otherwise put",
        to_xml(SHAPES["approved for F-skatt"]),
        setting(SELLER + "cac:PartyTaxScheme/cbc:CompanyID", "F-skatt"),
        "SE-R-005",
    ),
    ("rate that Sweden lacks", EXEMPT_INVOICE, setting(CATEGORY + "cbc:ID", "S"), "SE-R-006"),
    (
        "payment means 50",
        INVOICE,
        setting("cac:PaymentMeans/cbc:PaymentMeansCode", "50"),
        "SE-R-011",
    ),
    (
        "payment means 31",
        INVOICE,
        setting("cac:PaymentMeans/cbc:PaymentMeansCode", "31"),
        "SE-R-012",
    ),
    (
        "account without giro",
        INVOICE,
        without(ACCOUNT + "cac:FinancialInstitutionBranch"),
        "HAMN-GIRO",
    ),
    ("no payment means", INVOICE, without("cac:PaymentMeans"), "HAMN-PAYMENT-MEANS"),
    ("no due date", INVOICE, without("cbc:DueDate"), "HAMN-DUE-DATE"),
    (
        "two buyer references",
        INVOICE,
        before("cac:InvoicePeriod", "<cbc:BuyerReference>?</cbc:BuyerReference>"),
        "HAMN-XSD",
    ),
    (
        "due date in a credit note",
        CREDIT,
        before("cbc:CreditNoteTypeCode", "<cbc:DueDate>2025-02-14</cbc:DueDate>"),
        "HAMN-XSD",
    ),
    (
        "no due date in a credit note",
        CREDIT,
        without("cac:PaymentMeans/cbc:PaymentDueDate"),
        "HAMN-DUE-DATE",
    ),
    ("credit note for nothing", CREDIT, without("cac:BillingReference"), "HAMN-BILLING-REFERENCE"),
    (
        "credited invoice undated",
        CREDIT,
        without("cac:BillingReference/cac:InvoiceDocumentReference/cbc:IssueDate"),
        "HAMN-BILLING-REFERENCE",
    ),
    (
        "credited invoice unnumbered",
        CREDIT,
        without("cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID"),
        "HAMN-XSD",
    ),
    ("two notes", CREDIT, twice("cbc:Note"), "PEPPOL-EN16931-R002"),
    (
        "negative price",
        INVOICE,
        setting("cac:InvoiceLine/cac:Price/cbc:PriceAmount", "-1.00"),
        "BR-27",
    ),
    (
        "three decimals",
        INVOICE,
        setting("cac:LegalMonetaryTotal/cbc:PayableAmount", "44831.001"),
        "BR-DEC-18",
    ),
    (
        "empty element",
        INVOICE,
        setting(BUYER + "cac:PostalAddress/cbc:CityName", " "),
        "PEPPOL-EN16931-R008",
    ),
    (
        "wrong sum to pay",
        INVOICE,
        setting("cac:LegalMonetaryTotal/cbc:PayableAmount", "1.00"),
        "BR-CO-16",
    ),
    ("another profile", INVOICE, setting("cbc:ProfileID", "x"), "PEPPOL-EN16931-R007"),
    (
        "another specification",
        INVOICE,
        setting("cbc:CustomizationID", "urn:cen.eu:en16931:2017"),
        "HAMN-SPECIFICATION",
    ),
    ("two specifications", INVOICE, twice("cbc:CustomizationID"), "HAMN-SPECIFICATION"),
]


@pytest.mark.parametrize(
    ("xml", "change", "rule"), [pytest.param(*case[1:], id=case[0]) for case in BY_EDIT]
)
def test_a_trap_gives_its_rule_and_is_fatal(xml: bytes, change: Change, rule: str) -> None:
    found = validate(changed(xml, change))
    assert any(violation.rule_id == rule and violation.is_fatal for violation in found)


def test_an_order_number_does_not_replace_the_buyers_reference() -> None:
    order = before(
        "cac:ContractDocumentReference",
        "<cac:OrderReference><cbc:ID>1</cbc:ID></cac:OrderReference>",
    )
    found = validate(changed(INVOICE, without("cbc:BuyerReference"), order))
    assert rules(found) == {"HAMN-BUYER-REFERENCE"}


def test_an_unknown_element_is_a_warning_and_can_be_sent() -> None:
    copy_indicator = "<cbc:CopyIndicator>false</cbc:CopyIndicator>"
    found = validate(changed(INVOICE, before("cbc:IssueDate", copy_indicator)))
    assert rules(found) == {"UBL-CR-004"}
    assert is_sendable(found)


def test_a_sum_that_two_layers_find_wrong_is_told_once() -> None:
    wrong = setting("cac:LegalMonetaryTotal/cbc:PayableAmount", "1.00")
    assert [one.rule_id for one in validate(changed(INVOICE, wrong))] == ["BR-CO-16"]


REQUIRED = [
    "cbc:CustomizationID",
    "cbc:ProfileID",
    "cbc:ID",
    "cbc:IssueDate",
    "cbc:DueDate",
    "cbc:InvoiceTypeCode",
    "cbc:DocumentCurrencyCode",
    "cbc:BuyerReference",
    "cac:AccountingSupplierParty",
    SELLER + "cbc:EndpointID",
    SELLER + "cac:PostalAddress",
    SELLER + "cac:PostalAddress/cac:Country/cbc:IdentificationCode",
    SELLER + "cac:PartyLegalEntity",
    SELLER + "cac:PartyLegalEntity/cbc:RegistrationName",
    SELLER + "cac:PartyLegalEntity/cbc:CompanyID",
    "cac:AccountingCustomerParty",
    BUYER + "cbc:EndpointID",
    BUYER + "cac:PostalAddress",
    BUYER + "cac:PostalAddress/cac:Country",
    BUYER + "cac:PartyLegalEntity/cbc:RegistrationName",
    "cac:PaymentMeans/cbc:PaymentMeansCode",
    "cac:PaymentMeans/cbc:PaymentID",
    "cac:PaymentMeans/cac:PayeeFinancialAccount",
    ACCOUNT + "cbc:ID",
    ACCOUNT + "cac:FinancialInstitutionBranch",
    ACCOUNT + "cac:FinancialInstitutionBranch/cbc:ID",
    "cac:TaxTotal",
    "cac:TaxTotal/cbc:TaxAmount",
    "cac:TaxTotal/cac:TaxSubtotal",
    "cac:TaxTotal/cac:TaxSubtotal/cbc:TaxableAmount",
    CATEGORY + "cbc:ID",
    CATEGORY + "cbc:TaxExemptionReason",
    CATEGORY + "cac:TaxScheme",
    "cac:LegalMonetaryTotal",
    "cac:LegalMonetaryTotal/cbc:LineExtensionAmount",
    "cac:LegalMonetaryTotal/cbc:TaxExclusiveAmount",
    "cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount",
    "cac:LegalMonetaryTotal/cbc:PayableAmount",
    "cac:InvoiceLine",
    "cac:InvoiceLine/cbc:ID",
    "cac:InvoiceLine/cbc:InvoicedQuantity",
    "cac:InvoiceLine/cbc:LineExtensionAmount",
    "cac:InvoiceLine/cac:Item/cbc:Name",
    LINE_TAX + "cbc:ID",
    "cac:InvoiceLine/cac:Price",
    "cac:InvoiceLine/cac:Price/cbc:PriceAmount",
]


@pytest.mark.parametrize("path", REQUIRED)
def test_a_required_field_missing_double_or_empty_stops_the_invoice(path: str) -> None:
    for fault in (without, twice, emptied):
        assert not is_sendable(validate(changed(INVOICE, fault(path)))), fault.__name__
