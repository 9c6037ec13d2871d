"""What this room can write in the trail."""

from enum import StrEnum

from hamn.core.errors import _
from hamn.guards.audit.events import register


class Event(StrEnum):
    """Events of agreements: one for each move."""

    DRAFTED = "agreements.drafted"
    SIGNED = "agreements.signed"
    NOTICE_GIVEN = "agreements.notice_given"
    ENDED = "agreements.ended"
    WITHDRAWN = "agreements.withdrawn"
    IMPORTED = "agreements.imported"


register(
    {
        Event.DRAFTED: _("Ett avtalsutkast lades upp."),
        Event.SIGNED: _("En part undertecknade avtalet."),
        Event.NOTICE_GIVEN: _("Avtalet sades upp."),
        Event.ENDED: _("Avtalet upphörde."),
        Event.WITHDRAWN: _("Avtalsutkastet återkallades."),
        Event.IMPORTED: _("Ett avtal som började på annat håll lästes in."),
    }
)
