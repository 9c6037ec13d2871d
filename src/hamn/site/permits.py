"""Permits of the site itself: the desk's own pages, and acts upon the whole centre."""

from hamn.guards.access.permits import holds, register
from hamn.guards.access.rules import Role

register(
    {
        "desk.see": [[holds(role)] for role in Role],
        # The overview shows each role its own; who only meets people begins with her day.
        "desk.overview": [[holds(role)] for role in Role if role != Role.CASEWORKER],
        "system.see": [[holds(Role.SYSTEM_ADMINISTRATOR)]],
        "system.back_up": [[holds(Role.SYSTEM_ADMINISTRATOR)]],
    }
)
