"""What this room can write in the trail."""

from enum import StrEnum

from hamn.core.errors import _
from hamn.guards.audit.events import register


class Event(StrEnum):
    """Events about people and about refusals."""

    PERSON_ADDED = "access.person_added"
    REFUSED = "access.refused"


register(
    {
        Event.PERSON_ADDED: _("En person lades till med sina roller."),
        Event.REFUSED: _("Hamn nekade en åtgärd."),
    }
)
