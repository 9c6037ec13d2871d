"""Layer 5: what no published rule asks, and a Swedish payer needs all the same.

Check digits of bankgiro, plusgiro and OCR; that there is a way and a day to pay; that the buyer's
reference and a credited invoice are named; that nothing unpaid is declared paid.
Source: finance sections 1 and 6; SFTI guidance on references, 2025-05-12.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Final

from lxml.etree import _Element
from stdnum import luhn

from hamn.agreement.invoicing.peppol.violation import Violation, of_hamn, path_of
from hamn.agreement.invoicing.peppol.write import CAC, CBC, CREDIT_NOTE, ORGANISATION_NUMBER_SCHEME

_NAMES = {"cac": CAC, "cbc": CBC}
_CREDIT_NOTE = f"{{{CREDIT_NOTE}}}CreditNote"
_PARTIES = ("cac:AccountingSupplierParty/cac:Party", "cac:AccountingCustomerParty/cac:Party")
_ACCOUNT = "cac:PayeeFinancialAccount"
_BRANCH = f"{_ACCOUNT}/cac:FinancialInstitutionBranch/cbc:ID"
_LONGEST_OCR = 25
_GIROS: Final = {"SE:BANKGIRO": ("BANKGIRO", 7, 8), "SE:PLUSGIRO": ("PLUSGIRO", 2, 8)}


def check(root: _Element) -> list[Violation]:
    """What Hamn itself has against a schema-valid document; every finding is fatal."""
    return [violation for rule in _RULES for violation in rule(root)]


def _all(at: _Element, path: str) -> list[_Element]:
    return list(at.findall(path, _NAMES))


def _text(at: _Element, path: str) -> str:
    return (at.findtext(path, "", _NAMES) or "").strip()


def _is_credit_note(root: _Element) -> bool:
    return bool(root.tag == _CREDIT_NOTE)


def _payment_means(root: _Element) -> Iterator[Violation]:
    if not _all(root, f"cac:PaymentMeans/{_ACCOUNT}/cbc:ID"):
        yield of_hamn("PAYMENT-MEANS", "No payment means with an account.", path_of(root))


def _due_date(root: _Element) -> Iterator[Violation]:
    path = "cac:PaymentMeans/cbc:PaymentDueDate" if _is_credit_note(root) else "cbc:DueDate"
    if not _text(root, path):
        yield of_hamn("DUE-DATE", f"No due date ({path}).", path_of(root))


def _buyer_reference(root: _Element) -> Iterator[Violation]:
    if not _text(root, "cbc:BuyerReference"):
        yield of_hamn("BUYER-REFERENCE", "No BuyerReference (BT-10).", path_of(root))


def _billing_reference(root: _Element) -> Iterator[Violation]:
    reference = "cac:BillingReference/cac:InvoiceDocumentReference"
    is_named = _text(root, f"{reference}/cbc:ID") and _text(root, f"{reference}/cbc:IssueDate")
    if _is_credit_note(root) and not is_named:
        yield of_hamn(
            "BILLING-REFERENCE",
            "A credit note without the number and issue date of the invoice it reverses.",
            path_of(root),
        )


def _giro(root: _Element) -> Iterator[Violation]:
    for means in _all(root, "cac:PaymentMeans"):
        for account in _all(means, f"{_ACCOUNT}/cbc:ID"):
            number, giro = (account.text or "").strip(), _text(means, _BRANCH)
            if giro in _GIROS:
                yield from _giro_number(account, number, *_GIROS[giro])
            elif number[:2].isdigit():  # an IBAN begins with its country
                yield of_hamn("GIRO", "Neither bankgiro nor plusgiro.", path_of(account))


def _giro_number(
    account: _Element, number: str, kind: str, shortest: int, longest: int
) -> Iterator[Violation]:
    if not _has_check_digit(number, shortest, longest):
        text = f"{number!r} is not {shortest}-{longest} digits, the last one a check digit."
        yield of_hamn(kind, text, path_of(account))


def _ocr(root: _Element) -> Iterator[Violation]:
    for means in _all(root, "cac:PaymentMeans"):
        ocr = _text(means, "cbc:PaymentID")
        if _text(means, _BRANCH) in _GIROS and not _has_check_digit(ocr, 2, _LONGEST_OCR):
            text = f"{ocr!r} is not 2-{_LONGEST_OCR} digits, the last one a check digit."
            yield of_hamn("OCR", text, path_of(means))


def _has_check_digit(number: str, shortest: int, longest: int) -> bool:
    is_digits = number.isascii() and number.isdigit()
    return is_digits and shortest <= len(number) <= longest and bool(luhn.is_valid(number))


def _prepaid(root: _Element) -> Iterator[Violation]:
    """A paid invoice is not sent; one that says it is paid is one that nobody pays."""
    totals = "cac:LegalMonetaryTotal/cbc:"
    prepaid, total = (_decimal(root, totals + n) for n in ("PrepaidAmount", "TaxInclusiveAmount"))
    if prepaid and total <= prepaid and not _is_credit_note(root):
        place = path_of(_all(root, f"{totals}PrepaidAmount")[0])
        yield of_hamn("PREPAID", f"Prepaid {prepaid} of {total}: nothing to pay.", place)


def _decimal(root: _Element, path: str) -> Decimal:
    try:
        return Decimal(_text(root, path) or "0")
    except InvalidOperation:
        return Decimal(0)


def _participant(root: _Element) -> Iterator[Violation]:
    for party in (found for path in _PARTIES for found in _all(root, path)):
        ids = [
            element
            for path in ("cbc:EndpointID", "cac:PartyLegalEntity/cbc:CompanyID")
            for element in _all(party, path)
            if element.get("schemeID") == ORGANISATION_NUMBER_SCHEME
        ]
        if len({(element.text or "").strip() for element in ids}) > 1:
            text = "Endpoint and company id are both organisation numbers, and differ."
            yield of_hamn("PARTICIPANT", text, path_of(ids[0]))


_RULES: Final[tuple[Callable[[_Element], Iterator[Violation]], ...]] = (
    _payment_means,
    _due_date,
    _buyer_reference,
    _billing_reference,
    _giro,
    _ocr,
    _prepaid,
    _participant,
)
