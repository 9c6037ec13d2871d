"""Events of consultations: what staff do. A question from the web leaves none (door/events.py)."""

from enum import StrEnum

from hamn.core.errors import _
from hamn.guards.audit.events import register


class Event(StrEnum):
    """What this room writes in the trail; a sealed row is named by its keyed id."""

    READ = "consultations.read"
    LOGGED = "consultations.logged"
    TAKEN = "consultations.taken"
    ANSWERED = "consultations.answered"
    HANDED = "consultations.handed"
    CORRECTED = "consultations.corrected"
    REMOVED = "consultations.removed"


register(
    {
        Event.READ: _("Konsultation läst."),
        Event.LOGGED: _("Konsultation eller handledning antecknad."),
        Event.TAKEN: _("Konsultation tagen av någon i enheten."),
        Event.ANSWERED: _("Konsultation besvarad eller hänvisad vidare."),
        Event.HANDED: _("Konsultation lämnad till en annan enhet."),
        Event.CORRECTED: _("Konsultation rättad."),
        Event.REMOVED: _("Felaktig konsultation borttagen."),
    }
)
