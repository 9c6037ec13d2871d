"""What this room can write in the trail."""

from enum import StrEnum

from hamn.core.errors import _
from hamn.guards.audit.events import register


class Event(StrEnum):
    """Events about people, about signing in, and about refusals."""

    PERSON_ADDED = "access.person_added"
    PERSON_INVITED = "access.person_invited"
    LINK_SENT = "access.link_sent"
    ROLES_CHANGED = "access.roles_changed"
    PERSON_LEFT = "access.person_left"
    PERSON_CAME_BACK = "access.person_came_back"
    SIGNED_IN = "access.signed_in"
    SIGN_IN_FAILED = "access.sign_in_failed"
    SIGNED_OUT = "access.signed_out"
    SESSION_ENDED = "access.session_ended"
    PASSWORD_SET = "access.password_set"  # noqa: S105 the name of an event
    SECOND_FACTOR_ADDED = "access.second_factor_added"
    SECOND_FACTOR_REMOVED = "access.second_factor_removed"
    SECOND_FACTOR_RESET = "access.second_factor_reset"
    RECOVERY_CODES_MADE = "access.recovery_codes_made"
    DEMO_PREPARED = "access.demo_prepared"
    MEMBER_PROPOSED = "access.member_proposed"
    MEMBER_GRANTED = "access.member_granted"
    HEADSHIP_ACCEPTED = "access.headship_accepted"
    MEMBER_ENDED = "access.member_ended"
    REFUSED = "access.refused"


register(
    {
        Event.PERSON_ADDED: _("En person lades till med sina roller."),
        Event.PERSON_INVITED: _("En person bjöds in med sina roller."),
        Event.LINK_SENT: _("En länk för att välja lösenord skickades."),
        Event.ROLES_CHANGED: _("En persons roller ändrades."),
        Event.PERSON_LEFT: _("En person slutade; kontot stängdes."),
        Event.PERSON_CAME_BACK: _("En person som hade slutat kom tillbaka."),
        Event.SIGNED_IN: _("En person loggade in."),
        Event.SIGN_IN_FAILED: _("Ett försök att logga in misslyckades."),
        Event.SIGNED_OUT: _("En person loggade ut."),
        Event.SESSION_ENDED: _("En person avslutade sina inloggningar på andra ställen."),
        Event.PASSWORD_SET: _("Ett lösenord valdes."),
        Event.SECOND_FACTOR_ADDED: _("En andra faktor lades till."),
        Event.SECOND_FACTOR_REMOVED: _("En andra faktor togs bort."),
        Event.SECOND_FACTOR_RESET: _("En persons andra faktor togs bort av en administratör."),
        Event.RECOVERY_CODES_MADE: _("Nya reservkoder gjordes."),
        Event.DEMO_PREPARED: _("En inloggning för demonstrationen förbereddes."),
        Event.MEMBER_PROPOSED: _("En person föreslogs till en enhet."),
        Event.MEMBER_GRANTED: _("En chef beslutade att en person hör till enheten."),
        Event.HEADSHIP_ACCEPTED: _("En chef tog själv över en enhet som saknade chef."),
        Event.MEMBER_ENDED: _("En persons medlemskap i en enhet avslutades."),
        Event.REFUSED: _("Hamn nekade en åtgärd."),
    }
)
