"""What this room can write in the trail."""

from enum import StrEnum

from hamn.core.errors import _
from hamn.guards.audit.events import register


class Event(StrEnum):
    """Events of follow-up."""

    TOTAL_ENTERED = "followup.total_entered"
    TOTAL_CORRECTED = "followup.total_corrected"


register(
    {
        Event.TOTAL_ENTERED: _("En publicerad siffra lades in."),
        Event.TOTAL_CORRECTED: _("En publicerad siffra rättades; den förra finns kvar."),
    }
)
