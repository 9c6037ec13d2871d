"""An invoice document as the XML a Peppol receiver takes: UBL 2.1, BIS Billing 3.0, profile 01.

Elements stand in the order of the UBL schema and an empty field gives no element at all: what is
missing is for `validate` to name, all at once. Amounts are SEK with two decimals.
Source: finance section 1; requirements H6-H15.
"""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any, Final

from lxml.etree import Element, SubElement, _Element, tostring

from hamn.agreement.invoicing.document import (
    Address,
    DocumentLine,
    InvoiceDocument,
    InvoiceParty,
    Kind,
)
from hamn.core.errors import BadInput, _

PEPPOL_BILLING: Final = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
PROFILE: Final = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
INVOICE: Final = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
CREDIT_NOTE: Final = "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2"
CAC: Final = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
CBC: Final = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
ORGANISATION_NUMBER_SCHEME: Final = "0007"
F_SKATT: Final = "Godkänd för F-skatt"
PAYMENT_TERMS: Final = "Betalas inom 30 dagar efter mottagen faktura (avtalet § 6)."

_CREDIT_TRANSFER = "30"
_ONE = "C62"  # UN/ECE Rec 20: one, a unit of nothing in particular
_SEK = {"currencyID": "SEK"}
_UNIT = {"unitCode": _ONE}
_CAC, _CBC = f"{{{CAC}}}", f"{{{CBC}}}"
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_FIELDS: Final = {
    "number": _("fakturanumret"),
    "seller": _("säljarens uppgifter"),
    "buyer": _("köparens uppgifter"),
    "seller_vat_number": _("säljarens momsnummer"),
    "buyer_reference": _("köparens referens"),
    "agreement_reference": _("avtalets beteckning"),
    "lines": _("fakturaradens text"),
    "vat": _("skälet till att moms inte tas ut"),
    "payment": _("betalningsuppgifterna"),
    "preceding": _("numret på fakturan som krediteras"),
    "reason": _("skälet till krediteringen"),
}


def to_xml(document: InvoiceDocument) -> bytes:
    """The document as UTF-8 XML: a CreditNote when its kind is CREDIT, otherwise an Invoice.

    What is written is not yet judged: call `validate` before it is sent.
    Raises BadInput when a field holds a character that XML cannot hold.
    """
    try:
        root = _document(document)
    except ValueError as error:  # lxml's word for a character outside XML 1.0
        raise _unwritable(document) from error
    xml: bytes = tostring(root, xml_declaration=True, encoding="UTF-8")
    return xml


def _document(document: InvoiceDocument) -> _Element:
    is_credit = document.kind is Kind.CREDIT
    namespace, name = (CREDIT_NOTE, "CreditNote") if is_credit else (INVOICE, "Invoice")
    prefixes = {None: namespace, "cac": CAC, "cbc": CBC}
    root = Element(f"{{{namespace}}}{name}", nsmap=prefixes)
    _head(root, document, is_credit)
    _references(root, document)
    _seller(root, document)
    _buyer(root, document)
    _payment(root, document, is_credit)
    _tax_total(root, document)
    _totals(root, document)
    for line in document.lines:
        _line(root, line, document.vat.category, is_credit)
    return root


def _leaf(parent: _Element, name: str, text: str, attributes: dict[str, str] | None = None) -> None:
    """An element with text, or nothing when the text is blank (PEPPOL-EN16931-R008)."""
    if text and not text.isspace():
        SubElement(parent, _CBC + name, attributes).text = text


def _branch(parent: _Element, name: str) -> _Element:
    return SubElement(parent, _CAC + name)


def _amount(parent: _Element, name: str, kronor: int) -> None:
    SubElement(parent, _CBC + name, _SEK).text = f"{kronor}.00"


def _drop_if_empty(*elements: _Element) -> None:
    """Take elements without children out again; give an inner one before the one around it."""
    for element in elements:
        if not len(element):
            element.getparent().remove(element)


def _scheme(parent: _Element, name: str) -> None:
    _leaf(_branch(parent, "TaxScheme"), "ID", name)


