"""Permits of the site itself: the desk's own pages, and acts upon the whole centre."""

from hamn.guards.access.permits import holds, register
from hamn.guards.access.rules import Role

register(
    {
        # The overview shows each role its own; without a role there is nothing to see.
        "desk.see": [[holds(role)] for role in Role],
        "system.see": [[holds(Role.SYSTEM_ADMINISTRATOR)]],
        "system.back_up": [[holds(Role.SYSTEM_ADMINISTRATOR)]],
    }
)
