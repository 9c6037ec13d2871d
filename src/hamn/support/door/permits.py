"""Who may do what at the door's desk side. A dialogue is its unit's; texts are the officer's."""

from typing import TYPE_CHECKING, Any

from hamn.guards.access.permits import holds, register
from hamn.guards.access.queries import headed_units, member_units
from hamn.guards.access.rules import Role

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


def belongs_to_its_unit(person: "Person", thing: Any) -> bool:
    """The fact that the person belongs to the thing's unit; the page itself needs any unit."""
    units = member_units(person)
    return bool(units) if thing is None else getattr(thing, "unit", thing) in units


def heads_its_unit(person: "Person", thing: Any) -> bool:
    """The fact that the person heads the thing's unit; the page itself needs any unit."""
    units = headed_units(person)
    return bool(units) if thing is None else getattr(thing, "unit", thing) in units


_WORKERS = [
    [holds(Role.CASEWORKER), belongs_to_its_unit],
    [holds(Role.HEAD_OF_UNIT), belongs_to_its_unit],
]
_HEAD = [[holds(Role.HEAD_OF_UNIT), heads_its_unit]]
_OFFICER = [[holds(Role.INFORMATION_OFFICER)]]

register(
    {
        "door.see": [*_WORKERS, *_OFFICER],
        # Dialogues: the unit's own staff, and nobody else.
        "door.read": _WORKERS,
        "door.write": _WORKERS,
        "door.assign": _WORKERS,
        "door.hand_over": _WORKERS,
        "door.block": _WORKERS,
        "door.keep": _WORKERS,
        "door.publish_times": _WORKERS,
        "door.save_template": _WORKERS,
        "door.set_expiry": _HEAD,
        # What the decisions let go; whoever runs the system may start it, as the clock does.
        "door.expire": [[holds(Role.SYSTEM_ADMINISTRATOR)], *_HEAD],
        "door.count": [*_WORKERS, [holds(Role.CONTROLLER)]],
        # The public pages' texts: who writes them meets no dialogue.
        "door.see_texts": [*_OFFICER, [holds(Role.HEAD_OF_UNIT)]],
        # The texts that come with Hamn, at setup.
        "door.load_texts": [[holds(Role.SYSTEM_ADMINISTRATOR)]],
        "door.edit_texts": _OFFICER,
        "door.publish_texts": _OFFICER,
        "door.approve_language": _OFFICER,
    }
)
