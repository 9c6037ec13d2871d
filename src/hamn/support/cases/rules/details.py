"""What a case says of its person's situation, and how she may be reached. Pure.

Source: requirements B5-B8, I26, Z4; SoL 11:6; OSL 21:3, 22:1.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from email.utils import parseaddr

from hamn.core.errors import BadInput, Refusal, _
from hamn.core.identifiers import phone
from hamn.core.text import clean_text
from hamn.support.services.rules import AGE_GROUPS, FORMS, SOURCES, AgeGroup

from .contacts import LONGEST_LINE, age_group
from .content import CaseContent

LONGEST_WORDS = 2000
# What of a case its facts are counted by.
CLASSES = ("source", "form", "age_group", "residence", "municipality")


@dataclass(frozen=True, slots=True)
class Details:
    """How a person may be reached; each of it only when it is needed, in a box of its own."""

    phone: str = ""
    email: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Situation:
    """What may be put right about the person's situation; nothing of it is demanded (B5)."""

    grounds: tuple[str, ...] = ()
    municipality: str = "unknown"
    age_group: str = AgeGroup.UNKNOWN
    birth_year: int | None = None
    form: str = "individual"
    source: str = "own_contact"
    language: str = ""
    wishes: str = ""


class NothingKept(Refusal):
    """The person has protected identity: nothing that leads to her is kept."""

    code = "cases.protected"


def situated(
    content: CaseContent,
    new: Situation,
    *,
    grounds: Collection[str],
    residence: str,
    today: date,
) -> CaseContent:
    """What the case says with that situation. grounds: those its unit's services have.

    Raises BadInput for a code that is none, and for an age that cannot be.
    """
    _check(new, grounds)
    group = age_group(AgeGroup(new.age_group), new.birth_year, on=today)
    return replace(
        content,
        grounds=new.grounds,
        municipality=new.municipality,
        residence=residence,
        age_group=group.value,
        birth_year=new.birth_year,
        form=new.form,
        source=new.source,
        language=" ".join(clean_text(new.language, LONGEST_LINE).split()),
        wishes=clean_text(new.wishes, LONGEST_WORDS).strip(),
    )


def are_counted_alike(one: CaseContent, other: CaseContent) -> bool:
    """Whether both leave the same facts."""
    return all(getattr(one, name) == getattr(other, name) for name in CLASSES)


def checked(details: Details) -> Details:
    """The contact details as they are kept. Raises BadInput for what reaches nobody."""
    address = clean_text(details.address, LONGEST_WORDS).strip()
    return Details(phone(details.phone), _email(details.email), address)


def check_may_keep(content: CaseContent) -> None:
    """Pass a case that may hold contact details. Raises NothingKept with protected identity."""
    if content.is_protected:
        raise NothingKept(
            _(
                "Personen har skyddade personuppgifter: inga kontaktuppgifter sparas. Kom överens "
                "om att personen själv hör av sig."
            )
        )


def check_informed(on: date | None, *, today: date) -> None:
    """Pass no day, or one that has been. Raises BadInput."""
    if on is not None and on > today:
        raise BadInput(_("Dagen {on} har inte varit än. Skriv den dag då det hände."), on=on)


def _email(text: str) -> str:
    text = clean_text(text, LONGEST_LINE).strip()
    name, address = parseaddr(text)
    is_whole = address == text and not name and text.count("@") == 1
    if text and not (is_whole and all(text.split("@")) and "." in text.rpartition("@")[2]):
        raise BadInput(_("”{text}” är ingen e-postadress. Rätta den."), text=text)
    return text


def _check(new: Situation, grounds: Collection[str]) -> None:
    told: Mapping[str, tuple[str, Collection[str]]] = {
        _("Ålder"): (new.age_group, AGE_GROUPS),
        _("Form"): (new.form, FORMS),
        _("Väg hit"): (new.source, SOURCES),
    }
    for name, (code, codes) in told.items():
        if code not in codes:
            raise BadInput(_("{name}: välj något i listan."), name=name)
    if not set(new.grounds) <= set(grounds):
        raise BadInput(_("Skäl: välj bland verksamhetens skäl."))
