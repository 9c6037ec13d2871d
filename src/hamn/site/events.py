"""What the site itself can write in the trail: acts upon the whole centre."""

from enum import StrEnum

from hamn.core.errors import _
from hamn.guards.audit.events import register


class Event(StrEnum):
    """Events about the centre's data as a whole."""

    BACKED_UP = "system.backed_up"
    RESTORED = "system.restored"
    COMMAND_KEY_MADE = "system.command_key_made"


register(
    {
        Event.BACKED_UP: _("En säkerhetskopia av hela centret skrevs."),
        Event.RESTORED: _("Hela centret återställdes från en säkerhetskopia."),
        Event.COMMAND_KEY_MADE: _("En person gjorde en nyckel till kommandoraden åt sig själv."),
    }
)
