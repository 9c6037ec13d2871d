"""Layer 1: bytes from anyone as an XML tree, or what is wrong with them.

Nothing is fetched and nothing is expanded: a DTD, an entity or another encoding than UTF-8 is
refused. Stops entity expansion ("billion laughs"), external entities and oversized files.
Source: finance section 2.4; BIS Billing 3.0 (UTF-8).
"""

from typing import Final

from lxml.etree import XMLParser, XMLSyntaxError, _Element, fromstring

from hamn.agreement.invoicing.peppol.violation import Violation, of_hamn
from hamn.agreement.invoicing.peppol.write import CREDIT_NOTE, INVOICE, PEPPOL_BILLING

# Bytes; ours have some 4,000. The rules take quadratic time, so a larger limit would let one file
# hold the engine for a minute.
LARGEST: Final = 2 * 1024 * 1024
ROOTS: Final = {f"{{{INVOICE}}}Invoice", f"{{{CREDIT_NOTE}}}CreditNote"}

_CUSTOMIZATION = "{*}CustomizationID"
_UTF_8 = {None, "UTF-8", "ASCII", "US-ASCII"}


def read(xml: bytes) -> _Element | Violation:
    """The document's root without comments, or the one thing that makes it unreadable."""
    if len(xml) > LARGEST:
        return of_hamn("SIZE", f"The file is larger than {LARGEST} bytes.")
    if (fault := _encoding_fault(xml)) is not None:
        return fault
    try:
        root = fromstring(xml, _parser())
    except (XMLSyntaxError, ValueError) as error:
        return of_hamn("XML", f"Not well-formed XML: {error}")
    return _fault(root) or root


def _parser() -> XMLParser:
    return XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _encoding_fault(xml: bytes) -> Violation | None:
    try:
        xml.decode("utf-8")
    except UnicodeDecodeError as error:
        return of_hamn("ENCODING", f"Not UTF-8: {error.reason} at byte {error.start}.")
    return None


def _fault(root: _Element) -> Violation | None:
    info = root.getroottree().docinfo
    if info.internalDTD is not None or info.doctype:
        return of_hamn("DTD", "The document has a DOCTYPE declaration, which is refused.")
    if (info.encoding and info.encoding.upper()) not in _UTF_8:
        return of_hamn("ENCODING", f"The document says that it is {info.encoding}, not UTF-8.")
    if root.tag not in ROOTS:
        return of_hamn("KIND", f"The root is {root.tag}, not a UBL 2.1 Invoice or CreditNote.")
    named = [(one.text or "").strip() for one in root.findall(_CUSTOMIZATION)]
    if named != [PEPPOL_BILLING]:
        return of_hamn("SPECIFICATION", f"CustomizationID is {named}, not [{PEPPOL_BILLING!r}].")
    return None
