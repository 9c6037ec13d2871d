"""What this room can write in the trail."""

from enum import StrEnum

from hamn.core.errors import _
from hamn.guards.audit.events import register


class Event(StrEnum):
    """Events of the register."""

    REFERENCE_LOADED = "organisations.reference_loaded"
    PARTY_SAVED = "organisations.party_saved"
    CONTACT_SAVED = "organisations.contact_saved"
    CONTACT_ENDED = "organisations.contact_ended"
    POPULATION_IMPORTED = "organisations.population_imported"


register(
    {
        Event.REFERENCE_LOADED: _("Län, kommuner och folkmängd lästes in."),
        Event.PARTY_SAVED: _("Uppgifter om en part sparades."),
        Event.CONTACT_SAVED: _("En kontaktperson sparades."),
        Event.CONTACT_ENDED: _("En kontaktperson fick ett slutdatum."),
        Event.POPULATION_IMPORTED: _("Folkmängd för ett år lästes in."),
    }
)
