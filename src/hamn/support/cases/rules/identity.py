"""How much a person has said of who she is: chosen by her, changed both ways. Pure.

Going named fills in nothing that was written before; going back takes name and number away.
Source: requirements B5, Z7, Z30; SoL 14:3-5; OSL 22:1.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from hamn.core.errors import BadInput, _
from hamn.core.identifiers import personal_number
from hamn.core.text import clean_text
from hamn.support.services.rules import (
    AgeGroup,
    ContactKind,
    Documented,
    IdentityNeeded,
    Regime,
    check_identity_free,
    may_be_identity_free,
)

from .contacts import LONGEST_LINE, age_group
from .content import IDENTITY_LEVELS, CaseContent, ContactContent, IdentityLevel

NEEDED = _(
    "Ärendet har insatser som verksamheten inte får dokumentera utan namn (14 kap. 5 § "
    "socialtjänstlagen). Be chefen föra in nämndens beslut på sidan Verksamheter, eller rätta "
    "kontakten om den var ett rådgivande samtal."
)


@dataclass(frozen=True, slots=True)
class Change:
    """The person chose another level: what it was, what it became, and when it was written."""

    was: str
    now: str
    at: datetime


def changed(
    content: CaseContent, *, level: str, called: str, number: str, today: date
) -> CaseContent:
    """What the case says when the person is known so, and called that.

    number: personal or coordination number as it was written, or empty.
    Raises BadInput for a level, name or number that cannot be, and for a number that must not be
    kept.
    """
    called = " ".join(clean_text(called, LONGEST_LINE).split())
    _check_level(level, called=called, number=number)
    if level == IdentityLevel.ANONYMOUS:
        return replace(content, identity_level=level, called="", personal_number="", named_on=None)
    if level == IdentityLevel.PSEUDONYMOUS:
        return replace(
            content, identity_level=level, called=called, personal_number="", named_on=None
        )
    named = replace(
        content, identity_level=level, called=called, named_on=content.named_on or today
    )
    return _numbered(named, number, today)


def protected(content: CaseContent, *, is_protected: bool) -> CaseContent:
    """What the case says with or without protected identity; with it no number is kept."""
    if not is_protected:
        return replace(content, is_protected=False)
    return replace(content, is_protected=True, personal_number="")


def check_contacts(
    contacts: Iterable[tuple[date, ContactContent]], services: Mapping[str, Documented]
) -> None:
    """Pass a case whose contacts may all stand without a name. services: by code.

    contacts: each with its day. Raises IdentityNeeded (Z30).
    """
    for on, one in contacts:
        service = services.get(one.service, Documented(Regime.FULL))
        if not one.handed_from and not may_be_identity_free(service, one.kind, on=on):
            raise IdentityNeeded(NEEDED)


def check_support(days: Iterable[date], services: Collection[Documented]) -> None:
    """Pass practical support of those days that may stand without a name in the unit.

    services: all of the unit's, since support belongs to the case and not to one of them. Raises
    IdentityNeeded (Z30).
    """
    for on in days:
        for service in services:
            check_identity_free(service, ContactKind.PRACTICAL_SUPPORT, on=on)


def level_at(changes: Sequence[Change], at: datetime, *, current: str) -> str:
    """How much was known when something was written, by the changes in the order they came."""
    for change in changes:
        if at < change.at:
            return change.was
    return changes[-1].now if changes else current


def written_number(number: str) -> str:
    """A personal number as people read it: `19900101-0017`."""
    return f"{number[:8]}-{number[8:]}" if number else ""


def _check_level(level: str, *, called: str, number: str) -> None:
    if level not in IDENTITY_LEVELS:
        raise BadInput(_("{name}: välj något i listan."), name=_("Anonymitet"))
    if level == IdentityLevel.ANONYMOUS and called:
        raise BadInput(_("Den som är anonym har inget namn här. Ta bort namnet."))
    if level != IdentityLevel.ANONYMOUS and not called:
        raise BadInput(_("Skriv vad personen vill kallas, eller välj att personen är anonym."))
    if level != IdentityLevel.NAMED and number.strip():
        raise BadInput(_("Ett personnummer skrivs bara för den som vill vara namngiven. Ta bort."))


def _numbered(content: CaseContent, number: str, today: date) -> CaseContent:
    if not number.strip():
        return replace(content, personal_number="")
    if content.is_protected:
        raise BadInput(
            _("Personen har skyddade personuppgifter: inget personnummer sparas. Ta bort det.")
        )
    digits = personal_number(number, today=today)
    if digits == content.personal_number:
        return content
    year = int(digits[:4])
    if content.birth_year not in (None, year):
        raise BadInput(
            _("Personnumret och födelseåret i ärendet går inte ihop. Rätta det ena av dem.")
        )
    group = age_group(AgeGroup(content.age_group), year, on=today)
    return replace(content, personal_number=digits, birth_year=year, age_group=group.value)
