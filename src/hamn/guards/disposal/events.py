"""What this room can write in the trail: lists and counts, never a record."""

from enum import StrEnum

from hamn.core.errors import _
from hamn.guards.audit.events import register


class Event(StrEnum):
    """Events of disposal."""

    PLANNED = "disposal.planned"
    EXCLUDED = "disposal.excluded"
    APPROVED = "disposal.approved"
    WITHDRAWN = "disposal.withdrawn"
    STARTED = "disposal.started"
    RESUMED = "disposal.resumed"
    DESTROYED = "disposal.destroyed"
    ENDED = "disposal.ended"
    HOLD_PLACED = "disposal.hold_placed"
    HOLD_LIFTED = "disposal.hold_lifted"
    EARLIER_RECORDED = "disposal.earlier_recorded"


register(
    {
        Event.PLANNED: _("En gallringslista togs fram."),
        Event.EXCLUDED: _("En uppgift undantogs ur en gallringslista."),
        Event.APPROVED: _("En gallringslista godkändes av en annan person."),
        Event.WITHDRAWN: _("En gallringslista drogs tillbaka."),
        Event.STARTED: _("En gallring började."),
        Event.RESUMED: _("En gallring fortsatte där den stannade."),
        Event.DESTROYED: _("En omgång av en gallring förstördes."),
        Event.ENDED: _("En gallring slutade; nycklarna är bytta och beviset är skrivet."),
        Event.HOLD_PLACED: _("En uppgift undantogs från gallring till en viss dag."),
        Event.HOLD_LIFTED: _("Ett undantag från gallring togs bort."),
        Event.EARLIER_RECORDED: _("En gallring som gjordes före Hamn antecknades."),
    }
)
