"""An e-invoice judged before it is sent, offline: every fault at once, in plain Swedish.

Layers, each of which catches what the others let through: `reading`, `schema` (XSD),
`schematron` (EN 16931), `peppol_rules` (Peppol and Sweden), `own_rules` (what no rule asks).
Safe to call from any thread. The first call in a process takes about a second (compiling).
Source: finance sections 1 and 2.
"""

from pathlib import Path

from lxml.etree import _Element, tostring

from hamn.agreement.invoicing.peppol import own_rules, reading, schema, schematron
from hamn.agreement.invoicing.peppol.violation import Violation, distinct

__all__ = ["Violation", "is_sendable", "validate"]


def validate(xml: bytes, *, rules_folder: Path | None = None) -> list[Violation]:
    """What is wrong with the document; an empty list when nothing is. Fatal ones come first.

    xml: from anyone, any size; a hostile file gives a violation, never an exception.
    rules_folder: the operator's official rule files, used instead of the Python ones.
    Raises BadInput when a rule file in that folder is missing or broken, never for the document.
    """
    root = reading.read(xml)
    if isinstance(root, Violation):
        return [root]
    if faults := schema.check(root):
        return distinct(faults)
    return distinct([*_by_rules(root, rules_folder), *own_rules.check(root)])


def is_sendable(found: list[Violation]) -> bool:
    """Whether the document may leave the house: nothing fatal was found."""
    return not any(violation.is_fatal for violation in found)


def _by_rules(root: _Element, rules_folder: Path | None) -> list[Violation]:
    if rules_folder is not None:
        return schematron.official(root, rules_folder)
    core = schematron.en16931(root)
    said = {violation.rule_id for violation in core}
    # The Python rules name EN 16931's places by business term, so only the rule can be compared.
    # When it is first asked: reading these rules is a tenth of what a command takes to start.
    from hamn.agreement.invoicing.peppol import peppol_rules

    more = peppol_rules.check(tostring(root, encoding="UTF-8"))
    return [*core, *(one for one in more if one.rule_id not in said & peppol_rules.EN16931)]
