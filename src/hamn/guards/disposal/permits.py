"""Who may do what with disposal.

Who belongs to a unit sees and plans; its head approves what another planned. A unit with one head
cannot approve what she planned herself: then the head of another unit does, who sees counts and
days but no record. Who runs the system sees states and counts, and may start what is approved.
"""

from typing import TYPE_CHECKING, Any

from hamn.guards.access.permits import acting_heads, holds, register
from hamn.guards.access.queries import is_head, is_member
from hamn.guards.access.rules import Role

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


def belongs(person: "Person", thing: Any) -> bool:
    """The fact that the person belongs to the thing's unit; the page itself needs no unit."""
    return thing is None or is_member(person, thing.unit)


def heads(person: "Person", thing: Any) -> bool:
    """The fact that the person heads the thing's unit; the page itself needs no unit."""
    return thing is None or is_head(person, thing.unit)


def stands_in(person: "Person", thing: Any) -> bool:
    """The fact that the person heads another unit, and this one has no head but the planner."""
    if thing is None:
        return True
    of_unit = acting_heads().filter(unit=thing.unit).exclude(person_id=thing.made_by_id)
    return not of_unit.exists() and acting_heads().filter(person_id=person.pk).exists()


_HEAD, _WORKER = holds(Role.HEAD_OF_UNIT), holds(Role.CASEWORKER)
_ADMINISTRATOR = holds(Role.SYSTEM_ADMINISTRATOR)
_UNITS_OWN = [[_HEAD, heads], [_WORKER, belongs]]

register(
    {
        "disposal.see": [[_HEAD], [_WORKER], [_ADMINISTRATOR]],
        "disposal.plan": _UNITS_OWN,
        "disposal.exclude": _UNITS_OWN,
        "disposal.hold": _UNITS_OWN,
        "disposal.approve": [[_HEAD, heads], [_HEAD, stands_in]],
        "disposal.withdraw": _UNITS_OWN,
        "disposal.run": [[_HEAD, heads], [_ADMINISTRATOR]],
        "disposal.record_earlier": [[_HEAD, heads], [_ADMINISTRATOR]],
    }
)
