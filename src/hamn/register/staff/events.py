"""What this room can write in the trail."""

from enum import StrEnum

from hamn.core.errors import _
from hamn.guards.audit.events import register


class Event(StrEnum):
    """Events about units, posts, absences and covers."""

    UNIT_SAVED = "staff.unit_saved"
    POST_SAVED = "staff.post_saved"
    POST_FILLED = "staff.post_filled"
    ABSENCE_SAVED = "staff.absence_saved"
    ABSENCE_WITHDRAWN = "staff.absence_withdrawn"
    COVER_OFFERED = "staff.cover_offered"
    COVER_ACCEPTED = "staff.cover_accepted"
    COVER_ENDED = "staff.cover_ended"


register(
    {
        Event.UNIT_SAVED: _("En enhet sparades."),
        Event.POST_SAVED: _("En befattning sparades."),
        Event.POST_FILLED: _("En befattning fick en ny innehavare eller blev vakant."),
        Event.ABSENCE_SAVED: _("En frånvaro registrerades eller ändrades."),
        Event.ABSENCE_WITHDRAWN: _("En frånvaro togs bort."),
        Event.COVER_OFFERED: _("En person tillfrågades som ersättare i en enhet."),
        Event.COVER_ACCEPTED: _("En person tackade ja till att vara ersättare i en enhet."),
        Event.COVER_ENDED: _("Ett uppdrag som ersättare avslutades."),
    }
)
