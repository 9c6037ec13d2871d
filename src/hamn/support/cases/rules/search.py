"""What may be searched for: a name, a personal or coordination number, a case number.

Source: förordning (2001:637) 15 §; docs/law.md section 4, rule 2.
"""

import re

from hamn.core.errors import _
from hamn.guards.vault.rules import ALL_DIGITS, FEWEST_DIGITS, IndexKind

MOST_HITS = 25
# What a case number is made of. No letters or digits that are mistaken for one another, and no
# vowel: no name is written so.
NUMBER_SIGNS = "23456789CFGHJKMPQRVWX"
_CASE_NUMBER = re.compile(
    rf"[A-ZÅÄÖ]\s*-?\s*[{NUMBER_SIGNS}]{{4}}\s*-?\s*[{NUMBER_SIGNS}]{{3}}", re.IGNORECASE
)
_NUMBER = re.compile(r"[0-9][0-9 +\-\u2010-\u2013]*")
KIND_NAMES = {
    IndexKind.NAME: _("namn"),
    IndexKind.PERSONAL_NUMBER: _("person- eller samordningsnummer"),
    IndexKind.CASE_NUMBER: _("ärendenummer"),
}


def kinds_of(text: str) -> tuple[IndexKind, ...]:
    """What the text may be, the likeliest first: also a number may be what a person is called."""
    text = text.strip()
    if _CASE_NUMBER.fullmatch(text):
        return (IndexKind.CASE_NUMBER, IndexKind.NAME)
    if not _NUMBER.fullmatch(text):
        return (IndexKind.NAME,)
    if sum(sign.isdigit() for sign in text) in (FEWEST_DIGITS, ALL_DIGITS):
        return (IndexKind.PERSONAL_NUMBER, IndexKind.NAME)
    return (IndexKind.NAME, IndexKind.PERSONAL_NUMBER)


def as_written(kind: IndexKind, text: str) -> str:
    """The text as it is compared: a case number with its hyphens, also when they were left out."""
    if kind != IndexKind.CASE_NUMBER:
        return text
    signs = re.sub(r"[\s-]", "", text).upper()
    return f"{signs[0]}-{signs[1:5]}-{signs[5:]}"
