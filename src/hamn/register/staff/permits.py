"""Who may do what with units, posts, absences and covers."""

from typing import TYPE_CHECKING, Any

from hamn.guards.access import queries as access
from hamn.guards.access.permits import holds, register
from hamn.guards.access.rules import Role

from .models import Absence, Cover, Post, Unit

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


def heads_unit(person: "Person", thing: Unit | Post | Cover | None) -> bool:
    """The fact that the person heads the thing's unit; the page itself needs no unit."""
    return thing is None or access.is_head(person, unit_of(thing))


def unit_of(thing: Unit | Post | Cover) -> str:
    """The code of the unit that the thing is about."""
    match thing:
        case Unit():
            return thing.code
        case Post():
            return thing.unit_id
        case Cover():
            return thing.membership.unit


def is_hers(person: "Person", thing: Any) -> bool:
    """The fact that the absence or the cover is the person's own; the page itself needs none."""
    if isinstance(thing, Cover):
        return thing.membership.person_id == person.pk
    return thing is None or thing.person_id == person.pk


def heads_the_absent(person: "Person", thing: Absence | None) -> bool:
    """The fact that the person heads a unit that the absent one belongs to."""
    if thing is None:
        return True
    return bool(access.headed_units(person) & access.member_units(thing.person))


_KEEPERS = [[holds(Role.SYSTEM_ADMINISTRATOR)], [holds(Role.HEAD_OF_UNIT), heads_unit]]
_ABSENT = [
    [holds(Role.CASEWORKER), is_hers],
    [holds(Role.HEAD_OF_UNIT), is_hers],
    [holds(Role.HEAD_OF_UNIT), heads_the_absent],
]

register(
    {
        "staff.see": [
            [holds(Role.SYSTEM_ADMINISTRATOR)],
            [holds(Role.HEAD_OF_UNIT)],
            [holds(Role.CASEWORKER)],
        ],
        "staff.save_unit": [[holds(Role.SYSTEM_ADMINISTRATOR)]],
        "staff.save_post": _KEEPERS,
        "staff.fill_post": _KEEPERS,
        "staff.save_absence": _ABSENT,
        "staff.withdraw_absence": _ABSENT,
        "staff.offer_cover": _KEEPERS,
        # Nobody takes on a duty for another.
        "staff.accept_cover": [[holds(Role.CASEWORKER), is_hers]],
        "staff.end_cover": [*_KEEPERS, [holds(Role.CASEWORKER), is_hers]],
    }
)