def _head(root: _Element, document: InvoiceDocument, is_credit: bool) -> None:
    _leaf(root, "CustomizationID", PEPPOL_BILLING)
    _leaf(root, "ProfileID", PROFILE)
    _leaf(root, "ID", document.number)
    _leaf(root, "IssueDate", document.issued_on.isoformat())
    if is_credit:  # no DueDate in a CreditNote: it goes into PaymentMeans
        _leaf(root, "CreditNoteTypeCode", "381")
        _leaf(root, "Note", document.reason)
    else:
        _leaf(root, "DueDate", document.due_on.isoformat())
        _leaf(root, "InvoiceTypeCode", "380")
    _leaf(root, "DocumentCurrencyCode", "SEK")
    _leaf(root, "BuyerReference", document.buyer_reference)


def _references(root: _Element, document: InvoiceDocument) -> None:
    _period(root, document.period_from, document.period_to)
    if document.preceding is not None:
        reference = _branch(_branch(root, "BillingReference"), "InvoiceDocumentReference")
        _leaf(reference, "ID", document.preceding.number)
        _leaf(reference, "IssueDate", document.preceding.issued_on.isoformat())
    if document.agreement_reference.strip():
        _leaf(_branch(root, "ContractDocumentReference"), "ID", document.agreement_reference)


def _period(root: _Element, first: date, last: date) -> None:
    period = _branch(root, "InvoicePeriod")
    _leaf(period, "StartDate", first.isoformat())
    _leaf(period, "EndDate", last.isoformat())


def _seller(root: _Element, document: InvoiceDocument) -> None:
    seller = document.seller
    around = _branch(root, "AccountingSupplierParty")
    party = _branch(around, "Party")
    own = f"{ORGANISATION_NUMBER_SCHEME}:{seller.organisation_number}"
    _endpoint(party, seller.participant_id or own)
    _address(party, seller)
    # BR-O-02: outside the scope of VAT, not even the number may stand in the document.
    if document.vat.category != "O" and document.seller_vat_number.strip():
        _tax_registration(party, document.seller_vat_number, "VAT")
    if document.is_f_skatt_approved:
        _tax_registration(party, F_SKATT, "TAX")
    _legal_entity(party, seller)
    _contact(party, seller)
    _drop_if_empty(party, around)


def _buyer(root: _Element, document: InvoiceDocument) -> None:
    around = _branch(root, "AccountingCustomerParty")
    party = _branch(around, "Party")
    _endpoint(party, document.buyer.participant_id)
    _address(party, document.buyer)
    _legal_entity(party, document.buyer)
    _contact(party, document.buyer)
    _drop_if_empty(party, around)


def _endpoint(party: _Element, participant_id: str) -> None:
    """A participant id "0007:2120000142" as an element; without a scheme, BR-62/63 will say so."""
    scheme, _colon, value = participant_id.rpartition(":")
    _leaf(party, "EndpointID", value, {"schemeID": scheme} if scheme else None)


def _address(party: _Element, of: InvoiceParty) -> None:
    address: Address = of.address
    element = _branch(party, "PostalAddress")
    _leaf(element, "StreetName", address.street)
    # The department: receivers in Sweden read it on the address's second line, and a Contact
    # would pass an office off as a person. A PartyName would be a trading name (BT-28, BT-45).
    _leaf(element, "AdditionalStreetName", of.department)
    _leaf(element, "CityName", address.city)
    _leaf(element, "PostalZone", address.postal_code)
    if address.country_code.strip():
        _leaf(_branch(element, "Country"), "IdentificationCode", address.country_code)
    _drop_if_empty(element)


def _tax_registration(party: _Element, number: str, scheme: str) -> None:
    element = _branch(party, "PartyTaxScheme")
    _leaf(element, "CompanyID", number)
    _scheme(element, scheme)


def _legal_entity(party: _Element, of: InvoiceParty) -> None:
    element = _branch(party, "PartyLegalEntity")
    _leaf(element, "RegistrationName", of.name)
    _leaf(element, "CompanyID", of.organisation_number, {"schemeID": ORGANISATION_NUMBER_SCHEME})
    _drop_if_empty(element)


