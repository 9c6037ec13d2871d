"""Who may do what with cases. A page opens by role; a case by the walls (queries/walls.py)."""

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from hamn.guards.access.facts import WORKERS, heads_its_unit, is_among
from hamn.guards.access.permits import holds, register
from hamn.guards.access.rules import Role
from hamn.register.staff import queries as staff

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


# A mail server hands letters over by a command: whoever runs it seals them and reads none.
_TAKE_MAIL = [*WORKERS, [holds(Role.SYSTEM_ADMINISTRATOR)]]


def covers_its_unit(person: "Person", thing: Any) -> bool:
    """The fact that the person is the unit's accepted cover today; the page needs any unit."""
    return is_among(staff.covers(person, timezone.localdate()), thing)


register({"cases.see": WORKERS, "cases.write": WORKERS, "cases.assign": WORKERS})
register({"cases.share": WORKERS, "cases.decide_disclosure": WORKERS})
register(
    {
        "cases.answer_request": WORKERS,
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
        "cases.count": WORKERS,
        "cases.count_all": [[holds(Role.CONTROLLER)], [holds(Role.HEAD_OF_UNIT)]],
    }
)
register(
    {
        "cases.search": WORKERS,
        "cases.break_glass": WORKERS,
        # A head gives cases without asking the receiver first.
        "cases.assign_at_once": [[holds(Role.HEAD_OF_UNIT), heads_its_unit]],
        # A unit's cover signs where its only head cannot: what she did herself.
        "cases.review": [
            [holds(Role.HEAD_OF_UNIT), heads_its_unit],
            [holds(Role.CASEWORKER), covers_its_unit],
        ],
    }
)
