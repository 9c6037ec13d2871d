"""Layer 4 without rule files: Peppol's and Sweden's rules, and EN 16931 once more, in Python.

mock-einvoice 0.4.0 holds the rules of BIS Billing 3.0.21; the official files may not be
passed on, so they are used only when the operator has them (`schematron.official`).
Source: finance sections 2.2 and 2.3.
"""

from operator import attrgetter
from typing import Final

import mockeinvoice
from mockeinvoice.rules.published import LAYERS

from hamn.agreement.invoicing.peppol.violation import Violation, few_of_each, of_hamn, of_rule

EN16931: Final = frozenset(LAYERS["en16931"])
_FATAL = {"fatal", "error"}


def check(xml: bytes) -> list[Violation]:
    """What mock-einvoice has against a schema-valid document; a crash of it counts as invalid."""
    try:
        _document, report = mockeinvoice.validate(xml)
    except mockeinvoice.Refused as refusal:
        return [of_hamn("RULES", f"mock-einvoice refuses the document: {refusal}")]
    except Exception as error:  # a judge that falls over has not said yes
        return [of_hamn("RULES", f"mock-einvoice failed: {type(error).__name__}: {error}")]
    few = few_of_each(report.findings, attrgetter("code"))
    found = [_violation(finding) for finding in few]
    if report.unasked:
        found.append(of_hamn("RULES", f"{report.unasked} fatal rules were never asked."))
    return found


def _violation(finding: mockeinvoice.Finding) -> Violation:
    # A published rule's name has a number in it; the reader's own words have none.
    is_published = any(character.isdigit() for character in finding.code)
    return of_rule(
        finding.code if is_published else f"MOCK-{finding.code}",
        finding.text,
        is_fatal=finding.level in _FATAL,
        location="" if finding.path == "/" else finding.path,
    )
