"""What this room can write in the trail."""

from enum import StrEnum

from hamn.core.errors import _
from hamn.guards.audit.events import register


class Event(StrEnum):
    """Events of services; a turned-away event is told without municipality, on the service."""

    LOADED = "services.loaded"
    SAVED = "services.saved"
    TURNED_AWAY = "services.turned_away"
    TAKEN_BACK = "services.taken_back"


register(
    {
        Event.LOADED: _("Verksamheterna lästes in från centrets fil."),
        Event.SAVED: _("En verksamhets uppgifter sparades."),
        Event.TURNED_AWAY: _("En hänvisning från verksamheten registrerades."),
        Event.TAKEN_BACK: _("En registrerad hänvisning togs tillbaka."),
    }
)
