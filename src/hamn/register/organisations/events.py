"""What this room can write in the trail."""

from enum import StrEnum

from hamn.core.errors import _
from hamn.guards.audit.events import register


class Event(StrEnum):
    """Events of the register."""

    REFERENCE_LOADED = "organisations.reference_loaded"
    PARTY_SAVED = "organisations.party_saved"
    POPULATION_IMPORTED = "organisations.population_imported"


register(
    {
        Event.REFERENCE_LOADED: _("Län, kommuner och folkmängd lästes in."),
        Event.PARTY_SAVED: _("Uppgifter om en part sparades."),
        Event.POPULATION_IMPORTED: _("Folkmängd för ett år lästes in."),
    }
)
