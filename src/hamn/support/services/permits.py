"""Who may do what with services."""

from typing import TYPE_CHECKING, Any

from hamn.guards.access.permits import acting_heads, holds, register
from hamn.guards.access.queries import is_head, is_member, member_units
from hamn.guards.access.rules import Role

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


def belongs(person: "Person", thing: Any) -> bool:
    """The fact that the person belongs to the service's unit; the page itself needs any unit."""
    return bool(member_units(person)) if thing is None else is_member(person, thing.unit)


def heads(person: "Person", thing: Any) -> bool:
    """The fact that the person heads the service's unit; the page itself needs any unit."""
    if thing is None:
        return person.pk is not None and acting_heads().filter(person=person).exists()
    return person.pk is not None and is_head(person, thing.unit)


_UNIT = [[holds(Role.CASEWORKER), belongs], [holds(Role.HEAD_OF_UNIT), belongs]]

register(
    {
        "services.see": [[holds(role)] for role in Role],
        "services.load_services": [[holds(Role.SYSTEM_ADMINISTRATOR)]],
        "services.save_service": [
            [holds(Role.SYSTEM_ADMINISTRATOR)],
            [holds(Role.HEAD_OF_UNIT), heads],
        ],
        "services.turn_away": _UNIT,
        "services.take_back": _UNIT,
        # Exact counts of a unit; others meet them protected, in the follow-up.
        "services.count_turned_away": _UNIT,
    }
)
