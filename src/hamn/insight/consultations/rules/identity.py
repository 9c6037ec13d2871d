"""What in a text looks like somebody's identity: a consultation is about a question, not a person.

Signs, never proof. What is certain (a personal number) is refused; of the rest the writer is told,
and may say that it is nobody's. Nothing that was found is repeated in the refusal.
Source: requirements C2 (no client identity); OSL 26:1.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from enum import StrEnum
from typing import NamedTuple

from stdnum import luhn

from hamn.core.errors import BadInput, _


class Sign(StrEnum):
    """What a place in a text looks like."""

    PERSONAL_NUMBER = "personal_number"
    BIRTHDAY = "birthday"
    PHONE = "phone"
    EMAIL = "email"
    NAME = "name"
    ADDRESS = "address"


SIGNS: dict[Sign, str] = {
    Sign.PERSONAL_NUMBER: _("ett personnummer eller samordningsnummer"),
    Sign.BIRTHDAY: _("en födelsedag"),
    Sign.PHONE: _("ett telefonnummer"),
    Sign.EMAIL: _("en e-postadress"),
    Sign.NAME: _("ett namn"),
    Sign.ADDRESS: _("en adress"),
}
_BETWEEN = r"[ .\-–+/\u00a0]?"
_DIGITS = re.compile(rf"\d(?:{_BETWEEN}\d)+")
_TAIL = re.compile(r"[-–+]\d{4}$")
_MASKED = re.compile(r"\d{6}(?:\d{2})?[-–+ ]{0,3}[xX*_]{4}")
# Every pattern begins at a word's beginning and ends soon: a flood of signs is read in its length.
_PHONE = re.compile(
    r"(?<![\w.\-–/])(?:\+\d{1,3}|00\d{2}|0)[ ()\u00a0-]{0,3}"
    r"\d(?:[ \-–/()\u00a0]{0,2}\d){5,11}(?!\d)"
)
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")
_BORN = re.compile(r"\b(?:född|föddes|born)\s+(?:den\s+|on\s+)?\d(?!\d{3}(?![\d-]))", re.IGNORECASE)
_STREET = re.compile(
    r"\b(?:\w{1,40} )?\w{0,40}(?:gatan|vägen|gränd|stigen|torget|allén|backen)\s+\d{1,3}\b",
    re.IGNORECASE,
)
_WORD = r"[\"“”'’]?([^\W\d_][\w'’-]{1,40})"
_CALLED = re.compile(
    r"(?:\b(?P<who>\w{1,40})\s{1,3})?\b(?:heter|hette|kallas för|kallas|kallar sig|vid namn|"
    r"namnet är|namn är|is called|called|named|name is|goes by)"
    rf"(?::|\s)\s{{0,3}}{_WORD}",
    re.IGNORECASE,
)
_SOMEBODY = re.compile(
    r"\b(?:klienten|brukaren|patienten|flickan|tjejen|kvinnan|pojken|killen|mannen|eleven|barnet|"
    r"dottern|sonen|mamman|pappan|(?:the|my) (?:client|patient|girl|woman|boy|man|child|pupil))"
    rf"\s{{1,3}}{_WORD}",
    re.IGNORECASE,
)
_FULL_NAME = re.compile(r"(?<![\w-])([^\W\d_][\w-]{1,40}\s{1,3}[^\W\d_]\w{1,30}sson)\b")
_ONESELF = {"jag", "i", "vi", "we", "myself", "mig"}


class Found(NamedTuple):
    """A sign, the line it stands on, and whether there is no doubt."""

    sign: Sign
    line: int
    is_certain: bool = False


class ClientIdentity(BadInput):
    """The text seems to tell who somebody is; nothing of it is stored.

    is_certain: there is a personal number, which nobody may send on.
    """

    code = "consultations.client_identity"

    def __init__(self, found: Collection[Found]) -> None:
        self.is_certain = any(one.is_certain for one in found)
        super().__init__(
            _(
                "Texten ser ut att innehålla {signs} (rad {lines}). Ta bort det: skriv inget som "
                "kan avslöja vem en klient är."
            )
            if self.is_certain
            else _(
                "Texten ser ut att innehålla {signs} (rad {lines}). Ta bort det om det gäller en "
                "klient. Gäller det ingen klient: kryssa i rutan ovanför knappen och skicka igen."
            ),
            signs=list(dict.fromkeys(SIGNS[one.sign] for one in found)),
            lines=list(dict.fromkeys(str(one.line) for one in found)),
        )


def check_no_client(text: str, *, own: Collection[str], is_confirmed: bool) -> None:
    """Pass a text that tells of nobody, or of nobody's client as its writer says.

    own: name, phone and e-mail of the writer. is_confirmed: she says that it is no client's.
    Raises ClientIdentity.
    """
    found = list(signs(text, own=own))
    if any(one.is_certain for one in found) or (found and not is_confirmed):
        raise ClientIdentity(found)


def signs(text: str, *, own: Collection[str] = ()) -> Iterator[Found]:
    """Every sign in the text, certain ones first; what is the writer's own is none."""
    plain = _folded(text)
    hers = {_key(one) for one in own}
    for sign, found in (
        (Sign.PERSONAL_NUMBER, _personal_numbers(plain)),
        (Sign.BIRTHDAY, _matches(_BORN, plain)),
        (Sign.PHONE, _phones(plain)),
        (Sign.EMAIL, _matches(_EMAIL, plain)),
        (Sign.NAME, _names(plain)),
        (Sign.ADDRESS, _matches(_STREET, plain)),
    ):
        for start, word in found:
            if not _is_own(word, hers):
                line = plain.count("\n", 0, start) + 1
                yield Found(sign, line, is_certain=sign is Sign.PERSONAL_NUMBER)


