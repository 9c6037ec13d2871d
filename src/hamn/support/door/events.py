"""Events of the door: what staff and the system do.

What a person does at the door is not in the trail: its exact hours would tell of her, and the
public process has no way to the trail at all (docs/adr/0024).
"""

from enum import StrEnum

from hamn.core.errors import _
from hamn.guards.audit.events import register


class Event(StrEnum):
    """What the door writes in the trail."""

    DIALOGUE_OPENED = "door.dialogue_opened"
    DIALOGUES_LISTED = "door.dialogues_listed"
    DIALOGUE_READ = "door.dialogue_read"
    MESSAGE_WRITTEN = "door.message_written"
    DIALOGUE_ASSIGNED = "door.dialogue_assigned"
    DIALOGUE_HANDED = "door.dialogue_handed"
    DIALOGUE_LINKED = "door.dialogue_linked"
    DIALOGUE_UNLINKED = "door.dialogue_unlinked"
    DIALOGUE_BLOCKED = "door.dialogue_blocked"
    DIALOGUE_UNBLOCKED = "door.dialogue_unblocked"
    REACH_READ = "door.reach_read"
    REACH_ERASED = "door.reach_erased"
    CALLED_BACK = "door.called_back"
    NOTICE_SENT = "door.notice_sent"
    CONTENT_KEPT = "door.content_kept"
    CONTENT_RELEASED = "door.content_released"
    CONTENT_ERASED = "door.content_erased"
    CHANNELS_REMOVED = "door.channels_removed"
    EXPIRY_RULE_SET = "door.expiry_rule_set"
    EXPIRY_RULE_ENDED = "door.expiry_rule_ended"
    TEMPLATE_SAVED = "door.template_saved"
    TEMPLATE_REMOVED = "door.template_removed"
    SLOT_PUBLISHED = "door.slot_published"
    SLOT_WITHDRAWN = "door.slot_withdrawn"
    BOOKING_CANCELLED = "door.booking_cancelled"
    BOOKED_FOR = "door.booked_for"
    CALENDAR_KEY_MADE = "door.calendar_key_made"
    CALENDAR_KEY_REMOVED = "door.calendar_key_removed"
    TEXT_SAVED = "door.text_saved"
    TEXT_PUBLISHED = "door.text_published"
    TEXT_WITHDRAWN = "door.text_withdrawn"
    LANGUAGE_APPROVED = "door.language_approved"
    LANGUAGE_WITHDRAWN = "door.language_withdrawn"


register(
    {
        Event.DIALOGUE_OPENED: _("Dialog öppnad åt någon som ringde eller kom."),
        Event.DIALOGUES_LISTED: _("Inkorgen visad."),
        Event.DIALOGUE_READ: _("Dialog läst."),
        Event.MESSAGE_WRITTEN: _("Meddelande eller anteckning skrivet i dialog."),
        Event.DIALOGUE_ASSIGNED: _("Dialog tilldelad."),
        Event.DIALOGUE_HANDED: _("Dialog överlämnad till en annan enhet."),
        Event.DIALOGUE_LINKED: _("Dialog kopplad till ett ärende."),
        Event.DIALOGUE_UNLINKED: _("Dialogens koppling till ett ärende borttagen."),
        Event.DIALOGUE_BLOCKED: _("Avsändare spärrad."),
        Event.DIALOGUE_UNBLOCKED: _("Spärr av avsändare hävd."),
        Event.REACH_READ: _("Uppgift om hur personen vill nås läst."),
        Event.REACH_ERASED: _("Nummer och adresser till skyddade personer raderade."),
        Event.CALLED_BACK: _("Personen uppringd."),
        Event.NOTICE_SENT: _("Neutral avisering skickad."),
        Event.CONTENT_KEPT: _("Dialogens innehåll behövs fortfarande."),
        Event.CONTENT_RELEASED: _("Dialogens innehåll behövs inte längre."),
        Event.CONTENT_ERASED: _("Dialogers innehåll raderat."),
        Event.CHANNELS_REMOVED: _("Tomma dialoger borttagna."),
        Event.EXPIRY_RULE_SET: _("Regel för radering av dialoger införd."),
        Event.EXPIRY_RULE_ENDED: _("Regel för radering av dialoger avslutad."),
        Event.TEMPLATE_SAVED: _("Svarsmall sparad."),
        Event.TEMPLATE_REMOVED: _("Svarsmall borttagen."),
        Event.SLOT_PUBLISHED: _("Tid publicerad."),
        Event.SLOT_WITHDRAWN: _("Tid indragen."),
        Event.BOOKING_CANCELLED: _("Bokning avbokad av personal."),
        Event.BOOKED_FOR: _("Tid bokad åt någon som ringde eller kom."),
        Event.CALENDAR_KEY_MADE: _("Kalendernyckel skapad."),
        Event.CALENDAR_KEY_REMOVED: _("Kalendernyckel borttagen."),
        Event.TEXT_SAVED: _("Webbtext sparad."),
        Event.TEXT_PUBLISHED: _("Webbtext publicerad."),
        Event.TEXT_WITHDRAWN: _("Webbtext avpublicerad."),
        Event.LANGUAGE_APPROVED: _("Språk granskat och godkänt."),
        Event.LANGUAGE_WITHDRAWN: _("Språk avpublicerat."),
    }
)
