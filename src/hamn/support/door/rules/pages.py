"""The public pages that have a text of their own, and the situations people come in. Pure.

A page's address names a service or nothing at all: what stays in a browser's history must not say
what somebody is going through.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from hamn.core.errors import _


class Situation(StrEnum):
    """What brings somebody to the door, in her own words."""

    COMPENSATION = "compensation"
    EXPLOITED = "exploited"
    BUYS = "buys"
    RELATIVE = "relative"
    CHILD = "child"
    PROFESSIONAL = "professional"
    RELATIVE_OF_BUYER = "relative_of_buyer"
    PORN = "porn"
    SELF_HARM = "self_harm"
    OTHER = "other"
    SERVICE = "service"


SITUATIONS: dict[str, str] = {
    Situation.COMPENSATION: _("Jag har sex mot ersättning"),
    Situation.EXPLOITED: _("Någon utnyttjar mig"),
    Situation.BUYS: _("Jag köper sex och vill sluta"),
    Situation.RELATIVE: _("Jag är anhörig"),
    Situation.CHILD: _("Jag är under 18"),
    Situation.PROFESSIONAL: _("Jag möter någon i mitt arbete"),
    Situation.RELATIVE_OF_BUYER: _("Jag är anhörig till någon som köper sex"),
    Situation.PORN: _("Porr eller sex har tagit över mitt liv"),
    Situation.SELF_HARM: _("Jag skadar mig själv med sex"),
    Situation.OTHER: _("Något annat"),
    Situation.SERVICE: _("Skrev från verksamhetens egen sida"),
}
# Those that have a page of their own, by the number in its address; its form has the same.
TOLD_OF = (
    *(Situation.COMPENSATION, Situation.EXPLOITED, Situation.BUYS),
    *(Situation.RELATIVE, Situation.CHILD),
)
# Those that somebody may write about, by the number in the form's address.
WRITTEN_ABOUT = (
    *TOLD_OF,
    *(Situation.RELATIVE_OF_BUYER, Situation.PORN, Situation.SELF_HARM, Situation.OTHER),
)
# In the words and the order in which they are offered to who writes.
OFFERED: dict[Situation, str] = {
    one: SITUATIONS[one]
    for one in (
        *(Situation.COMPENSATION, Situation.EXPLOITED, Situation.SELF_HARM),
        *(Situation.BUYS, Situation.PORN, Situation.RELATIVE_OF_BUYER),
        *(Situation.RELATIVE, Situation.CHILD, Situation.OTHER),
    )
} | {Situation.RELATIVE: _("Jag är anhörig till någon annan, eller är osäker")}
RELATIVES = frozenset({Situation.RELATIVE, Situation.RELATIVE_OF_BUYER})
# Those in which somebody may be in danger now, she or whom she worries about: the emergency
# numbers come first there.
DANGEROUS = frozenset(
    {
        *(Situation.COMPENSATION, Situation.EXPLOITED, Situation.SELF_HARM, Situation.CHILD),
        *RELATIVES,
        Situation.OTHER,
    }
)


@dataclass(frozen=True, slots=True)
class Page:
    """A page with a text. name: what staff call it. is_needed: it may never be withdrawn."""

    code: str
    name: str
    is_needed: bool = False


START, ANSWERS, TRACKS, ACCESSIBILITY = "start", "answers", "tracks", "accessibility"
PAGES: dict[str, Page] = {
    one.code: one
    for one in (
        Page(START, _("Startsidan"), is_needed=True),
        *(Page(f"situation:{code}", SITUATIONS[code]) for code in TOLD_OF),
        Page("service:mika", _("Verksamhetssida: Mikamottagningen")),
        Page("service:kast", _("Verksamhetssida: KAST")),
        Page("service:coordinator", _("Verksamhetssida: regionkoordinatorerna")),
        Page(ANSWERS, _("Så svarar vi"), is_needed=True),
        Page(TRACKS, _("Dölj dina spår"), is_needed=True),
        Page(ACCESSIBILITY, _("Tillgänglighetsredogörelse"), is_needed=True),
    )
}
# The services that a service page tells of; another centre's services have pages by their code.
SERVICES_OF = {
    "mika": {"mika"},
    "kast": {"kast"},
    "coordinator": {"coordinator_adult", "coordinator_child"},
}

# The service pages without the emergency numbers first: whom they are for is in no danger there.
# Of a centre's own services that is not known.
CALM_PLACES = frozenset({"kast"})
# The address of each service page.
PLACES = {"mika": "mika", "kast": "kast", "coordinator": "regionkoordinator"}


def situation_page(situation: Situation) -> str:
    """The code of the page about a situation."""
    return f"situation:{situation}"


def service_page(place: str) -> str:
    """The code of the page about a service."""
    return f"service:{place}"


def numbered(number: int) -> Situation | None:
    """The situation that a form's address means by a number, from 1; None for no such."""
    return WRITTEN_ABOUT[number - 1] if 1 <= number <= len(WRITTEN_ABOUT) else None


def number_of(situation: Situation) -> int:
    """The number by which an address means the situation."""
    return WRITTEN_ABOUT.index(situation) + 1


def is_dangerous(situation: str, service: str) -> bool:
    """Whether the emergency numbers come first where she writes.

    service: whom she writes to; of who came from its own page nothing else is known.
    """
    if situation == Situation.SERVICE:
        return service not in CALM_PLACES
    return situation in DANGEROUS


def services_at(address: str) -> list[str]:
    """The codes of the services that may read what is written at the address, the first first.

    A centre's own service has its code there; one that has a place is found at the place's alone.
    """
    for place, codes in SERVICES_OF.items():
        if address == PLACES[place]:
            return sorted(codes)
        if address in codes | {place}:
            return []
    return [address]


def address_of(place: str) -> str:
    """The last part of the address where somebody writes to the service of a service page."""
    own = (at for one, at in PLACES.items() if place in SERVICES_OF[one] | {one})
    return next(own, place)


def pages_of(services: Mapping[str, str]) -> dict[str, Page]:
    """The pages of a centre that offers the services: theirs, and those that every centre has.

    services: name by code. A service that Hamn has no page for has one by its own code.
    """
    told = {code for codes in SERVICES_OF.values() for code in codes}
    absent = {
        service_page(place) for place, codes in SERVICES_OF.items() if not services.keys() & codes
    }
    own = [
        # What a centre has named itself is no sentence of ours: its braces hold no fact.
        Page(service_page(code), name.replace("{", "{{").replace("}", "}}"))
        for code, name in services.items()
        if code not in told
    ]
    found = {code: one for code, one in PAGES.items() if code not in absent}
    return found | {one.code: one for one in own}
