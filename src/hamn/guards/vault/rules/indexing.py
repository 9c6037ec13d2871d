"""What a record can be found by, and how what is typed becomes what is compared.

Only names, personal or coordination numbers, and case numbers: nothing else is searchable.
"""

import unicodedata
from collections.abc import Collection
from enum import StrEnum

from hamn.core.errors import BadInput, _

LONGEST_QUERY = 200
FEWEST_DIGITS, ALL_DIGITS = 10, 12
_BETWEEN_DIGITS = str.maketrans("", "", "-+ \u00a0\u2010\u2011\u2012\u2013\u2212")
# A number without its century is found under both: who is a hundred is still found.
_CENTURIES = ("19", "20")


class IndexKind(StrEnum):
    """What a record is found by."""

    NAME = "name"
    PERSONAL_NUMBER = "personal_number"
    CASE_NUMBER = "case_number"


def entries_of(kind: IndexKind, values: Collection[str]) -> frozenset[str]:
    """Everything that the record shall be found by, in the form that is compared.

    A name gives itself and each of its words. Raises BadInput for what is no personal number.
    """
    return frozenset(one for value in values for one in _forms(kind, value) if one)


def wanted(kind: IndexKind, text: str) -> tuple[frozenset[str], ...]:
    """What a search matches: each of these must be met by one of its members.

    `Anna Berg` finds whoever goes by both words, in any order. Empty when nothing was typed.
    Raises BadInput for what is too long, or is no personal number.
    """
    if len(text) > LONGEST_QUERY:
        raise BadInput(_("Sökordet är för långt. Skriv högst {count} tecken."), count=LONGEST_QUERY)
    if kind == IndexKind.NAME:
        return tuple(frozenset({word}) for word in sorted(set(_folded(text).split())))
    forms = frozenset(one for one in _forms(kind, text) if one)
    return (forms,) if forms else ()


def _forms(kind: IndexKind, value: str) -> Collection[str]:
    if kind == IndexKind.NAME:
        name = _folded(value)
        return {name, *name.split()}
    if kind == IndexKind.PERSONAL_NUMBER:
        return _personal_numbers(value)
    return {"".join(_folded(value).split())}


def _folded(text: str) -> str:
    """Without regard to case, width, and runs of blanks; å, ä and ö remain themselves."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    # Blanks of every kind part words; other signs that are not seen are no part of a name.
    words = ("".join(sign for sign in word if sign.isprintable()) for word in folded.split())
    return " ".join(word for word in words if word)


def _personal_numbers(text: str) -> Collection[str]:
    digits = unicodedata.normalize("NFKC", text).translate(_BETWEEN_DIGITS)
    if not digits:
        return ()
    if not (digits.isascii() and digits.isdigit() and len(digits) in {FEWEST_DIGITS, ALL_DIGITS}):
        # What was typed is not repeated: it may be half of a real number, and refusals are logged.
        raise BadInput(_("Skriv person- eller samordningsnumret med tio eller tolv siffror."))
    if len(digits) == ALL_DIGITS:
        return (digits,)
    return tuple(century + digits for century in _CENTURIES)
