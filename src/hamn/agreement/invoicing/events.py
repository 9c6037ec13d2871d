"""What this room can write in the trail."""

from enum import StrEnum

from hamn.core.errors import _
from hamn.guards.audit.events import register


class Event(StrEnum):
    """Events of invoicing."""

    PROFILE_SAVED = "invoicing.profile_saved"
    RUN_PREPARED = "invoicing.run_prepared"
    RUN_WITHDRAWN = "invoicing.run_withdrawn"
    RUN_RELEASED = "invoicing.run_released"
    RUN_STARTED = "invoicing.run_started"
    RUN_RESUMED = "invoicing.run_resumed"
    RUN_ENDED = "invoicing.run_ended"
    RUN_CANCELLED = "invoicing.run_cancelled"
    ISSUED = "invoicing.issued"
    STOPPED = "invoicing.stopped"
    HANDED_OVER = "invoicing.handed_over"
    NUMBERED = "invoicing.numbered"
    IMPORTED = "invoicing.imported"
    DECIDED = "invoicing.decided"
    CREDITED = "invoicing.credited"
    DELIVERED = "invoicing.delivered"
    RECEIVED = "invoicing.received"
    PAID = "invoicing.paid"


register(
    {
        Event.PROFILE_SAVED: _("Uppgifterna om fakturering sparades."),
        Event.RUN_PREPARED: _("En faktureringskörning förbereddes."),
        Event.RUN_WITHDRAWN: _("En förberedd körning togs bort innan den godkändes."),
        Event.RUN_RELEASED: _("En förberedd körning godkändes av en annan person."),
        Event.RUN_STARTED: _("En faktureringskörning började."),
        Event.RUN_RESUMED: _("En körning fortsatte där den stannade."),
        Event.RUN_ENDED: _("En faktureringskörning slutade."),
        Event.RUN_CANCELLED: _("Någon begärde att körningen skulle avbrytas."),
        Event.ISSUED: _("En faktura utfärdades."),
        Event.STOPPED: _("En faktura stoppades av en regel för e-fakturor."),
        Event.HANDED_OVER: _("Ett fakturaunderlag lämnades till anordnarens ekonomisystem."),
        Event.NUMBERED: _("Ekonomisystemets fakturanummer togs emot."),
        Event.IMPORTED: _("En faktura som utfärdats på annat håll lästes in."),
        Event.DECIDED: _("Beslut fattades om ett uppsagt avtals år."),
        Event.CREDITED: _("En kreditfaktura utfärdades."),
        Event.DELIVERED: _("En fakturas leverans fick ett nytt läge."),
        Event.RECEIVED: _("Mottagandet av en faktura antecknades."),
        Event.PAID: _("En betalning antecknades."),
    }
)
