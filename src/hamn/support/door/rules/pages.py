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


SITUATIONS: dict[str, str] = {
    Situation.COMPENSATION: _("Jag har sex mot ersättning"),
    Situation.EXPLOITED: _("Någon utnyttjar mig"),
    Situation.BUYS: _("Jag köper sex och vill sluta"),
    Situation.RELATIVE: _("Jag är anhörig"),
    Situation.CHILD: _("Jag är under 18"),
    Situation.PROFESSIONAL: _("Jag möter någon i mitt arbete"),
}
# Those in which somebody may be in danger now, she or whom she worries about: the emergency
# numbers come first there.
DANGEROUS = frozenset(
    {Situation.COMPENSATION, Situation.EXPLOITED, Situation.RELATIVE, Situation.CHILD}
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
        *(
            Page(f"situation:{code}", SITUATIONS[code])
            for code in Situation
            if code is not Situation.PROFESSIONAL
        ),
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
    """The situation that an address means by a number, from 1; None for no such."""
    situations = [one for one in Situation if one is not Situation.PROFESSIONAL]
    return situations[number - 1] if 1 <= number <= len(situations) else None


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
