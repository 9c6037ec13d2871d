"""Who may do what with consultations: a question is its unit's, counts are more people's."""

from typing import TYPE_CHECKING, Any

from hamn.guards.access.permits import holds, register
from hamn.guards.access.queries import member_units
from hamn.guards.access.rules import Role

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


def belongs_to_its_unit(person: "Person", thing: Any) -> bool:
    """The fact that the person belongs to the thing's unit; the page itself needs any unit."""
    units = member_units(person)
    return bool(units) if thing is None else getattr(thing, "unit", thing) in units


_WORKERS = [
    [holds(Role.CASEWORKER), belongs_to_its_unit],
    [holds(Role.HEAD_OF_UNIT), belongs_to_its_unit],
]
_COUNTERS = [[holds(Role.CONTROLLER)], [holds(Role.HEAD_OF_UNIT)]]

register(
    {
        "consultations.see": [*_WORKERS, *_COUNTERS],
        "consultations.read": _WORKERS,
        "consultations.log": _WORKERS,
        "consultations.answer": _WORKERS,
        "consultations.hand_over": _WORKERS,
        # One's own units exactly; the whole centre with the small counts left out.
        "consultations.count": _WORKERS,
        "consultations.count_all": _COUNTERS,
    }
)
