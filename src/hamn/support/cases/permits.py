"""Who may do what with cases. A page opens by role; a case by the walls (queries/walls.py)."""

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from hamn.guards.access.permits import holds, register
from hamn.guards.access.queries import headed_units, member_units
from hamn.guards.access.rules import Role
from hamn.register.staff import queries as staff

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
# A mail server hands letters over by a command: whoever runs it seals them and reads none.
_TAKE_MAIL = [*_WORKERS, [holds(Role.SYSTEM_ADMINISTRATOR)]]


def heads_its_unit(person: "Person", thing: Any) -> bool:
    """The fact that the person heads the thing's unit; the page itself needs any unit."""
    units = headed_units(person)
    return bool(units) if thing is None else getattr(thing, "unit", thing) in units


def covers_its_unit(person: "Person", thing: Any) -> bool:
    """The fact that the person is the unit's accepted cover today; the page needs any unit."""
    units = staff.covers(person, timezone.localdate())
    return bool(units) if thing is None else getattr(thing, "unit", thing) in units


register({"cases.see": _WORKERS, "cases.write": _WORKERS, "cases.assign": _WORKERS})
register({"cases.share": _WORKERS, "cases.decide_disclosure": _WORKERS})
register(
    {
        "cases.answer_request": _WORKERS,
        # What withholds anything is decided by a head, or by the unit's cover.
        "cases.decide_request": [
            [holds(Role.HEAD_OF_UNIT), heads_its_unit],
            [holds(Role.CASEWORKER), covers_its_unit],
        ],
    }
)
register({"cases.take_mail": _TAKE_MAIL})
# Exact counts of one's own units; of all only totals, and of those not the small ones.
register(
    {
        "cases.count": _WORKERS,
        "cases.count_all": [[holds(Role.CONTROLLER)], [holds(Role.HEAD_OF_UNIT)]],
    }
)
register(
    {
        "cases.search": _WORKERS,
        "cases.break_glass": _WORKERS,
        # A head gives cases without asking the receiver first.
        "cases.assign_at_once": [[holds(Role.HEAD_OF_UNIT), heads_its_unit]],
        # A unit's cover signs where its only head cannot: what she did herself.
        "cases.review": [
            [holds(Role.HEAD_OF_UNIT), heads_its_unit],
            [holds(Role.CASEWORKER), covers_its_unit],
        ],
    }
)