def _folded(text: str) -> str:
    """The text with every script's digits as ours, so that none slips by."""
    composed = unicodedata.normalize("NFKC", text)
    return "".join(str(unicodedata.decimal(one, one)) for one in composed)


def _personal_numbers(text: str) -> Iterator[tuple[int, str]]:
    for match in _DIGITS.finditer(text):
        digits = "".join(one for one in match[0] if one.isdigit())
        windows = (digits[at : at + size] for size in (12, 10) for at in range(len(digits) - 9))
        is_shaped = len(digits) in (10, 12) and bool(_TAIL.search(match[0]))
        if any(_is_number(one, is_shaped=is_shaped) for one in windows):
            yield match.start(), match[0]
    yield from _matches(_MASKED, text)


def _is_number(digits: str, *, is_shaped: bool) -> bool:
    """Whether the digits hold a day of birth, and a right check digit or a number's own shape."""
    if len(digits) == 12 and digits[:2] not in ("18", "19", "20"):
        return False
    if len(digits) not in (10, 12):
        return False
    month, day = int(digits[-8:-6]), int(digits[-6:-4])
    # A coordination number's day has 60 added; month and day may be unknown.
    is_day = 1 <= month <= 12 and (1 <= day <= 31 or 61 <= day <= 91)
    is_unknown = day >= 60 and month == 0
    return (is_day or is_unknown) and (is_shaped or luhn.is_valid(digits[-10:]))


def _phones(text: str) -> Iterator[tuple[int, str]]:
    """Numbers that somebody may be reached by; free helplines (020) are nobody's own."""
    for start, word in _matches(_PHONE, text):
        if not _key(word).startswith("020"):
            yield start, word


def _names(text: str) -> Iterator[tuple[int, str]]:
    for match in _CALLED.finditer(text):
        if (match["who"] or "").casefold() not in _ONESELF and match[2][0].isupper():
            yield match.start(2), match[2]
    for match in _SOMEBODY.finditer(text):
        if match[1][0].isupper():
            yield match.start(1), match[1]
    for match in _FULL_NAME.finditer(text):
        if all(part[0].isupper() for part in match[1].split()):
            yield match.start(1), match[1]


def _matches(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, str]]:
    for match in pattern.finditer(text):
        yield match.start(), match[0]


def _key(word: str) -> str:
    """A number by its digits in the country's own form, anything else without case."""
    digits = "".join(one for one in _folded(word) if one.isdigit())
    if len(digits) < 7 or "@" in word:
        return word.strip().casefold()
    return "0" + digits[2:] if digits.startswith("46") else digits.removeprefix("00")


def _is_own(word: str, hers: Collection[str]) -> bool:
    key = _key(word)
    return bool(key) and any(key == one or key in one.split() for one in hers)