def _contact(party: _Element, of: InvoiceParty) -> None:
    element = _branch(party, "Contact")
    _leaf(element, "Name", of.contact)
    _leaf(element, "Telephone", of.phone)
    _leaf(element, "ElectronicMail", of.email)
    _drop_if_empty(element)


def _payment(root: _Element, document: InvoiceDocument, is_credit: bool) -> None:
    payment = document.payment
    means = _branch(root, "PaymentMeans")
    _leaf(means, "PaymentMeansCode", _CREDIT_TRANSFER)
    if is_credit:
        _leaf(means, "PaymentDueDate", document.due_on.isoformat())
    _leaf(means, "PaymentID", payment.ocr)
    if payment.bankgiro.strip():
        _account(means, payment.bankgiro, "SE:BANKGIRO")
    elif payment.plusgiro.strip():
        _account(means, payment.plusgiro, "SE:PLUSGIRO")
    if not is_credit:  # nothing falls due for the receiver of a credit note
        _leaf(_branch(root, "PaymentTerms"), "Note", PAYMENT_TERMS)


def _account(means: _Element, number: str, giro: str) -> None:
    account = _branch(means, "PayeeFinancialAccount")
    _leaf(account, "ID", number)
    _leaf(_branch(account, "FinancialInstitutionBranch"), "ID", giro)


def _tax_total(root: _Element, document: InvoiceDocument) -> None:
    total = _branch(root, "TaxTotal")
    _amount(total, "TaxAmount", 0)
    subtotal = _branch(total, "TaxSubtotal")
    _amount(subtotal, "TaxableAmount", document.total_kr)
    _amount(subtotal, "TaxAmount", 0)
    category = _branch(subtotal, "TaxCategory")
    _leaf(category, "ID", document.vat.category)
    _percent(category, document.vat.category)
    _leaf(category, "TaxExemptionReasonCode", document.vat.reason_code)
    _leaf(category, "TaxExemptionReason", document.vat.reason)
    _scheme(category, "VAT")


def _percent(category: _Element, code: str) -> None:
    """Zero per cent when exempt; outside the scope of VAT there is no rate at all (BR-O-05)."""
    if code != "O":
        _leaf(category, "Percent", "0")


def _totals(root: _Element, document: InvoiceDocument) -> None:
    totals = _branch(root, "LegalMonetaryTotal")
    _amount(totals, "LineExtensionAmount", document.total_kr)
    _amount(totals, "TaxExclusiveAmount", document.total_kr)
    _amount(totals, "TaxInclusiveAmount", document.total_kr)
    if document.paid_kr:
        _amount(totals, "PrepaidAmount", document.paid_kr)
    _amount(totals, "PayableAmount", document.payable_kr)


def _line(root: _Element, line: DocumentLine, category: str, is_credit: bool) -> None:
    kind, quantity = ("CreditNote", "Credited") if is_credit else ("Invoice", "Invoiced")
    element = _branch(root, f"{kind}Line")
    _leaf(element, "ID", str(line.position))
    # A price below zero is fatal (BR-27), a quantity below zero is not.
    _leaf(element, f"{quantity}Quantity", "-1" if line.amount_kr < 0 else "1", _UNIT)
    _amount(element, "LineExtensionAmount", line.amount_kr)
    item = _branch(element, "Item")
    _leaf(item, "Name", line.text)
    tax = _branch(item, "ClassifiedTaxCategory")
    _leaf(tax, "ID", category)
    _percent(tax, category)
    _scheme(tax, "VAT")
    _amount(_branch(element, "Price"), "PriceAmount", abs(line.amount_kr))


def _unwritable(document: InvoiceDocument) -> BadInput:
    field, character = next(
        (label, found.group())
        for name, label in _FIELDS.items()
        for text in _texts(getattr(document, name))
        if (found := _NOT_IN_XML.search(text))
    )
    return BadInput(
        _(
            "Det finns ett tecken i {field} som inte får stå i en e-faktura (U+{code}). "
            "Skriv om texten utan tecknet och försök igen."
        ),
        field=field,
        code=f"{ord(character):04X}",
    )


def _texts(value: Any) -> Iterator[str]:
    """Every text in a value, however deep it lies."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _texts(part)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _texts(getattr(value, field.name))
