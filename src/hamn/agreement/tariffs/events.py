"""What this room can write in the trail."""

from enum import StrEnum

from hamn.core.errors import _
from hamn.guards.audit.events import register


class Event(StrEnum):
    """Events of tariffs."""

    ADOPTED = "tariffs.adopted"
    FROZEN = "tariffs.frozen"


register(
    {
        Event.ADOPTED: _("En taxa lades upp."),
        Event.FROZEN: _("Taxan låstes när ett avtal hänvisade till den."),
    }
)
