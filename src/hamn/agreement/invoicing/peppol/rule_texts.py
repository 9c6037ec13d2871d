"""The rules of an e-invoice in plain Swedish: what is wrong and which field to mend.

The sentences are in `rule_texts.csv`. A rule's own row comes first, then the row of its VAT
family ("BR-VAT-05" for BR-E-05), then its family's ("BR-DEC-*"), then "*".
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from hamn.agreement.invoicing.peppol.field_names import field_at

# Only warnings to the publisher; to a Swedish payer they are payments that go astray.
WARNINGS_MADE_FATAL: Final = frozenset(f"SE-R-{number:03}" for number in range(7, 13))

_CATEGORIES: Final = {
    "AE": "AE (omvänd betalningsskyldighet)",
    "AF": "L (Kanarieöarna)",
    "AG": "M (Ceuta och Melilla)",
    "B": "B (Italien)",
    "E": "E (undantag från moms)",
    "G": "G (export)",
    "IC": "K (handel inom EU)",
    "O": "O (utanför momsens område)",
    "S": "S (med moms)",
    "Z": "Z (nollskattesats)",
}


@dataclass(frozen=True, slots=True)
class Told:
    """A rule's finding in Swedish: a sentence, and the name of the field to mend (may be empty)."""

    text: str
    field: str


def told(rule_id: str, *, location: str, text_en: str, line: int = 0) -> Told:
    """The Swedish for a finding; a rule without a row gets a sentence with the rule's own text.

    location: the element's path. line: where in the file, for the schema's findings.
    """
    row = _row(rule_id)
    field = field_at(location)
    text = row.text.format(
        rule_id=rule_id,
        text_en=text_en,
        place=field or location or "dokumentet",
        category=_CATEGORIES.get(_vat_family(rule_id), ""),
        line=line,
    )
    return Told(text, row.field or field)


def has_own_text(rule_id: str) -> bool:
    """Whether the rule or its family has a row, so that the last resort is not needed."""
    return _row(rule_id) is not _rows()["*"]


def _row(rule_id: str) -> Told:
    rows = _rows()
    return next(rows[key] for key in _keys(rule_id) if key in rows)


def _keys(rule_id: str) -> tuple[str, ...]:
    family, _dash, number = rule_id.rpartition("-")
    if _vat_family(rule_id):
        return (rule_id, f"BR-VAT-{number}", "BR-VAT-*", "*")
    # "PEPPOL-COMMON-R056-2" has two numbers: its family is two steps up.
    return (rule_id, f"{family}-*", f"{family.rpartition('-')[0]}-*", "*")


def _vat_family(rule_id: str) -> str:
    """ "E" for BR-E-05; empty for a rule that is not about one VAT category."""
    parts = rule_id.split("-")
    return parts[1] if len(parts) == 3 and parts[0] == "BR" and parts[1] in _CATEGORIES else ""


@cache
def _rows() -> dict[str, Told]:
    file = Path(__file__).with_name("rule_texts.csv")
    with file.open(encoding="utf-8", newline="") as rows:
        return {row["rule_id"]: Told(row["text"], row["field"]) for row in csv.DictReader(rows)}
