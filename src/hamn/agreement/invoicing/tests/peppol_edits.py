"""One fault at a time: a written invoice with one element set, lost, doubled or emptied."""

import copy
from collections.abc import Callable

from lxml.etree import _Element, fromstring, tostring

from hamn.agreement.invoicing.peppol.validate import Violation
from hamn.agreement.invoicing.peppol.write import CAC, CBC, to_xml
from hamn.agreement.invoicing.tests.peppol_documents import SHAPES, credit_note, invoice

NAMES = {"cac": CAC, "cbc": CBC}
SELLER = "cac:AccountingSupplierParty/cac:Party/"
BUYER = "cac:AccountingCustomerParty/cac:Party/"
ACCOUNT = "cac:PaymentMeans/cac:PayeeFinancialAccount/"
CATEGORY = "cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory/"
LINE_TAX = "cac:InvoiceLine/cac:Item/cac:ClassifiedTaxCategory/"
Change = Callable[[_Element], None]


INVOICE = to_xml(invoice())
CREDIT = to_xml(credit_note())
EXEMPT_INVOICE = to_xml(SHAPES["exempt, plusgiro"])


def rules(found: list[Violation]) -> set[str]:
    return {violation.rule_id for violation in found}


def changed(xml: bytes, *changes: Change) -> bytes:
    root = fromstring(xml)
    for change in changes:
        change(root)
    return bytes(tostring(root))


def at(root: _Element, path: str) -> _Element:
    found = root.find(path, NAMES)
    assert found is not None, path
    return found


def setting(path: str, text: str, **attributes: str) -> Change:
    def change(root: _Element) -> None:
        at(root, path).text = text
        at(root, path).attrib.update(attributes)

    return change


def without(path: str) -> Change:
    def change(root: _Element) -> None:
        at(root, path).getparent().remove(at(root, path))

    return change


def twice(path: str) -> Change:
    return lambda root: at(root, path).addnext(copy.deepcopy(at(root, path)))


def emptied(path: str) -> Change:
    def change(root: _Element) -> None:
        element = at(root, path)
        element.text = None
        element[:] = []

    return change


def before(path: str, xml: str) -> Change:
    def change(root: _Element) -> None:
        wrapped = f'<x xmlns:cac="{CAC}" xmlns:cbc="{CBC}">{xml}</x>'
        at(root, path).addprevious(fromstring(wrapped)[0])

    return change
