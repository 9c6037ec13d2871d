"""Who may do what at the door's desk side. A dialogue is its unit's; texts are the officer's."""

from hamn.guards.access.facts import WORKERS, heads_its_unit
from hamn.guards.access.permits import holds, register
from hamn.guards.access.rules import Role

_HEAD = [[holds(Role.HEAD_OF_UNIT), heads_its_unit]]
_OFFICER = [[holds(Role.INFORMATION_OFFICER)]]

register(
    {
        "door.see": [*WORKERS, *_OFFICER],
        # Dialogues: the unit's own staff, and nobody else.
        "door.read": WORKERS,
        "door.write": WORKERS,
        "door.assign": WORKERS,
        "door.hand_over": WORKERS,
        "door.block": WORKERS,
        "door.keep": WORKERS,
        "door.publish_times": WORKERS,
        "door.save_template": WORKERS,
        "door.set_expiry": _HEAD,
        # What the decisions let go; whoever runs the system may start it, as the clock does.
        "door.expire": [[holds(Role.SYSTEM_ADMINISTRATOR)], *_HEAD],
        "door.count": [*WORKERS, [holds(Role.CONTROLLER)]],
        # The public pages' texts: who writes them meets no dialogue.
        "door.see_texts": [*_OFFICER, [holds(Role.HEAD_OF_UNIT)]],
        # The texts that come with Hamn, at setup.
        "door.load_texts": [[holds(Role.SYSTEM_ADMINISTRATOR)]],
        "door.edit_texts": _OFFICER,
        "door.publish_texts": _OFFICER,
        "door.approve_language": _OFFICER,
    }
)
