"""What this room can write in the trail: about keys, never about what they open."""

from enum import StrEnum

from hamn.core.errors import _
from hamn.guards.audit.events import register


class Event(StrEnum):
    """Events about units' keys."""

    UNIT_ADDED = "vault.unit_added"
    UNSEALED = "vault.unsealed"
    LOCKED = "vault.locked"
    KEY_ROTATED = "vault.key_rotated"
    PASSPHRASE_ADDED = "vault.passphrase_added"  # noqa: S105 the name of an event
    PASSPHRASE_REMOVED = "vault.passphrase_removed"  # noqa: S105 the name of an event


register(
    {
        Event.UNIT_ADDED: _("En enhet fick sin nyckel i valvet."),
        Event.UNSEALED: _("En enhets nyckel öppnades med lösenfras."),
        Event.LOCKED: _("En enhets nyckel stängdes."),
        Event.KEY_ROTATED: _("En enhets nyckel byttes, och den gamla förstördes."),
        Event.PASSPHRASE_ADDED: _("En lösenfras lades till för en enhets nyckel."),
        Event.PASSPHRASE_REMOVED: _("En lösenfras togs bort för en enhets nyckel."),
    }
)
