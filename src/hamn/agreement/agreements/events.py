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

# What an entry's facts add to its sentence, in this order; sides and methods are Hamn's own words.
FACTS: dict[str, str] = {
    "side": _("av {side}"),
    "from_side": _("av {from_side}"),
    "method": _("{method}"),
    "signed_on": _("undertecknat {signed_on}"),
    "received": _("mottagen {received}"),
    "index_base_year": _("basår för index {index_base_year}"),
    "starts_on": _("gäller från {starts_on}"),
    "ends_on": _("sista dag {ends_on}"),
    "reason": _("skäl: {reason}"),
}
